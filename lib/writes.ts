/**
 * Writes. They take effect when the transaction commits and give nothing back. What is wrong with a key or a value
 * (too long, outside the legal range) shows when something is next waited for, the commit at the latest, as in
 * FoundationDB. A snapshot transaction refuses them (2023, `transaction_read_only`).
 */

import type { Bytes } from './arguments.js'
import { native } from './native.js'
import { activeState, failedIn, type Transaction } from './transaction.js'

/** Sets a key to a value. */
export function set(tx: Transaction, key: Bytes, value: Bytes): void {
  const state = activeState(tx)
  try {
    native.set(state.handle, key, value)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** Removes a key, or, with `other`, the keys from `key` up to `other`, which itself stays. */
export function clear(tx: Transaction, key: Bytes, other?: Bytes | undefined): void {
  const state = activeState(tx)
  try {
    if (other === undefined) native.clear(state.handle, key)
    else native.clearRange(state.handle, key, other)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

function atomic(tx: Transaction, key: Bytes, param: Bytes, operation: number): void {
  const state = activeState(tx)
  try {
    native.atomic(state.handle, key, param, operation)
  } catch (thrown) {
    throw failedIn(state, thrown)
  }
}

/** Adds `param`: both are little-endian integers, of the length of `param`; an absent value counts as 0. */
export function add(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 2)
}

/** Bitwise and; an absent value becomes `param`. */
export function bitAnd(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 6)
}

/** Bitwise or. */
export function bitOr(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 7)
}

/** Bitwise exclusive or. */
export function bitXor(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 8)
}

/** Appends `param` to the value, if the result is of a legal size; otherwise does nothing. */
export function appendIfFits(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 9)
}

/** The greater of value and `param`, as unsigned little-endian integers. */
export function max(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 12)
}

/** The smaller of value and `param`, as unsigned little-endian integers; an absent value becomes `param`. */
export function min(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 13)
}

/** The greater of value and `param`, compared byte by byte. */
export function byteMax(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 17)
}

/** The smaller of value and `param`, compared byte by byte; an absent value becomes `param`. */
export function byteMin(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 16)
}

/** Removes the key if its value is `param`. */
export function compareAndClear(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 20)
}

/**
 * Sets a key that has the commit's versionstamp in it to the value `param`: `key` ends with 4 bytes, little-endian,
 * that tell where in it the stamp goes, as `packWithVersionstamp` writes them.
 */
export function setVersionstampedKey(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 14)
}

/** Sets a value that has the commit's versionstamp in it: `param` ends with 4 bytes that tell where. */
export function setVersionstampedValue(tx: Transaction, key: Bytes, param: Bytes): void {
  atomic(tx, key, param, 15)
}
