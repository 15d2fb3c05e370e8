/**
 * How a store asks the native side within a transaction.
 */

import type { TransactionHandle } from '../native.js'
import { activeState, type Transaction } from '../transaction.js'
import { storeFailed, type StoreErrorClass } from './errors.js'

/**
 * Waits for what a call gives that gives no bytes, or takes them out at once. Where the store refuses, the error is of its
 * class, which it knows by the beginning of the codes.
 *
 * @internal
 */
export function asking<Store, Handle>(handleOf: (store: Store) => Handle, codes: string, error: StoreErrorClass) {
  return async <T>(
    tx: Transaction,
    store: Store,
    call: (tx: TransactionHandle, store: Handle) => T | Promise<T>,
  ): Promise<T> => {
    const state = activeState(tx)
    const handle = handleOf(store)
    try {
      return await call(state.handle, handle)
    } catch (thrown) {
      throw storeFailed(state, thrown, codes, error)
    }
  }
}
