/**
 * Writing the bytes of tuples. The format is described in `crates/found/src/tuple/codes.rs`.
 */

import { types } from 'node:util'

import { bytesOf, wellFormed } from './arguments.js'
import { Double, Float, Uuid, Versionstamp, writeUuid } from './tuple_items.js'

/** As deep as tuples may be nested; the native side has the same bound. */
export const DEPTH_MAX = 500
/** What follows a zero that is data. */
export const ESCAPE = 0xff
/** The upper half of the NaN that plain numbers stand for; its lower half is 0. */
export const USUAL_NAN_HIGH = 0x7ff80000
const INTEGER_BYTES_MAX = 255

const number64 = new DataView(new ArrayBuffer(8))

/** Bytes being written. One is kept for the next call, since making memory costs more than most tuples do. */
export class Writer {
  room = Buffer.allocUnsafeSlow(1024)
  length = 0
  /** Where the incomplete versionstamps begin. */
  stamps: number[] = []

  static #spare: Writer | undefined = new Writer()

  /** A writer of one's own: an item's accessor may call pack in turn. */
  static take(): Writer {
    const writer = Writer.#spare ?? new Writer()
    Writer.#spare = undefined
    writer.length = 0
    if (writer.stamps.length > 0) writer.stamps = []
    return writer
  }

  give(): void {
    if (this.room.length <= 65536) Writer.#spare = this
  }

  reserve(count: number): void {
    if (this.length + count <= this.room.length) return
    const room = Buffer.allocUnsafeSlow(Math.max(this.room.length * 2, this.length + count))
    this.room.copy(room, 0, 0, this.length)
    this.room = room
  }

  /** A Buffer of what was written. */
  taken(): Buffer {
    const { room, length } = this
    const bytes = Buffer.allocUnsafe(length)
    if (length > 64) room.copy(bytes, 0, 0, length)
    else for (let index = 0; index < length; index++) bytes[index] = room[index] as number
    return bytes
  }

  text(code: number, text: string, path: () => string): void {
    const units = text.length
    this.reserve(2 + 3 * units)
    const room = this.room
    let at = this.length
    room[at++] = code
    if (units <= 32) {
      let index = 0
      for (; index < units; index++) {
        const unit = text.charCodeAt(index)
        if (unit === 0 || unit > 0x7f) break
        room[at++] = unit
      }
      if (index === units) {
        room[at++] = 0
        this.length = at
        return
      }
    }
    at = this.length + 1
    const written = room.write(wellFormed(text, path()), at, 'utf8')
    this.length = at + written
    if (text.includes('\0')) this.#escape(at)
    this.reserve(1)
    this.room[this.length++] = 0
  }

  bytes(code: number, bytes: Uint8Array): void {
    this.reserve(2 + bytes.length)
    this.room[this.length++] = code
    const start = this.length
    this.room.set(bytes, start)
    this.length += bytes.length
    if (bytes.includes(0)) this.#escape(start)
    this.reserve(1)
    this.room[this.length++] = 0
  }

