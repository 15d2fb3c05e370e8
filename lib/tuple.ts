/**
 * The tuple layer: arrays of typed items as bytes whose order is the order of the items.
 *
 * The format's home is `crates/found/src/tuple`; this is its fast path. Crossing to the native side item by item was
 * measured against it: reading an item there costs 30 to 60 ns, handing bytes back as a Buffer 700 ns, so that the
 * native codec was as slow as the npm package fdb-tuple on tuples of text and slower on those with bytes, and this one
 * is several times faster. Tests hold the two equal, on the vectors of the official Python binding and on random
 * tuples; on bytes that are not a tuple both refuse.
 *
 * | item                               | packed as            | unpacked as                                  |
 * | ---------------------------------- | -------------------- | -------------------------------------------- |
 * | null, boolean, string              | themselves           | the same                                     |
 * | Uint8Array                         | bytes                | Buffer                                       |
 * | number that is an integer, bigint  | integer              | number up to 2^53 - 1, beyond it bigint      |
 * | any other number, also -0          | 64-bit float         | number, where that packs to the same bytes   |
 * | Double, Float, Uuid, Versionstamp  | themselves           | the same                                     |
 * | array                              | nested tuple         | array                                        |
 */

import { types } from 'node:util'

import { array, bytesOf, toBuffer, type Bytes } from './arguments.js'
import { Reader, type UnpackedItem } from './tuple_reader.js'
import { Writer } from './tuple_writer.js'
import type { Double, Float, Uuid, Versionstamp } from './tuple_items.js'

export type { UnpackedItem }

/** What a tuple can hold. */
export type TupleItem =
  null | boolean | number | bigint | string | Uint8Array | Uuid | Versionstamp | Double | Float | Tuple

/** A tuple, or a tuple within one. */
export type Tuple = readonly TupleItem[]

const outermost = (): string => 'tuple'

/**
 * The bytes of a tuple.
 *
 * Integers and floats do not interleave: every integer sorts before every float, so 2 comes before 0.5.
 *
 * @throws TypeError or RangeError that names the item: of a type that cannot be packed, a string with a lone
 *   surrogate, an integer of more than 255 bytes, an incomplete versionstamp (see `packWithVersionstamp`)
 */
export function pack(tuple: Tuple): Buffer {
  return packNamed(tuple, outermost)
}

/**
 * The bytes of a tuple that messages call by another name.
 *
 * @internal
 */
export function packNamed(tuple: Tuple, name: () => string): Buffer {
  const writer = Writer.take()
  try {
    writer.items(array(tuple, name()), 0, name)
    if (writer.stamps.length > 0) {
      throw new TypeError(`${name()}: has an incomplete versionstamp, which packWithVersionstamp packs`)
    }
    return writer.taken()
  } finally {
    writer.give()
  }
}

/**
 * The bytes of the prefix of a store.
 *
 * @internal
 */
export const packPrefix = (prefix: Tuple): Buffer => packNamed(prefix, () => 'prefix')

/**
 * The bytes of a tuple with exactly one incomplete versionstamp, at any depth, after those of `prefix`, and the place
 * of the stamp in 4 bytes more: what `setVersionstampedKey` takes as key and `setVersionstampedValue` as value.
 *
 * @throws TypeError where there is no incomplete versionstamp or more than one
 */
export function packWithVersionstamp(tuple: Tuple, prefix: Bytes = ''): Buffer {
  const before = toBuffer(prefix, 'prefix')
  const writer = Writer.take()
  try {
    writer.reserve(before.length)
    writer.room.set(before)
    writer.length = before.length
    writer.items(array(tuple, 'tuple'), 0, outermost)
    const [stamp, second] = writer.stamps
    if (stamp === undefined) throw new TypeError('tuple: has no incomplete versionstamp')
    if (second !== undefined) throw new TypeError('tuple: has more than one incomplete versionstamp')
    writer.reserve(4)
    writer.length = writer.room.writeUInt32LE(stamp, writer.length)
    return writer.taken()
  } finally {
    writer.give()
  }
}

/** Whether the tuple has an incomplete versionstamp, at any depth. */
export function hasIncompleteVersionstamp(tuple: Tuple): boolean {
  const writer = Writer.take()
  try {
    writer.items(array(tuple, 'tuple'), 0, outermost)
    return writer.stamps.length > 0
  } finally {
    writer.give()
  }
}

/**
 * The keys of the tuples that begin with `tuple` and have more items: begin and end, for `query` and `clear`. The key
 * of the tuple itself is not among them.
 *
 * It is not "starts with": `range(['a'])` has ['a', 1] and not ['ab'].
 */
export function range(tuple: Tuple): [begin: Buffer, end: Buffer] {
  const packed = pack(tuple)
  return [Buffer.concat([packed, Buffer.of(0x00)]), Buffer.concat([packed, Buffer.of(0xff)])]
}

/**
 * The items of a packed tuple. Nothing is lost: packing them gives the same bytes, for every tuple that the official
 * Python binding can write.
 *
 * @throws FoundError FOUND_TUPLE where the bytes are no tuple or have an item of a type that is not known here; the
 *   message tells the offset
 */
export function unpack(bytes: Uint8Array): UnpackedItem[] {
  if (!types.isUint8Array(bytes) || bytes.length === 0) bytesOf(bytes, 'bytes')
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return new Reader(view).items(0)
}
