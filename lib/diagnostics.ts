/**
 * What transactions tell to whoever listens on `node:diagnostics_channel`. While nobody does, a run pays for the look
 * alone.
 */

import { channel, tracingChannel } from 'node:diagnostics_channel'

import { databaseState, type Database } from './database.js'
import type { FdbError } from './errors.js'
import { native } from './native.js'
import type { TransactionState, TransactionStats } from './transaction.js'

/**
 * A run of `transactional`, as the events of `tracingChannel('found-db.transaction')` tell of it: one object for each run,
 * the same in all its events, filled in as the run goes on. `start` comes before the first attempt, `asyncEnd` when the
 * promise has settled, and before it `error` if it was rejected. A call that is refused, for a wrong argument or because
 * the database is closed, is no run and has no events.
 *
 * ```js
 * import { tracingChannel } from 'node:diagnostics_channel'
 *
 * tracingChannel('found-db.transaction').subscribe({ asyncEnd: ({ target, attempts }) => console.log(target, attempts) })
 * ```
 */
export interface TransactionTrace {
  /** What was given to `open`; undefined for the default cluster file. */
  readonly target: string | undefined
  /** Whether it only reads, as a snapshot. */
  readonly snapshot: boolean
  /** How many attempts have begun so far. */
  readonly attempts: number
  /** How it went, when it has committed. */
  readonly stats?: TransactionStats
  /** The version it has committed at, when it has; undefined too if it had nothing to write. */
  readonly committedVersion?: bigint
  /** What the run was rejected with, if it was. */
  readonly error?: unknown
  /** What the body gave, if the run has succeeded. */
  readonly result?: unknown
}

/**
 * That a run begins another attempt: the message of `channel('found-db.transaction.retry')`, published when the wait between
 * the attempts is over.
 */
export interface TransactionRetry {
  /** The run: the object that its other events have. */
  readonly transaction: TransactionTrace
  /** The attempt that now begins, from 2. */
  readonly attempt: number
  /** What the attempt before has failed with, such as `not_committed` for a conflict. */
  readonly error: FdbError
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

const runs = tracingChannel<unknown, TransactionTrace>('found-db.transaction')
const retries = channel('found-db.transaction.retry')

/**
 * A run that somebody listens to.
 *
 * @internal
 */
export class Tracer {
  readonly #trace: Mutable<TransactionTrace>

  constructor(trace: Mutable<TransactionTrace>) {
    this.#trace = trace
  }

  /** Tells of another attempt. */
  retried(state: TransactionState, error: FdbError): void {
    this.#trace.attempts = state.attempt
    if (retries.hasSubscribers) retries.publish({ transaction: this.#trace, attempt: state.attempt, error })
  }

  /** Notes how the run has committed. */
  committed(state: TransactionState, stats: TransactionStats): void {
    this.#trace.stats = stats
    const version = native.committedVersion(state.handle)
    if (version >= 0n) this.#trace.committedVersion = version
  }
}

/**
 * Does a run, and tells of it if somebody listens.
 *
 * @internal
 */
export function traced<T>(
  db: Database,
  snapshot: boolean,
  run: (tracer: Tracer | undefined) => Promise<T>,
): Promise<T> {
  if (!listened()) return run(undefined)
  const trace: Mutable<TransactionTrace> = { target: databaseState(db).target, snapshot, attempts: 1 }
  // What cannot begin has its events as well.
  return runs.tracePromise(async () => await run(new Tracer(trace)), trace)
}

function listened(): boolean {
  const { start, end, asyncStart, asyncEnd, error } = runs
  return (
    start.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers ||
    retries.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers
  )
}
