/**
 * The versionstamp that a transaction's commit will get, and those to be filled in with it.
 */

import { native, taken } from './native.js'
import { activeState, failedIn, refuseDeadlock, type Transaction, type TransactionState } from './transaction.js'
import { Versionstamp } from './tuple_items.js'

/**
 * What a transaction's commit will tell. Not a promise itself: one that came out of the body of `transactional` would
 * be waited for before the commit, which it waits for.
 */
export class CommitVersionstamp {
  readonly #state: TransactionState
  readonly #epoch: number
  readonly #stamp: Promise<Buffer>

  /** @internal */
  constructor(state: TransactionState, stamp: Promise<Buffer>) {
    this.#state = state
    this.#epoch = state.epoch
    this.#stamp = stamp
    // Nobody need ask.
    stamp.catch(() => {})
  }

  /**
   * The 10 bytes of the versionstamp. To be asked for when the transaction has come to its commit; before,
   * FOUND_WOULD_DEADLOCK is thrown. The promise rejects with 1025 if this attempt does not commit, and with 2021 if it
   * has nothing to write.
   */
  get stamp(): Promise<Buffer> {
    refuseDeadlock(this.#state, this.#epoch, 'stamp', 'the versionstamp is known')
    return this.#stamp
  }
}

/**
 * The versionstamp of the commit to come: ask before the commit, wait for `stamp` after.
 *
 * ```js
 * const versionstamp = await transactional(db, (tx) => {
 *   set(tx, 'hello', 'world')
 *   return getVersionstamp(tx)
 * })
 * console.log(await versionstamp.stamp)
 * ```
 */
export function getVersionstamp(tx: Transaction): CommitVersionstamp {
  const state = activeState(tx)
  try {
    const answer = native.versionstamp(state.handle)
    const stamp = (async () => {
      try {
        return typeof answer === 'number' ? taken(answer) : await answer
      } catch (thrown) {
        throw failedIn(state, thrown)
      }
    })()
    return new CommitVersionstamp(state, stamp)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** How many user versions there are. */
const USER_VERSIONS = 0x10000

/**
 * An incomplete versionstamp with the next user version of the attempt: 0, 1 and so on. So what one transaction stamps
 * is told apart, and comes in the order of the calls.
 *
 * ```js
 * for (const line of lines) setVersionstampedKey(tx, packWithVersionstamp(['log', nextVersionstamp(tx)]), line)
 * ```
 *
 * @throws RangeError after 65,536 of them: there is no further user version
 */
export function nextVersionstamp(tx: Transaction): Versionstamp {
  const state = activeState(tx)
  if (state.stamps === USER_VERSIONS) throw new RangeError(`tx: it has used all ${USER_VERSIONS} user versions`)
  return Versionstamp.incomplete(state.stamps++)
}
