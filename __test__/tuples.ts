/**
 * Random tuples, for tests of properties.
 */

import fc from 'fast-check'

import { Double, Float, Uuid, Versionstamp, type TupleItem } from '../index.js'

const anyItem: fc.Memo<TupleItem> = fc.memo((depth) =>
  fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
    fc.bigInt({ min: -(2n ** 2040n) + 1n, max: 2n ** 2040n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uuid(bytes)),
    fc
      .uint8Array({ minLength: 12, maxLength: 12 })
      .filter((bytes) => bytes[0] !== 0xff)
      .map((bytes) => new Versionstamp(bytes)),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => Double.fromBits(bits)),
    fc.nat({ max: 0xffffffff }).map((bits) => Float.fromBits(bits)),
    ...(depth > 1 ? [fc.array(anyItem(depth - 1), { maxLength: 4 })] : []),
  ),
)
/** Tuples of all kinds of items, nested a few times. */
export const anyTuple = fc.array(anyItem(4), { maxLength: 6 })
