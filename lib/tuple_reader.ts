/**
 * Reading packed tuples. Whatever the bytes are, reading gives items or an error that says where.
 */

import { isUtf8 } from 'node:buffer'

import { FoundError } from './errors.js'
import { Double, Float, uuidAt, Versionstamp, type Uuid } from './tuple_items.js'
import { DEPTH_MAX, ESCAPE, USUAL_NAN_HIGH } from './tuple_writer.js'

/** An item that was unpacked. */
export type UnpackedItem =
  null | boolean | number | bigint | string | Buffer | Uuid | Versionstamp | Double | Float | UnpackedItem[]

const number64 = new DataView(new ArrayBuffer(8))

/** Bytes being read, from one place in them up to another. */
export class Reader {
  readonly #bytes: Buffer
  #at: number
  readonly #until: number

  constructor(bytes: Buffer, from = 0, until = bytes.length) {
    this.#bytes = bytes
    this.#at = from
    this.#until = until
  }

  items(depth: number): UnpackedItem[] {
    const bytes = this.#bytes
    const items: UnpackedItem[] = []
    const start = this.#at - 1
    while (this.#at < this.#until) {
      if (depth > 0 && bytes[this.#at] === 0) {
        if (!this.#isEscaped(this.#at)) {
          this.#at += 1
          return items
        }
        this.#at += 2
        items.push(null)
        continue
      }
      items.push(this.#item(depth))
    }
    if (depth > 0) throw truncated(start)
    return items
  }

  #item(depth: number): UnpackedItem {
    const bytes = this.#bytes
    const start = this.#at
    const code = bytes[this.#at++] as number
    if (code >= 0x0c && code <= 0x1c) return this.#integer(start, code < 0x14, Math.abs(code - 0x14))
    switch (code) {
      case 0x00:
        return null
      case 0x01:
        return this.#escaped(start)
      case 0x02:
        return this.#text(start)
      case 0x05:
        if (depth === DEPTH_MAX) throw unreadable(`tuples are nested too deep; limit=${DEPTH_MAX}`)
        return this.items(depth + 1)
      case 0x0b:
      case 0x1d: {
        const count = this.#take(start, 1)
        const length = bytes[count] as number
        return this.#integer(start, code === 0x0b, code === 0x0b ? length ^ 0xff : length)
      }
      case 0x20: {
        const bits = bytes.readUInt32BE(this.#take(start, 4))
        return Float.fromBits((bits >>> 31 === 1 ? bits ^ 0x80000000 : ~bits) >>> 0)
      }
      case 0x21:
        return this.#double(start)
      case 0x26:
        return false
      case 0x27:
        return true
      case 0x30:
        return uuidAt(bytes, this.#take(start, 16))
      case 0x33: {
        const at = this.#take(start, 12)
        return new Versionstamp(bytes.subarray(at, at + 12))
      }
      default:
        throw unreadable(
          `not a type code that can be read; code=0x${code.toString(16).padStart(2, '0')} offset=${start}`,
        )
    }
  }

  /** Steps over so many bytes of the item that begins at `start`, and gives where they are. */
  #take(start: number, count: number): number {
    const at = this.#at
    if (at + count > this.#until) throw truncated(start)
    this.#at = at + count
    return at
  }

  #integer(start: number, negative: boolean, count: number): number | bigint {
    const bytes = this.#bytes
    const at = this.#take(start, count)
    if (count <= 6) {
      let magnitude = 0
      for (let index = at; index < at + count; index++) {
        const byte = bytes[index] as number
        magnitude = magnitude * 256 + (negative ? byte ^ 0xff : byte)
      }
      return negative && magnitude !== 0 ? -magnitude : magnitude
    }
    if (count <= 8) {
      let high = 0
      for (let index = at; index < at + count - 4; index++) high = high * 256 + (bytes[index] as number)
      let low = bytes.readUInt32BE(at + count - 4)
      if (negative) {
        high = 2 ** (8 * (count - 4)) - 1 - high
        low = ~low >>> 0
      }
      if (high < 0x200000) {
        const value = high * 0x100000000 + low
        return negative && value !== 0 ? -value : value
      }
      const magnitude = (BigInt(high) << 32n) | BigInt(low)
      return negative ? -magnitude : magnitude
    }
    let magnitude = 0n
    let index = at
    for (; index + 8 <= at + count; index += 8) magnitude = (magnitude << 64n) | bytes.readBigUInt64BE(index)
    for (; index < at + count; index++) magnitude = (magnitude << 8n) | BigInt(bytes[index] as number)
    if (negative) magnitude = (1n << BigInt(8 * count)) - 1n - magnitude
    const value = negative ? -magnitude : magnitude
    return magnitude <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
  }

  #double(start: number): number | Double {
    const bytes = this.#bytes
    const at = this.#take(start, 8)
    let high = bytes.readUInt32BE(at)
    let low = bytes.readUInt32BE(at + 4)
    if (high >>> 31 === 1) high = (high ^ 0x80000000) >>> 0
    else {
      high = ~high >>> 0
      low = ~low >>> 0
    }
    number64.setUint32(0, high)
    number64.setUint32(4, low)
    const value = number64.getFloat64(0)
    const plain = Number.isNaN(value) ? high === USUAL_NAN_HIGH && low === 0 : !Number.isInteger(value)
    return plain ? value : Double.fromBits(number64.getBigUint64(0))
  }

  /** Where the zero that ends the string at hand is, and what stands before it. */
  #end(start: number): { end: number; escapes: number; all: number } {
    const bytes = this.#bytes
    let escapes = 0
    let all = 0
    for (let at = this.#at; at < this.#until; at++) {
      const byte = bytes[at] as number
      all |= byte
      if (byte !== 0) continue
      if (!this.#isEscaped(at)) return { end: at, escapes, all }
      escapes += 1
      at += 1
    }
    throw truncated(start)
  }

  /** Whether the zero there is data. */
  #isEscaped(zero: number): boolean {
    return zero + 1 < this.#until && this.#bytes[zero + 1] === ESCAPE
  }

  #text(start: number): string {
    const bytes = this.#bytes
    const from = this.#at
    const { end, escapes, all } = this.#end(start)
    this.#at = end + 1
    if (escapes > 0) {
      const plain = unescaped(bytes, from, end, escapes)
      if (!isUtf8(plain)) throw unreadable(`text is not UTF-8; offset=${start}`)
      return plain.toString()
    }
    if (all < 0x80) return bytes.toString('latin1', from, end)
    if (!isUtf8(bytes.subarray(from, end))) throw unreadable(`text is not UTF-8; offset=${start}`)
    return bytes.toString('utf8', from, end)
  }

  #escaped(start: number): Buffer {
    const from = this.#at
    const { end, escapes } = this.#end(start)
    this.#at = end + 1
    return escapes > 0 ? unescaped(this.#bytes, from, end, escapes) : Buffer.from(this.#bytes.subarray(from, end))
  }
}

function unescaped(bytes: Buffer, from: number, end: number, escapes: number): Buffer {
  const plain = Buffer.allocUnsafe(end - from - escapes)
  let to = 0
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number
    plain[to++] = byte
    if (byte === 0) at += 1
  }
  return plain
}

function truncated(offset: number): FoundError {
  return unreadable(`bytes end within an item; offset=${offset}`)
}

function unreadable(message: string): FoundError {
  return new FoundError('FOUND_TUPLE', `bytes: ${message}`)
}
