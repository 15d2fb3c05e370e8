/**
 * Reads of single keys, versions, and what is known of ranges without reading them.
 */

import { boolean, checkedOptions, signed, wholeNumber, type Bytes } from './arguments.js'
import { asSelector, type KeyOrSelector } from './key_selector.js'
import { native, taken } from './native.js'
import { activeState, answerIn, callIn, failedIn, type Transaction } from './transaction.js'

/** How to read. */
export interface ReadOptions {
  /** A snapshot read: it adds no read conflict. */
  readonly snapshot?: boolean | undefined
}

const readChecks = { snapshot: boolean }

/** The value of a key; undefined if there is none. */
export async function get(tx: Transaction, key: Bytes, options?: ReadOptions | undefined): Promise<Buffer | undefined> {
  const state = activeState(tx)
  const snapshot = options === undefined ? false : (checkedOptions(options, readChecks).snapshot ?? false)
  try {
    const value = native.get(state.handle, key, snapshot)
    return typeof value === 'number' ? taken(value) : await value
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** The key that a selector comes to: an empty one left of the first key, ff right of the last. */
export async function getKey(
  tx: Transaction,
  selector: KeyOrSelector,
  options?: ReadOptions | undefined,
): Promise<Buffer> {
  const state = activeState(tx)
  const { key, orEqual, offset } = asSelector(selector, 'selector')
  const { snapshot = false } = checkedOptions(options, readChecks)
  try {
    const found = native.getKey(state.handle, key, orEqual, offset, snapshot)
    return typeof found === 'number' ? taken(found) : await found
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** The version that the transaction reads at. */
export function readVersion(tx: Transaction): Promise<bigint> {
  return answerIn(tx, native.readVersion)
}

/**
 * Has the transaction read at a version, one that `readVersion` or `getCommittedVersion` gave not long ago. One that is
 * not positive, such as -1n of a transaction that has not committed, shows when something is next waited for (2011,
 * `version_invalid`).
 */
export function setReadVersion(tx: Transaction, version: bigint): void {
  callIn(tx, (handle) => native.setReadVersion(handle, signed(version, 'version', 64)))
}

/** The version that the transaction has committed at; -1n if it has not, or had nothing to write. */
export function getCommittedVersion(tx: Transaction): bigint {
  return callIn(tx, native.committedVersion)
}

/** The bytes that count towards the limit of a transaction's size, so far. */
export function getApproximateSize(tx: Transaction): Promise<number> {
  return answerIn(tx, native.approximateSize)
}

/** The bytes of the keys and values from `begin` up to `end`, estimated from a sample: of little data it may give 0. */
export function estimatedSizeBytes(tx: Transaction, begin: Bytes, end: Bytes): Promise<number> {
  return answerIn(tx, (handle) => native.estimatedSize(handle, begin, end))
}

/** Keys that split a range into pieces of about `chunkSize` bytes, `begin` and `end` among them. */
export function getRangeSplitPoints(tx: Transaction, begin: Bytes, end: Bytes, chunkSize: number): Promise<Buffer[]> {
  return answerIn(tx, (handle) =>
    native.splitPoints(handle, begin, end, wholeNumber(chunkSize, 'chunkSize', 1, Number.MAX_SAFE_INTEGER)),
  )
}

/** The addresses of the servers that hold a key. */
export function getAddressesForKey(tx: Transaction, key: Bytes): Promise<string[]> {
  return answerIn(tx, (handle) => native.addresses(handle, key))
}
