/**
 * The layout of an export: a header, blocks of rows, and an end. docs/export-format.md describes it for others.
 *
 * All integers are little-endian. Each part ends with a CRC-32 of its bytes that goes on from that of the part before,
 * so that parts that are missing, doubled or in another order are noticed like a wrong byte.
 */

import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

import { Uuid, type Row } from '../../index.js'

/** What every export begins with: like PNG's, a transfer as text would damage it. */
export const MAGIC = Buffer.from([0x89, 0x66, 0x6f, 0x75, 0x6e, 0x64, 0x0d, 0x0a])
/** The version of the layout. */
export const VERSION = 1
/** The length of the header's part that does not vary. */
export const HEADER_BYTES = 36
/** The length of the head of a block, and of the end without its checksum. */
export const BLOCK_HEAD_BYTES = 16
export const END_BYTES = 28
export const CRC_BYTES = 4
/** What begins a block, and the end. */
export const BLOCK = 0x42
export const END = 0x45

/** The rows of a block are at most so many bytes, but at least one row: what fits a transaction well. */
export const BLOCK_ROWS_BYTES = 512 * 1024
/** No block is longer; a length beyond it is damage. */
export const BLOCK_BYTES_MAX = 64 * 1024 * 1024
/** How the rows of blocks are compressed. The numbers are those in the header. */
export const COMPRESSIONS = { none: 0, deflate: 1, zstd: 2 } as const
export type Compression = keyof typeof COMPRESSIONS

/** What the header tells. */
export interface Header {
  readonly compression: Compression
  /** Tells this export from any other: an import goes on by it. */
  readonly id: Uuid
  /** The range of keys that was exported. */
  readonly begin: Buffer
  readonly end: Buffer
}

/** How much an export has: of blocks, of rows, and of bytes of their keys and values. */
export interface Totals {
  blocks: number
  rows: number
  bytes: number
}

/** The id of a new export. */
export function newId(): Uuid {
  return new Uuid(randomBytes(16))
}

/** Bytes and their checksum, which goes on from the checksum before. */
export function sealed(parts: readonly Buffer[], before: number): { bytes: Buffer; crc: number } {
  let crc = before
  for (const part of parts) crc = crc32(part, crc)
  const tail = Buffer.alloc(CRC_BYTES)
  tail.writeUInt32LE(crc)
  return { bytes: Buffer.concat([...parts, tail]), crc }
}

/** The bytes of a header. */
export function encodeHeader(header: Header): { bytes: Buffer; crc: number } {
  const fixed = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(fixed)
  fixed.writeUInt16LE(VERSION, 8)
  fixed.writeUInt8(COMPRESSIONS[header.compression], 10)
  header.id.bytes.copy(fixed, 12)
  fixed.writeUInt32LE(header.begin.length, 28)
  fixed.writeUInt32LE(header.end.length, 32)
  return sealed([fixed, header.begin, header.end], 0)
}

/** The bytes of a block: `stored` is its rows as they are stored, `length` their length uncompressed. */
export function encodeBlock(
  stored: Buffer,
  length: number,
  rows: number,
  before: number,
): { bytes: Buffer; crc: number } {
  const head = Buffer.alloc(BLOCK_HEAD_BYTES)
  head.writeUInt8(BLOCK)
  head.writeUInt32LE(stored.length, 4)
  head.writeUInt32LE(length, 8)
  head.writeUInt32LE(rows, 12)
  return sealed([head, stored], before)
}

/** The bytes of the end. */
export function encodeEnd(totals: Totals, before: number): { bytes: Buffer; crc: number } {
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt8(END)
  end.writeBigUInt64LE(BigInt(totals.blocks), 4)
  end.writeBigUInt64LE(BigInt(totals.rows), 12)
  end.writeBigUInt64LE(BigInt(totals.bytes), 20)
  return sealed([end], before)
}

/** Writes a row at a place of a buffer that has room for it; where the next one goes. */
export function writeRow(room: Buffer, at: number, key: Buffer, value: Buffer): number {
  let next = room.writeUInt16LE(key.length, at)
  next = room.writeUInt32LE(value.length, next)
  key.copy(room, next)
  value.copy(room, next + key.length)
  return next + key.length + value.length
}

/** The bytes that a row takes. */
export function rowBytes(key: Buffer, value: Buffer): number {
  return 6 + key.length + value.length
}

/** The rows of a block, uncompressed; undefined if they are not so many rows. They share the memory of `bytes`. */
export function readRows(bytes: Buffer, count: number): Row[] | undefined {
  const rows: Row[] = []
  let at = 0
  while (at + 6 <= bytes.length) {
    const keyEnd = at + 6 + bytes.readUInt16LE(at)
    const end = keyEnd + bytes.readUInt32LE(at + 2)
    if (end > bytes.length) return undefined
    rows.push([bytes.subarray(at + 6, keyEnd), bytes.subarray(keyEnd, end)])
    at = end
  }
  return at === bytes.length && rows.length === count ? rows : undefined
}