  /** Writes ff after each zero from `start` on. */
  #escape(start: number): void {
    const plain = Buffer.from(this.room.subarray(start, this.length))
    this.length = start
    this.reserve(2 * plain.length + 1)
    for (const byte of plain) {
      this.room[this.length++] = byte
      if (byte === 0) this.room[this.length++] = ESCAPE
    }
  }

  /** An integer within 2^53. */
  integer(value: number): void {
    this.reserve(9)
    const negative = value < 0
    const magnitude = negative ? -value : value
    let high = Math.floor(magnitude / 0x100000000)
    let low = magnitude >>> 0
    const count = high > 0 ? 8 - (Math.clz32(high) >>> 3) : 4 - (Math.clz32(low) >>> 3)
    const room = this.room
    let at = this.length
    room[at] = negative ? 0x14 - count : 0x14 + count
    if (negative) {
      high = ~high
      low = ~low
    }
    this.length = at + 1 + count
    for (let left = count - 1; left >= 0; left--) {
      room[++at] = left >= 4 ? high >>> (8 * (left - 4)) : low >>> (8 * left)
    }
  }

  bigint(value: bigint, path: () => string): void {
    const negative = value < 0n
    let hex = (negative ? -value : value).toString(16)
    if (hex.length % 2 === 1) hex = `0${hex}`
    const count = value === 0n ? 0 : hex.length / 2
    if (count > INTEGER_BYTES_MAX) {
      throw new RangeError(
        `${path()}: an integer of ${count} bytes, more than the ${INTEGER_BYTES_MAX} there is room for`,
      )
    }
    this.reserve(2 + count)
    // The official Python binding gives the largest integer of 8 bytes the form of the longer ones.
    if (count > 8 || hex === 'ffffffffffffffff') {
      this.room[this.length++] = negative ? 0x0b : 0x1d
      this.room[this.length++] = negative ? count ^ 0xff : count
    } else {
      this.room[this.length++] = negative ? 0x14 - count : 0x14 + count
    }
    const start = this.length
    if (count > 0) this.length += this.room.write(hex, start, 'hex')
    if (negative) for (let at = start; at < this.length; at++) this.room[at] = (this.room[at] as number) ^ 0xff
  }

  double(high: number, low: number): void {
    this.reserve(9)
    const negative = high >>> 31 === 1
    const room = this.room
    const at = this.length
    room[at] = 0x21
    room.writeUInt32BE((negative ? ~high : high ^ 0x80000000) >>> 0, at + 1)
    room.writeUInt32BE((negative ? ~low : low) >>> 0, at + 5)
    this.length = at + 9
  }

  float(bits: number): void {
    this.reserve(5)
    this.room[this.length] = 0x20
    this.room.writeUInt32BE((bits >>> 31 === 1 ? ~bits : bits ^ 0x80000000) >>> 0, this.length + 1)
    this.length += 5
  }

  items(items: readonly unknown[], depth: number, path: () => string): void {
    for (let index = 0; index < items.length; index++) this.item(items[index], index, depth, path)
  }

  /** @param index its place in what is packed, or its name there, for messages */
  item(item: unknown, index: number | string, depth: number, outer: () => string): void {
    switch (typeof item) {
      case 'string':
        this.text(0x02, item, () => `${outer()}[${index}]`)
        return
      case 'number':
        if (Number.isSafeInteger(item) && !Object.is(item, -0)) this.integer(item)
        else if (Number.isInteger(item) && item !== 0) this.bigint(BigInt(item), () => `${outer()}[${index}]`)
        else {
          number64.setFloat64(0, item)
          if (Number.isNaN(item)) this.double(USUAL_NAN_HIGH, 0)
          else this.double(number64.getUint32(0), number64.getUint32(4))
        }
        return
      case 'bigint':
        this.bigint(item, () => `${outer()}[${index}]`)
        return
      case 'boolean':
        this.reserve(1)
        this.room[this.length++] = item ? 0x27 : 0x26
        return
      case 'object':
        this.object(item, index, depth, outer)
        return
      default:
        throw new TypeError(`${outer()}[${index}]: a ${typeof item} cannot be packed`)
    }
  }

  object(item: object | null, index: number | string, depth: number, outer: () => string): void {
    const path = () => `${outer()}[${index}]`
    if (item === null) {
      this.reserve(2)
      this.room[this.length++] = 0
      if (depth > 0) this.room[this.length++] = ESCAPE
    } else if (types.isUint8Array(item)) {
      this.bytes(0x01, item.length === 0 ? bytesOf(item, path()) : item)
    } else if (Array.isArray(item)) {
      // Its path is as long as it is deep: the outermost will do.
      if (depth === DEPTH_MAX) throw new RangeError(`${path().replace(/\[[\s\S]*/, '')}: nested deeper than ${DEPTH_MAX} tuples`)
      this.reserve(1)
      this.room[this.length++] = 0x05
      this.items(item, depth + 1, path)
      this.reserve(1)
      this.room[this.length++] = 0
    } else if (item instanceof Uuid) {
      this.uuid(item)
    } else if (item instanceof Versionstamp) {
      if (!item.isComplete) this.stamps.push(this.length + 1)
      this.raw(0x33, item.bytes)
    } else if (item instanceof Double) {
      const bits = item.bits
      this.double(Number(bits >> 32n), Number(bits & 0xffffffffn))
    } else if (item instanceof Float) {
      this.float(item.bits)
    } else {
      throw new TypeError(`${path()}: an object of class ${item.constructor?.name ?? 'none'} cannot be packed`)
    }
  }

  uuid(uuid: Uuid): void {
    this.reserve(17)
    this.room[this.length] = 0x30
    writeUuid(uuid, this.room, this.length + 1)
    this.length += 17
  }

  raw(code: number, bytes: Buffer): void {
    this.reserve(1 + bytes.length)
    this.room[this.length] = code
    this.room.set(bytes, this.length + 1)
    this.length += 1 + bytes.length
  }
}
