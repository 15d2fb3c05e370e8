/**
 * Key selectors: a position in the key space, relative to a key that need not exist.
 */

import { boolean, keepBytes, toBuffer, wholeNumber, type Bytes } from './arguments.js'

/**
 * Start at the last key that is less than `key`, or equal to it with `orEqual`, and go `offset` keys to the right, or
 * to the left if it is negative. `lt`, `lte`, `gt` and `gte` make the usual ones.
 */
export class KeySelector {
  /** The key it is relative to. */
  readonly key: Bytes
  /** Whether the key itself may be the start. */
  readonly orEqual: boolean
  /** How many keys to move. */
  readonly offset: number

  /** @param key copied */
  constructor(key: Bytes, orEqual: boolean, offset: number) {
    this.key = keepBytes(key, 'key')
    this.orEqual = boolean(orEqual, 'orEqual')
    this.offset = wholeNumber(offset, 'offset', -0x80000000, 0x7fffffff)
  }
}

/** A key, which stands for the first key that is not less, or a selector. */
export type KeyOrSelector = Bytes | KeySelector

/** The last key that is less; `offset` moves on from there. */
export function lt(key: Bytes, offset = 0): KeySelector {
  return new KeySelector(key, false, offset)
}

/** The last key that is less or equal; `offset` moves on from there. */
export function lte(key: Bytes, offset = 0): KeySelector {
  return new KeySelector(key, true, offset)
}

/** The first key that is greater; 2 for `offset` is the one after it. */
export function gt(key: Bytes, offset = 1): KeySelector {
  return new KeySelector(key, true, offset)
}

/** The first key that is greater or equal; 2 for `offset` is the one after it. */
export function gte(key: Bytes, offset = 1): KeySelector {
  return new KeySelector(key, false, offset)
}

/** @internal */
export function asSelector(key: KeyOrSelector, name: string): KeySelector {
  if (key instanceof KeySelector) return key
  return new KeySelector(keepBytes(key, name), false, 1)
}

/**
 * The first key that is greater than all that begin with `key`: the end of their range.
 *
 * @throws RangeError if there is none, because `key` is empty or of ff bytes only
 */
export function nextPrefix(key: Bytes): Buffer {
  const bytes = toBuffer(key, 'key')
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 0xff) length -= 1
  if (length === 0) throw new RangeError('key: has no byte other than ff, so no key comes after all that begin with it')
  const next = Buffer.from(bytes.subarray(0, length))
  next[length - 1] = (next[length - 1] as number) + 1
  return next
}
