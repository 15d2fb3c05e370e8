/**
 * What a shell works on: its database, and the transaction that is open, if one is.
 */

import { commit, getCommittedVersion, makeTransaction, reset, transactional } from '../../index.js'
import type { Database, Transaction } from '../../index.js'

import { Failure } from '../failures.js'
import { applyOption, type OptionName, type OptionValue } from './options.js'

/** Options that are set, by name. */
export type Options = Map<OptionName, OptionValue>

/** The state of a shell. */
export class Session {
  readonly db: Database
  /** What the database was opened by. */
  readonly target: string
  /** Set with each transaction. */
  readonly options: Options = new Map()
  /** Whether writes were refused for good when the shell was started. */
  readonly readOnly: boolean
  /** Whether writes are allowed at present. */
  writeMode: boolean
  /** Ends what runs; a new one for each line. */
  signal: AbortSignal
  /** Whether the shell was asked to end. */
  ended = false
  #open: { readonly tx: Transaction; readonly options: Options } | undefined

  constructor(db: Database, target: string, readOnly: boolean, signal: AbortSignal) {
    this.db = db
    this.target = target
    this.readOnly = readOnly
    this.writeMode = !readOnly
    this.signal = signal
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#open !== undefined
  }

  /** The options that hold at present. */
  get presentOptions(): Options {
    return this.#open?.options ?? this.options
  }

  /** Reads: in the open transaction, otherwise in one of its own. */
  read<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    const open = this.#open
    if (open !== undefined) return this.#inOpen(() => body(open.tx))
    return transactional(this.db, (tx) => body(this.#prepared(tx)), { signal: this.signal })
  }

  /** Writes: in the open transaction, which gives nothing, or in one of its own, which gives its version. */
  async write(body: (tx: Transaction) => void): Promise<bigint | undefined> {
    if (!this.writeMode) throw new Failure(this.readOnly ? 'the shell is read-only' : 'writes are off: writemode on')
    const open = this.#open
    if (open !== undefined) {
      await this.#inOpen(async () => body(open.tx))
      return undefined
    }
    return transactional(
      this.db,
      async (tx) => {
        body(this.#prepared(tx))
        // Here, as it can tell its version only as long as the run lasts.
        await commit(tx)
        return getCommittedVersion(tx)
      },
      { signal: this.signal },
    )
  }

  /** Opens a transaction. */
  begin(): void {
    if (this.#open !== undefined) throw new Failure('a transaction is open already')
    const tx = makeTransaction(this.db)
    this.#open = { tx: this.#prepared(tx), options: new Map(this.options) }
  }

  /** Commits the open transaction; gives its version, -1 if it had nothing to write. */
  async commit(): Promise<bigint> {
    const { tx } = this.#opened()
    await this.#inOpen(() => commit(tx))
    const version = getCommittedVersion(tx)
    await this.#end()
    return version
  }

  /** Drops what the open transaction has done, and begins it anew. */
  reset(): void {
    const { tx, options } = this.#opened()
    reset(tx)
    options.clear()
    for (const [name, value] of this.options) options.set(name, value)
    this.#prepared(tx)
  }

  /** Drops the open transaction. */
  async rollback(): Promise<void> {
    this.#opened()
    await this.#end()
  }

  /** Sets an option: of the open transaction, otherwise of all to come. */
  setOption(name: OptionName, value: OptionValue): void {
    if (this.#open === undefined) {
      // A wrong value is told now, not by the commands to come.
      const tx = makeTransaction(this.db)
      applyOption(tx, name, value)
      void tx[Symbol.asyncDispose]()
    } else applyOption(this.#open.tx, name, value)
    this.presentOptions.set(name, value)
  }

  /** Ends what is open; true if a transaction was. */
  async close(): Promise<boolean> {
    if (this.#open === undefined) return false
    await this.#end()
    return true
  }

  #opened(): { readonly tx: Transaction; readonly options: Options } {
    if (this.#open === undefined) throw new Failure('no transaction is open: begin opens one')
    return this.#open
  }

  async #end(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.tx[Symbol.asyncDispose]()
  }

  /** Does something in the open transaction, which is over if it fails, as nothing could be committed any more. */
  async #inOpen<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await untilAborted(this.signal, work)
    } catch (error) {
      await this.#end()
      const message = error instanceof Error ? error.message : String(error)
      throw new Failure(`${message}; the transaction is rolled back`, undefined, { cause: error })
    }
  }

  #prepared(tx: Transaction): Transaction {
    for (const [name, value] of this.options) applyOption(tx, name, value)
    return tx
  }
}

/** What `work` gives, unless the signal is aborted first. */
async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let abort!: () => void
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
