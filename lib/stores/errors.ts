/**
 * The errors of the stores: each store has its class, and knows its own by the beginning of their code.
 */

import { FoundError } from '../errors.js'
import { failedIn, type TransactionState } from '../transaction.js'

/** The class of a store's errors. */
export type StoreErrorClass = new (code: string, message: string, options?: ErrorOptions) => FoundError

/**
 * The error of a call to a store in a transaction: of the store's class where the store refused.
 *
 * @internal
 */
export function storeFailed(state: TransactionState, thrown: unknown, prefix: string, of: StoreErrorClass): unknown {
  return storeError(failedIn(state, thrown), prefix, of)
}

/**
 * An error as one of the store's class, where the store refused.
 *
 * @internal
 */
export function storeError(error: unknown, prefix: string, of: StoreErrorClass): unknown {
  if (!(error instanceof FoundError) || error.constructor === of || !error.code.startsWith(prefix)) return error
  return new of(error.code, error.message, { cause: error.cause })
}
