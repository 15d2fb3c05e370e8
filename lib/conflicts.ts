/**
 * What a transaction conflicts with.
 */

import { wholeNumber, type Bytes } from './arguments.js'
import { native } from './native.js'
import { callIn, type Transaction } from './transaction.js'

/** As if the transaction had read the range. */
export const CONFLICT_RANGE_TYPE_READ = 0 as const
/** As if the transaction had written the range. */
export const CONFLICT_RANGE_TYPE_WRITE = 1 as const

/** Which conflicts a range takes part in. */
export type ConflictRangeType = typeof CONFLICT_RANGE_TYPE_READ | typeof CONFLICT_RANGE_TYPE_WRITE

/** Adds the keys from `begin` up to `end` to what the transaction counts as read, or as written. */
export function addConflictRange(tx: Transaction, begin: Bytes, end: Bytes, type: ConflictRangeType): void {
  callIn(tx, (handle) => {
    wholeNumber(type, 'type', CONFLICT_RANGE_TYPE_READ, CONFLICT_RANGE_TYPE_WRITE)
    native.addConflictRange(handle, begin, end, type === CONFLICT_RANGE_TYPE_WRITE)
  })
}

/**
 * The ranges that were in conflict when the last commit failed for one, if the option `report_conflicting_keys` was
 * set: begin and end of each.
 */
export function getConflictingRanges(tx: Transaction): [begin: Buffer, end: Buffer][] {
  const flat = callIn(tx, native.conflictingRanges)
  const ranges: [Buffer, Buffer][] = []
  for (let index = 0; index + 1 < flat.length; index += 2) {
    ranges.push([flat[index] as Buffer, flat[index + 1] as Buffer])
  }
  return ranges
}
