/**
 * Watches: being told when a key's value is changed.
 */

import { abortSignal, checkedOptions, keepBytes, type Bytes } from './arguments.js'
import { closedError, databaseState, openHandle, type Database, type DatabaseState } from './database.js'
import { failed } from './errors.js'
import { Leavable } from './leavable.js'
import { native, taken, type FollowHandle, type WatchHandle } from './native.js'
import { activeState, failedIn, refuseDeadlock, type Transaction, type TransactionState } from './transaction.js'

/** How to watch. */
export interface WatchOptions {
  /** Gives the watch up when it is aborted; `changed` rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

const watchChecks = { signal: abortSignal }

/**
 * A watch. Not a promise itself: one that came out of the body of `transactional` would be waited for before the
 * commit, which it waits for.
 */
export class Watch {
  readonly #state: TransactionState
  readonly #epoch: number
  readonly #handle: WatchHandle
  readonly #changed: Promise<void>

  /** @internal */
  constructor(state: TransactionState, handle: WatchHandle, changed: Promise<void>) {
    this.#state = state
    this.#epoch = state.epoch
    this.#handle = handle
    this.#changed = changed
    // Nobody need wait.
    changed.catch(() => {})
  }

  /**
   * Settles when another transaction has changed the value, perhaps only for a moment, after this one has committed.
   * To be waited for when the transaction has come to its commit; before, FOUND_WOULD_DEADLOCK is thrown.
   *
   * It rejects with 1025 if the transaction does not commit, with 1032 if the database has too many watches, with 1101
   * after `cancel`, and with FOUND_CLOSED when the database is closed. While it is pending it keeps the process alive.
   */
  get changed(): Promise<void> {
    refuseDeadlock(this.#state, this.#epoch, 'changed', 'the watch is set')
    return this.#changed
  }

  /** Gives the watch up. Its place among the watches a database may have is free at once. */
  cancel(): void {
    native.cancelWatch(this.#handle)
  }
}

/**
 * Watches a key. The watch is set when the transaction commits, and then outlives it.
 *
 * ```js
 * const watch = await transactional(db, (tx) => found.watch(tx, 'hello'))
 * await watch.changed
 * ```
 */
export function watch(tx: Transaction, key: Bytes, options?: WatchOptions | undefined): Watch {
  const state = activeState(tx)
  const { signal } = checkedOptions(options, watchChecks)
  signal?.throwIfAborted()
  try {
    const [handle, answer] = native.watch(state.handle, key)
    const abort = (): void => native.cancelWatch(handle)
    signal?.addEventListener('abort', abort, { once: true })
    const changed = (async () => {
      try {
        await answer
      } catch (thrown) {
        if (signal?.aborted) throw signal.reason
        throw failedIn(state, thrown)
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    })()
    return new Watch(state, handle, changed)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/**
 * The values of a key as they change: the present one first, then each one seen that differs from the last; undefined
 * stands for an absent key. Values that come and go while nobody asks are not seen; the newest one always is. Errors
 * that may go away are tried again. Leaving the loop, or the signal, gives the watch up.
 *
 * ```js
 * for await (const value of watchLoop(db, 'config')) apply(value)
 * ```
 */
export function watchLoop(
  db: Database,
  key: Bytes,
  options?: WatchOptions | undefined,
): AsyncGenerator<Buffer | undefined, void, undefined> {
  openHandle(db)
  const { signal } = checkedOptions(options, watchChecks)
  const following = new Following(databaseState(db), keepBytes(key, 'key'), signal)
  return new Leavable(following.values(), () => following.leave())
}

class Following {
  readonly #database: DatabaseState
  readonly #key: Bytes
  readonly #signal: AbortSignal | undefined
  #handle: FollowHandle | undefined
  #left = false

  constructor(database: DatabaseState, key: Bytes, signal: AbortSignal | undefined) {
    this.#database = database
    this.#key = key
    this.#signal = signal
  }

  async *values(): AsyncGenerator<Buffer | undefined, void, undefined> {
    const signal = this.#signal
    signal?.throwIfAborted()
    if (this.#database.closing !== undefined) throw closedError()
    const handle = native.follow(this.#database.handle, this.#key)
    this.#handle = handle
    const end = (): void => native.endFollow(handle)
    signal?.addEventListener('abort', end, { once: true })
    try {
      for (;;) {
        let value: Buffer | undefined
        try {
          const answer = native.followNext(handle)
          value = typeof answer === 'number' ? taken(answer) : await answer
        } catch (thrown) {
          if (this.#left) return
          if (signal?.aborted) throw signal.reason
          if (this.#database.closing !== undefined) throw closedError()
          throw failed(thrown)
        }
        yield value
      }
    } finally {
      signal?.removeEventListener('abort', end)
      end()
    }
  }

  /** Nobody waits for a value any more. */
  leave(): void {
    this.#left = true
    if (this.#handle !== undefined) native.endFollow(this.#handle)
  }
}
