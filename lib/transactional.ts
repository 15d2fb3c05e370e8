/**
 * Running transactions: the retry loop, and one attempt.
 */

import { abortSignal, callable, checkedOptions, keepBytes, wholeNumber, type Bytes } from './arguments.js'
import { databaseState, openHandle, type Database } from './database.js'
import { traced, type Tracer } from './diagnostics.js'
import { failed, FdbError, findFdbError } from './errors.js'
import { native } from './native.js'
import { beginCommit, failedIn, makeChecks, milliseconds, Transaction, TransactionState, usedHandles } from './transaction.js'
import type { MakeOptions, TransactionStats } from './transaction.js'

/** How to run one attempt. */
export interface AttemptOptions extends MakeOptions {
  /**
   * Gives up (1031) so many milliseconds after the beginning, also where the cluster does not answer, or the body waits
   * for something else. Left out or 0, never, unless the database has a default. A commit under way may happen all the
   * same.
   */
  readonly timeout?: number | undefined
  /** Gives up when it is aborted, with its reason. A commit under way may happen all the same. */
  readonly signal?: AbortSignal | undefined
}

/** How to run a transaction. */
export interface TransactionalOptions extends AttemptOptions {
  /** How many times at most to try again; left out, without limit, unless the database has a default. */
  readonly retryLimit?: number | undefined
  /** How many milliseconds at most to wait between two attempts; 1,000 if left out. */
  readonly maxRetryDelay?: number | undefined
  /**
   * Makes a commit whose result is unknown (1021) safe to try again: each run writes an id of its own with its commit,
   * and looks for it before it runs the body again. `true`, or where the ids are kept and for how long.
   */
  readonly idempotent?: boolean | Idempotency | undefined
}

/** Where the ids of idempotent runs are kept. */
export interface Idempotency {
  /** No other keys may begin so; the tuple ("found", "idempotency") if left out. */
  readonly prefix?: Bytes | undefined
  /**
   * Milliseconds after which an id may be cleared; a day if left out. It must be longer than any run and any difference
   * between clocks.
   */
  readonly maxAge?: number | undefined
}

const attemptChecks = { ...makeChecks, timeout: milliseconds, signal: abortSignal }
const idempotencyChecks = {
  prefix: keepBytes,
  maxAge: (value: unknown, name: string) => wholeNumber(value, name, 60_000, 0x7fffffff),
}
const transactionalChecks = {
  ...attemptChecks,
  retryLimit: (value: unknown, name: string) => wholeNumber(value, name, 0, 0x7fffffff),
  maxRetryDelay: milliseconds,
  // Read below: an object has options of its own.
  idempotent: (value: unknown) => value,
}

/**
 * Runs `body` in a transaction and commits, as often as it takes, and gives what the body gave.
 *
 * The body may run several times, so it must have no effect but through the transaction. An FdbError that comes out
 * of it, or out of the commit, is tried again if that can help, also if it is the `cause` of the error that came; any
 * other error ends the run, uncommitted. After an error that leaves the outcome open (1021) the body runs again
 * although the attempt before may have committed: `tx.maybeCommitted` tells it, and the option `idempotent` prevents
 * it. There is no limit to attempts but those of the options.
 *
 * The transaction ends with the run: what is used of it later is refused with `FOUND_TRANSACTION_OVER`. A body that
 * has committed by itself is not committed again.
 *
 * ```js
 * const count = await transactional(db, async (tx) => {
 *   const before = await get(tx, 'count')
 *   const count = before === undefined ? 1 : Number(before) + 1
 *   set(tx, 'count', String(count))
 *   return count
 * })
 * ```
 *
 * @throws FdbError that another attempt cannot help; whatever else the body throws; the reason of an abort
 */
export async function transactional<T>(
  db: Database,
  body: (tx: Transaction) => T | PromiseLike<T>,
  options?: TransactionalOptions | undefined,
): Promise<T> {
  openHandle(db)
  callable(body, 'body')
  const checked = options === undefined ? NO_OPTIONS : checkedRun(options)
  checked.signal?.throwIfAborted()
  // Awaited: a promise that an async function returns as it is takes two turns more.
  return await traced(db, checked.snapshot ?? false, (tracer) => runTransaction(db, body, checked, tracer))
}

const NO_OPTIONS: TransactionalOptions = {}

function checkedRun(options: TransactionalOptions): TransactionalOptions {
  const given = checkedOptions(options, transactionalChecks)
  return { ...given, idempotent: idempotency(given.idempotent) }
}

function idempotency(value: boolean | Idempotency | undefined): boolean | Idempotency | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  return checkedOptions(value, idempotencyChecks, 'options.idempotent')
}

/** One promise less than an async function would have: a small transaction is little more than its promises. */
function runTransaction<T>(
  db: Database,
  body: (tx: Transaction) => T | PromiseLike<T>,
  options: TransactionalOptions,
  tracer: Tracer | undefined,
): Promise<T> {
  const state = begin(db, options)
  const idempotent = Boolean(options.idempotent)
  try {
    if (options.signal !== undefined) state.obey(options.signal)
    state.endAfter(options.timeout)
  } catch (error) {
    state.end()
    throw error
  }
  const run = (): Promise<T> => attempts(db, state, body, idempotent, tracer)
  return state.canBeGivenUp ? state.unlessGivenUp(run).finally(() => state.end()) : run()
}

