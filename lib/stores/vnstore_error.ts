/**
 * The failures of tuple stores with a history.
 */

import { types } from 'node:util'

import { FoundError } from '../errors.js'
import type { TransactionState } from '../transaction.js'
import { unpack, type UnpackedItem } from '../tuple.js'
import type { Uuid } from '../tuple_items.js'
import { storeFailed } from './errors.js'

/**
 * The codes of the store's own failures.
 *
 * | code                           | what it means                                                                   |
 * | ------------------------------ | ------------------------------------------------------------------------------- |
 * | `FOUND_VNSTORE_NO_CHANGE`      | there is no change (or, for `asOf`, no significance) of that id                  |
 * | `FOUND_VNSTORE_NO_ACTIVE`      | the transaction has neither created nor continued a change                       |
 * | `FOUND_VNSTORE_APPLIED`        | the change was applied: it stays what it is, and is not applied again            |
 * | `FOUND_VNSTORE_NOT_APPLIED`    | `asOf` a change that is pending                                                  |
 * | `FOUND_VNSTORE_CONFLICT`       | others have touched the same tuples since: `conflicts` names them                |
 * | `FOUND_VNSTORE_NO_BASE`        | it is not known since when to look for conflicts: the reference made the change  |
 * | `FOUND_VNSTORE_FUTURE`         | `asOf` a time that is yet to come                                                |
 * | `FOUND_VNSTORE_LIMIT`          | a key or a value would be larger than FoundationDB takes                         |
 * | `FOUND_VNSTORE_FOREIGN_KEY`    | a key under the store's prefix is not of the store: something else writes there  |
 */
export type VNStoreErrorCode =
  | 'FOUND_VNSTORE_NO_CHANGE'
  | 'FOUND_VNSTORE_NO_ACTIVE'
  | 'FOUND_VNSTORE_APPLIED'
  | 'FOUND_VNSTORE_NOT_APPLIED'
  | 'FOUND_VNSTORE_CONFLICT'
  | 'FOUND_VNSTORE_NO_BASE'
  | 'FOUND_VNSTORE_FUTURE'
  | 'FOUND_VNSTORE_LIMIT'
  | 'FOUND_VNSTORE_FOREIGN_KEY'

/** A tuple that two changes have touched. */
export interface Conflict {
  /** The tuple. */
  readonly items: UnpackedItem[]
  /** The change that was applied. */
  readonly change: Uuid
}

/** A failure of the store. */
export class VNStoreError extends FoundError {
  declare readonly code: VNStoreErrorCode
  /** The tuples in conflict, up to 1,000; empty for other failures. */
  readonly conflicts: readonly Conflict[]

  /** @internal */
  constructor(code: string, message: string, options?: ErrorOptions & { conflicts?: readonly Conflict[] }) {
    super(code, message, options)
    this.conflicts = options?.conflicts ?? []
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'VNStoreError', configurable: true, writable: true })
  }
}

/**
 * Makes the error of what a call to a store has thrown.
 *
 * @internal
 */
export const failedHere = (state: TransactionState) => (thrown: unknown): unknown => {
  const error = storeFailed(state, thrown, 'FOUND_VNSTORE_', VNStoreError)
  const detail = (thrown as { detail?: unknown } | null | undefined)?.detail
  if (!(error instanceof VNStoreError) || !types.isUint8Array(detail)) return error
  const pairs = unpack(detail) as [UnpackedItem[], Uuid][]
  const conflicts = pairs.map(([items, change]) => ({ items, change }))
  return new VNStoreError(error.code, error.message, { conflicts })
}
