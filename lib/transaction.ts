/**
 * Transactions by hand: making, committing, retrying and ending them, and what every call asks of one.
 */

import { checkedOptions, boolean, wholeNumber } from './arguments.js'
import { closedError, databaseState, openHandle } from './database.js'
import type { Database, DatabaseState, OptionArgument } from './database.js'
import { errorNumber, failed, FdbError, findFdbError, FoundError } from './errors.js'
import { native, type TransactionHandle } from './native.js'
import type { TransactionOptionValues } from './options.generated.js'

/** How a transaction went. */
export interface TransactionStats {
  /** How many attempts failed before the one that committed. */
  readonly retries: number
  /** Milliseconds from making the transaction to its commit. */
  readonly elapsed: number
  /** The approximate size of what was committed. */
  readonly commitBytes: number
}

/** How to make a transaction. */
export interface MakeOptions {
  /** All reads are snapshot reads, which add no conflicts, and writes are refused. */
  readonly snapshot?: boolean | undefined
}

/** The handle of all transactions that have ended: what is asked of it gets 1025. */
const ENDED = native.endedTransaction()

/**
 * Handles of transactions that have ended, for others: one that is thrown away is freed in a turn of the event loop, and a
 * long loop of transactions may have none.
 *
 * @internal
 */
export const usedHandles: TransactionHandle[] = []
const USED_HANDLES_MAX = 1000

/** @internal */
export class TransactionState {
  /** That of this transaction until it ends, so never to be kept over a wait. */
  handle: TransactionHandle
  readonly database: DatabaseState
  readonly snapshot: boolean
  /** Nothing may use it any more. */
  over = false
  /** The attempt has come to its commit, so that what waits for the commit may be waited for. */
  decided = false
  committed = false
  /** Counts attempts and resets: what belongs to an earlier one cannot be used in a later one. */
  epoch = 0
  attempt = 1
  maybeCommitted = false
  /** Most transactions have no use for one. */
  #vars: Record<PropertyKey, unknown> | undefined
  /** How many user versions of versionstamps the attempt has given out. */
  stamps = 0
  /** What runs around its commit, if something does. */
  aroundCommit: ((commit: () => Promise<void> | undefined) => Promise<void>) | undefined
  /** Why it was given up, if it was: by a signal, or because its time is over. */
  givenUp: { readonly reason: unknown } | undefined
  /** Ends the wait of the one who runs it. */
  #leave: ((reason: unknown) => void) | undefined
  /** Ends it when its time is over. */
  #timer: NodeJS.Timeout | undefined
  /** What is to be undone when it ends. */
  #undo: (() => void)[] | undefined

  constructor(handle: TransactionHandle, database: DatabaseState, snapshot: boolean) {
    this.handle = handle
    this.database = database
    this.snapshot = snapshot
  }

  /** Room for what belongs to the attempt. */
  get vars(): Record<PropertyKey, unknown> {
    return (this.#vars ??= Object.create(null) as Record<PropertyKey, unknown>)
  }

  /** Makes ready for another attempt, or, with no error, for a first one. */
  restart(after?: FdbError): void {
    this.epoch += 1
    this.decided = false
    this.committed = false
    this.attempt = after === undefined ? 1 : this.attempt + 1
    this.maybeCommitted = after !== undefined && after.maybeCommitted
    this.#vars = undefined
    this.stamps = 0
  }

  /** Itself, if it may be used. */
  checked(): this {
    if (this.database.closing !== undefined) throw closedError()
    if (this.givenUp !== undefined) throw this.givenUp.reason
    if (this.over) throw overError('the transaction has ended: it was used after its body, or after it was disposed of')
    return this
  }

  /** Gives it up when the signal is aborted. */
  obey(signal: AbortSignal): void {
    const abort = (): void => this.#giveUp(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    this.#atEnd(() => signal.removeEventListener('abort', abort))
  }

  /**
   * Gives it up when it has lasted so many milliseconds, by default those of its database, and a little longer:
   * FoundationDB, which has been told as well, comes first, but may be silent for as long as it has not found its cluster.
   */
  endAfter(timeout = this.database.timeout): void {
    if (timeout === undefined || timeout === 0) return
    this.#startTimer(timeout)
    this.#atEnd(() => clearTimeout(this.#timer))
  }

  #atEnd(undo: () => void): void {
    this.#undo = [...(this.#undo ?? []), undo]
  }

