/**
 * Tuple items of the database as items of JSON, and back.
 */

import { Double, Float, nstore, unpack, Uuid, Versionstamp } from '../../index.js'
import type { TupleItem, UnpackedItem } from '../../index.js'
import { isVariable, type WireItem, type WireTerm, type WireTuple } from '../wire/items.js'

/** An item as JSON. */
export function toWire(item: UnpackedItem): WireItem {
  if (item === null || typeof item === 'boolean' || typeof item === 'string' || typeof item === 'number') {
    return typeof item === 'number' && !Number.isFinite(item) ? { double: doubleHex(new Double(item)) } : item
  }
  if (typeof item === 'bigint') return { integer: String(item) }
  if (item instanceof Uint8Array) return { bytes: hex(item) }
  if (item instanceof Uuid) return { uuid: item.toString() }
  if (item instanceof Versionstamp) return { versionstamp: hex(item.bytes) }
  if (item instanceof Double) return { double: doubleHex(item) }
  if (item instanceof Float) return { float: item.bits.toString(16).padStart(8, '0') }
  return item.map(toWire)
}

/** A tuple as JSON. */
export function toWireTuple(items: readonly UnpackedItem[]): WireTuple {
  return items.map(toWire)
}

/** An item from JSON that has the form of one. */
export function fromWire(item: WireItem): TupleItem {
  if (item === null || typeof item !== 'object') return item
  if (Array.isArray(item)) return item.map(fromWire)
  const tagged = item as Exclude<WireItem, null | boolean | number | string | WireTuple>
  if ('integer' in tagged) return BigInt(tagged.integer)
  if ('bytes' in tagged) return Buffer.from(tagged.bytes, 'hex')
  if ('uuid' in tagged) return new Uuid(tagged.uuid)
  if ('versionstamp' in tagged) return new Versionstamp(Buffer.from(tagged.versionstamp, 'hex'))
  if ('float' in tagged) return Float.fromBits(Number.parseInt(tagged.float, 16))
  return Double.fromBits(BigInt(`0x${tagged.double}`))
}

/** A tuple from JSON. */
export function fromWireTuple(items: WireTuple): TupleItem[] {
  return items.map(fromWire)
}

/** A pattern from JSON: variables and items. */
export function fromWirePattern(terms: readonly WireTerm[]): (TupleItem | nstore.Var)[] {
  return terms.map((term) => (isVariable(term) ? nstore.var(term.variable) : fromWire(term)))
}

/** The items of a key or a value, if it is a packed tuple. */
export function unpackedWire(bytes: Uint8Array): WireTuple | undefined {
  if (bytes.length === 0) return undefined
  try {
    return toWireTuple(unpack(bytes))
  } catch {
    return undefined
  }
}

const doubleHex = (value: Double): string => value.bits.toString(16).padStart(16, '0')

/** Bytes in hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