/**
 * One attempt, for `await using`: it ends when it is disposed of, and what was not committed by then is gone. The hooks
 * of the database are run: `onBegin` here, the others by `commit`.
 *
 * ```js
 * await using tx = await transaction(db)
 * set(tx, 'hello', 'world')
 * await commit(tx)
 * ```
 *
 * Without the syntax of `await using`: `try { ... } finally { await tx[Symbol.asyncDispose]() }`.
 */
export async function transaction(db: Database, options?: AttemptOptions | undefined): Promise<Transaction> {
  openHandle(db)
  const checked = checkedOptions(options, attemptChecks)
  checked.signal?.throwIfAborted()
  const state = begin(db, checked)
  const tx = new Transaction(state)
  if (checked.signal !== undefined) state.obey(checked.signal)
  state.endAfter(checked.timeout)
  state.aroundCommit = async (commit) => {
    for (const hook of db.hooks.onCommit) await hook(tx)
    if (measured(db)) await prepare(db, state)
    await commit()
    if (measured(db)) await tellStats(db, tx, state)
  }
  try {
    for (const hook of db.hooks.onBegin) await hook(tx)
  } catch (error) {
    state.end()
    throw error
  }
  return tx
}

function begin(db: Database, options: TransactionalOptions): TransactionState {
  const { snapshot = false } = options
  try {
    const used = usedHandles.pop()
    const handle =
      options === NO_OPTIONS
        ? native.beginRun(openHandle(db), snapshot, used)
        : native.beginRun(openHandle(db), snapshot, used, ...runOptions(options))
    return new TransactionState(handle, databaseState(db), snapshot)
  } catch (thrown) {
    throw failed(thrown)
  }
}

function runOptions({ timeout, retryLimit, maxRetryDelay, idempotent = false }: TransactionalOptions) {
  const { prefix, maxAge }: Idempotency = typeof idempotent === 'object' ? idempotent : {}
  return [idempotent !== false, timeout, retryLimit, maxRetryDelay, prefix, maxAge] as const
}

/** Runs attempts until one stands, and ends the transaction. */
async function attempts<T>(
  db: Database,
  state: TransactionState,
  body: (tx: Transaction) => T | PromiseLike<T>,
  idempotent: boolean,
  tracer: Tracer | undefined,
): Promise<T> {
  const tx = new Transaction(state)
  const { hooks } = db
  /** What each attempt of an idempotent run gave: one of them may turn out to have committed. */
  const values = idempotent ? new Map<number, T>() : undefined
  try {
    for (;;) {
      let value: T
      try {
        const committed = values === undefined ? undefined : await committedAttempt(state)
        if (committed !== undefined) {
          value = values?.get(committed) as T
        } else {
          // To go over an array without items takes as long as a microtask.
          if (hooks.onBegin.length !== 0) for (const hook of hooks.onBegin) await hook(tx)
          value = await body(tx)
          if (!state.committed) {
            if (hooks.onCommit.length !== 0) for (const hook of hooks.onCommit) await hook(tx)
            if (values !== undefined || measured(db, tracer)) await prepare(db, state, tracer)
            values?.set(state.attempt, value)
            const commit = beginCommit(state)
            if (commit !== undefined) await commit
          }
        }
      } catch (error) {
        const cause = await retry(state, error)
        tracer?.retried(state, cause)
        continue
      }
      if (measured(db, tracer)) await tellStats(db, tx, state, tracer)
      return value
    }
  } finally {
    state.end()
  }
}

/** Whether somebody wants to know how transactions went. */
function measured(db: Database, tracer?: Tracer): boolean {
  return tracer !== undefined || db.hooks.onPostCommit.length > 0
}

/** The number of an earlier attempt that has committed after all. */
async function committedAttempt(state: TransactionState): Promise<number | undefined> {
  try {
    return await native.committedAttempt(state.handle)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** Makes ready to be idempotent, or measured. Where it is to be neither there is nothing to wait for. */
async function prepare(db: Database, state: TransactionState, tracer?: Tracer): Promise<void> {
  try {
    await native.prepareRun(state.handle, measured(db, tracer))
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

async function tellStats(db: Database, tx: Transaction, state: TransactionState, tracer?: Tracer): Promise<void> {
  const [retries, elapsed, commitBytes] = native.runStats(state.handle)
  const stats: TransactionStats = { retries, elapsed, commitBytes }
  tracer?.committed(state, stats)
  for (const hook of db.hooks.onPostCommit) await hook(tx, stats)
}

/** Makes ready for another attempt, and gives what the last one failed with; or throws the error that stands. */
async function retry(state: TransactionState, error: unknown): Promise<FdbError> {
  const cause = findFdbError(error)
  if (cause === undefined || state.over) throw error
  try {
    await native.retryRun(state.handle, cause.errno)
  } catch (thrown) {
    // The body's own error says more than the one it came from, where that is what stands.
    if (thrown === cause.errno) throw error
    if (typeof thrown === 'number' && state.givenUp === undefined)
      throw new FdbError(thrown, undefined, { cause: error })
    throw failedIn(state, thrown)
  }
  state.restart(cause)
  return cause
}