  /** Another timeout holds from now on, where one held: one that was set, or after a reset that of its database. */
  changeTimeout(timeout = this.database.timeout ?? 0): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#startTimer(timeout)
  }

  #startTimer(timeout: number): void {
    const late = (): void => {
      // What a busy event loop has kept waiting is heard first.
      setImmediate(() => {
        if (this.#timer !== timer || this.committed) return
        this.#giveUp(new FdbError(TIMED_OUT, native.timeoutText(this.database.handle)))
      })
    }
    const timer = setTimeout(late, Math.min(timeout + TIMEOUT_GRACE, 0x7fffffff))
    timer.unref()
    this.#timer = timer
    if (timeout === 0) clearTimeout(timer)
  }

  #giveUp(reason: unknown): void {
    if (this.over || this.givenUp !== undefined) return
    this.givenUp = { reason }
    native.cancel(this.handle)
    this.#leave?.(reason)
  }

  /** Whether something may give it up: a signal or a timeout. */
  get canBeGivenUp(): boolean {
    return this.#undo !== undefined
  }

  /** What `work` gives, unless the transaction is given up first: then that is heard at once. */
  unlessGivenUp<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#leave = reject
      work().then(resolve, reject)
    })
  }

  /** Ends it; what it has not committed is gone. */
  end(): void {
    if (this.over) return
    this.over = true
    this.decided = true
    if (this.#undo !== undefined) for (const undo of this.#undo) undo()
    this.#vars = undefined
    const handle = this.handle
    this.handle = ENDED
    native.release(handle)
    if (usedHandles.length < USED_HANDLES_MAX) usedHandles.push(handle)
  }
}

/**
 * What a transaction has inside; a TypeError if it is none.
 *
 * @internal
 */
export let transactionState: (tx: Transaction) => TransactionState

/**
 * A transaction: what `transactional` gives its body, or `transaction` and `makeTransaction` make. It is used through
 * functions: `get(tx, key)`.
 */
export class Transaction {
  readonly #state: TransactionState

  /** @internal */
  constructor(state: TransactionState) {
    this.#state = state
  }

  /** Room for what belongs to this attempt, such as a cache; emptied before the next one. */
  get vars(): Record<PropertyKey, unknown> {
    return this.#state.vars
  }

  /** The how-manieth attempt this is, from 1. */
  get attempt(): number {
    return this.#state.attempt
  }

  /** Whether the attempt before this one may have committed nevertheless. */
  get maybeCommitted(): boolean {
    return this.#state.maybeCommitted
  }

  /** Whether it is a snapshot transaction, which only reads. */
  get snapshot(): boolean {
    return this.#state.snapshot
  }

  /** Ends the transaction. What it has not committed is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#state.end()
  }

  static {
    transactionState = (tx) => {
      if (typeof tx !== 'object' || tx === null || !(#state in tx)) {
        throw new TypeError('tx: expected a Transaction')
      }
      return tx.#state
    }
  }
}

/**
 * The state of a transaction that may be used.
 *
 * @internal
 */
export function activeState(tx: Transaction): TransactionState {
  return transactionState(tx).checked()
}

/** @internal */
export function overError(message: string): FoundError {
  return new FoundError('FOUND_TRANSACTION_OVER', message)
}

/**
 * The error of a call in a transaction: one that ended with its database, or by a signal, says so.
 *
 * @internal
 */
export function failedIn(state: TransactionState, thrown: unknown): unknown {
  if (thrown === TRANSACTION_CANCELLED) {
    if (state.database.closing !== undefined) return closedError()
    if (state.givenUp !== undefined) return state.givenUp.reason
  }
  return failed(thrown)
}

const TRANSACTION_CANCELLED = 1025
const TIMED_OUT = 1031
/** Milliseconds that FoundationDB may be late with its own timeout. */
const TIMEOUT_GRACE = 250

/**
 * Waits for what a call in a transaction gives.
 *
 * @internal
 */
export async function answerIn<T>(tx: Transaction, call: (handle: TransactionHandle) => T | Promise<T>): Promise<T> {
  const state = activeState(tx)
  try {
    return await call(state.handle)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/**
 * What a call in a transaction gives at once.
 *
 * @internal
 */
export function callIn<T>(tx: Transaction, call: (handle: TransactionHandle) => T): T {
  const state = activeState(tx)
  try {
    return call(state.handle)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/**
 * Throws if waiting for what comes with the commit would keep the commit from coming.
 *
 * @internal
 */
export function refuseDeadlock(state: TransactionState, epoch: number, name: string, what: string): void {
  if (state.decided || state.epoch !== epoch) return
  throw new FoundError(
    'FOUND_WOULD_DEADLOCK',
    `${name}: ${what} only when the transaction commits; take it out of the transaction and wait for it then`,
  )
}

/** @internal */
export const makeChecks = { snapshot: boolean }

/**
 * A transaction to be driven by hand with `commit`, `onError`, `reset` and `cancel`. No hooks are run. It ends when it
 * is disposed of or collected; an open one keeps what it reads from being freed, for 5 s at most, so end it.
 */
export function makeTransaction(db: Database, options?: MakeOptions | undefined): Transaction {
  const handle = openHandle(db)
  const { snapshot = false } = checkedOptions(options, makeChecks)
  try {
    const transaction = native.createTransaction(handle, snapshot, usedHandles.pop())
    return new Transaction(new TransactionState(transaction, databaseState(db), snapshot))
  } catch (thrown) {
    throw failed(thrown)
  }
}

/**
 * Commits a transaction. Afterwards it can tell its committed version, and nothing else; `reset` makes it new.
 *
 * A commit under way is not stopped by `cancel`, `reset` or an abort: those who wait get an error, and it may happen
 * all the same.
 *
 * @throws FdbError: 1020 for a conflict, 1021 if nobody knows whether it has committed, 2017 if it was committed or is
 *   being committed already; and what an earlier call had to say of its arguments, such as 2102 for a key too large
 */
export async function commit(tx: Transaction): Promise<void> {
  const state = activeState(tx)
  if (state.aroundCommit === undefined) await beginCommit(state)
  else await state.aroundCommit(() => beginCommit(state))
}

/**
 * Begins to commit: what is to be waited for, if it is not done by then.
 *
 * @internal
 */
export function beginCommit(state: TransactionState): Promise<void> | undefined {
  state.decided = true
  let answer
  try {
    answer = native.commit(state.handle)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
  if (answer !== undefined) return endCommit(state, answer)
  state.committed = true
  return undefined
}

async function endCommit(state: TransactionState, answer: Promise<undefined>): Promise<void> {
  const { commits } = state.database
  commits.add(answer)
  try {
    await answer
    state.committed = true
  } catch (thrown) {
    throw failedIn(state, thrown)
  } finally {
    commits.delete(answer)
  }
}

/**
 * Makes a transaction ready for another attempt after an error, having waited as long as FoundationDB finds good. The
 * promise rejects with the error that stands if another attempt cannot help.
 *
 * @param error an FdbError, an error that one has caused, or its number
 */
export async function onError(tx: Transaction, error: unknown): Promise<void> {
  const state = activeState(tx)
  const cause = typeof error === 'number' ? new FdbError(errorNumber(error, 'error')) : findFdbError(error)
  if (cause === undefined) {
    if (error instanceof Error) throw error
    throw new TypeError('error: expected an error or its number')
  }
  try {
    await native.onError(state.handle, cause.errno)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
  state.restart(cause)
}

/** Makes a transaction as new: what it wrote, its read version and its options are gone. */
export function reset(tx: Transaction): void {
  const state = activeState(tx)
  try {
    native.reset(state.handle)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
  state.changeTimeout()
  state.restart()
}

/**
 * Ends what a transaction waits for: all of it, and all reads and commits to come, get 1025, until `reset`. Writes are
 * dropped.
 */
export function cancel(tx: Transaction): void {
  callIn(tx, native.cancel)
}

/**
 * Sets an option of a transaction. Most are gone after a retry; `timeout`, `retry_limit` and `max_retry_delay` stay.
 *
 * @throws TypeError for a name that is none and for a value of the wrong type. What else is wrong with a value shows
 *   when something is next waited for (2006, `invalid_option_value`)
 */
export function setOption<Name extends keyof TransactionOptionValues>(
  tx: Transaction,
  option: Name,
  ...value: OptionArgument<TransactionOptionValues[Name]>
): void {
  callIn(tx, (handle) => native.transactionOption(handle, option, value[0] as number | undefined))
  if (option === 'timeout') transactionState(tx).changeTimeout(Number(value[0]))
}

/** @internal */
export const milliseconds = (value: unknown, name: string): number => wholeNumber(value, name, 0, 0x7fffffff)
