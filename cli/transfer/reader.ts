/**
 * Reading exports, block by block. What is wrong with one is found where it is.
 */

import { crc32 } from 'node:zlib'

import { Uuid, type Row } from '../../index.js'

import { Failure } from '../failures.js'
import { printKey } from '../format/bytes_text.js'
import { readRow } from '../format/json_rows.js'
import { count, plural } from '../format/quantities.js'
import { TextError } from '../format/text_error.js'
import type { ByteSource } from './byte_source.js'
import { decompressor } from './compression.js'
import type { Done } from './marker.js'
import {
  BLOCK,
  BLOCK_BYTES_MAX,
  BLOCK_HEAD_BYTES,
  BLOCK_ROWS_BYTES,
  COMPRESSIONS,
  CRC_BYTES,
  END,
  END_BYTES,
  HEADER_BYTES,
  MAGIC,
  readRows,
  VERSION,
  type Compression,
  type Header,
  type Totals,
} from './layout.js'

/** No key is longer. */
const KEY_BYTES_MAX = 0xffff
/** No line of JSON is longer: a key and a value, each byte in the four characters of an escape, twice over. */
const LINE_BYTES_MAX = 64 * 1024 * 1024

/** An export that is not as it was written. */
export class Damaged extends Failure {}

/** Gives the rows of an export in batches, each of which fits a transaction. */
export interface RowReader {
  /** The next batch; undefined after the last, if the export is whole. */
  next(): Promise<Row[] | undefined>
  /** Steps over what an earlier run has done; before the first `next`. */
  skip(done: Done): Promise<void>
  /** What was read so far. */
  readonly done: Done
}

/** Whether what comes is an export in blocks. */
export async function isBlocks(source: ByteSource): Promise<boolean> {
  return (await source.peek(MAGIC.length)).equals(MAGIC)
}

/** Reads blocks. */
export class BlockReader implements RowReader {
  readonly header: Header
  readonly totals: Totals = { blocks: 0, rows: 0, bytes: 0 }
  /** The checksum of the last part that was read: what is written behind it goes on from it. */
  crc: number
  /** The last key that was read. */
  lastKey: Buffer | undefined
  /** Where the part that is being read begins. */
  #start: number
  readonly #source: ByteSource
  readonly #name: string
  readonly #decompress: (bytes: Buffer, length: number) => Promise<Buffer>

  private constructor(source: ByteSource, name: string, header: Header, crc: number) {
    this.#source = source
    this.#name = name
    this.header = header
    this.crc = crc
    this.#start = source.at
    this.#decompress = decompressor(header.compression)
  }

  /** Reads the header. */
  static async open(source: ByteSource, name: string): Promise<BlockReader> {
    const fixed = await source.take(HEADER_BYTES)
    if (!fixed.subarray(0, MAGIC.length).equals(MAGIC)) throw new Damaged(`${name}: not an export of found`)
    if (fixed.length < HEADER_BYTES) throw new Damaged(`${name}: ends within its header, at byte ${source.at}`)
    const version = fixed.readUInt16LE(8)
    if (version !== VERSION) {
      throw new Failure(`${name}: of version ${version}, and this program knows ${VERSION}: a newer one is needed`)
    }
    const lengths = [fixed.readUInt32LE(28), fixed.readUInt32LE(32)] as const
    const compression = compressionOf(fixed.readUInt8(10))
    if (compression === undefined || Math.max(...lengths) > KEY_BYTES_MAX)
      throw new Damaged(`${name}: its header is damaged`)
    const keys = await source.take(lengths[0] + lengths[1] + CRC_BYTES)
    if (keys.length < lengths[0] + lengths[1] + CRC_BYTES) {
      throw new Damaged(`${name}: ends within its header, at byte ${source.at}`)
    }
    const crc = crc32(keys.subarray(0, -CRC_BYTES), crc32(fixed))
    if (crc !== keys.readUInt32LE(keys.length - CRC_BYTES)) throw new Damaged(`${name}: its header is damaged`)
    const header = {
      compression,
      id: new Uuid(fixed.subarray(12, 28)),
      begin: Buffer.from(keys.subarray(0, lengths[0])),
      end: Buffer.from(keys.subarray(lengths[0], lengths[0] + lengths[1])),
    }
    return new BlockReader(source, name, header, crc)
  }

  get done(): Done {
    const { blocks, rows, bytes } = this.totals
    return { batches: blocks, rows, bytes, at: this.#start, lines: 0 }
  }

  /** Reads the blocks: they may have been damaged since, and the checksums of the others go on from theirs. */
  async skip({ batches }: Done): Promise<void> {
    while (this.totals.blocks < batches && (await this.next()) !== undefined);
  }

  async next(): Promise<Row[] | undefined> {
    const [kind] = await this.#source.peek(1)
    if (kind === undefined) throw this.#truncated()
    if (kind === END) return this.#readEnd()
    if (kind !== BLOCK) throw this.#damaged('neither a block nor the end begins here')
    const head = await this.#take(BLOCK_HEAD_BYTES)
    const [stored, length, rows] = [head.readUInt32LE(4), head.readUInt32LE(8), head.readUInt32LE(12)]
    if (stored > BLOCK_BYTES_MAX || length > BLOCK_BYTES_MAX) throw this.#damaged('the length of the block is wrong')
    // Read as one piece, whose memory the rows keep.
    const tail = await this.#take(stored + CRC_BYTES)
    const payload = tail.subarray(0, stored)
    const crc = this.#checked(crc32(payload, crc32(head, this.crc)), tail)
    const block = await this.#rows(payload, length, rows)
    this.crc = crc
    this.#count(block)
    this.#start = this.#source.at
    return block
  }

  async #rows(payload: Buffer, length: number, count: number): Promise<Row[]> {
    let plain: Buffer | undefined
    try {
      plain = await this.#decompress(payload, length)
    } catch (error) {
      if (error instanceof Failure) throw error
    }
    const rows = plain?.length === length ? readRows(plain, count) : undefined
    if (rows === undefined || rows.length === 0) throw this.#damaged('the block cannot be read')
    return rows
  }

  #count(rows: Row[]): void {
    this.totals.blocks += 1
    this.totals.rows += rows.length
    for (const [key, value] of rows) this.totals.bytes += key.length + value.length
    this.lastKey = rows.at(-1)?.[0]
  }

  async #readEnd(): Promise<undefined> {
    const bytes = await this.#take(END_BYTES + CRC_BYTES)
    this.#checked(crc32(bytes.subarray(0, END_BYTES), this.crc), bytes)
    const { blocks, rows, bytes: size } = this.totals
    const told = [bytes.readBigUInt64LE(4), bytes.readBigUInt64LE(12), bytes.readBigUInt64LE(20)]
    if (![blocks, rows, size].every((value, index) => BigInt(value) === told[index])) {
      throw this.#damaged('the counts at the end are others')
    }
    this.#start = this.#source.at
    if ((await this.#source.peek(1)).length > 0) throw this.#damaged('something stands behind the end')
    return undefined
  }

  #checked(crc: number, sealed: Buffer): number {
    if (crc !== sealed.readUInt32LE(sealed.length - CRC_BYTES)) throw this.#damaged('the checksum is wrong')
    return crc
  }

  async #take(count: number): Promise<Buffer> {
    const bytes = await this.#source.take(count)
    if (bytes.length < count) throw this.#truncated()
    return bytes
  }

  #truncated(): Damaged {
    return new Damaged(`${this.#name}: ends too early, at byte ${count(this.#source.at)}: ${this.#whole()}`)
  }

  #damaged(what: string): Damaged {
    return new Damaged(`${this.#name}: damaged: ${what}, from byte ${count(this.#start)} on: ${this.#whole()}`)
  }

  #whole(): string {
    const { blocks, rows } = this.totals
    const last = this.lastKey === undefined ? '' : `, the last key ${printKey(this.lastKey)}`
    return `whole are ${plural(blocks, 'block')} before it with ${plural(rows, 'row')}${last}`
  }
}

function compressionOf(number: number): Compression | undefined {
  return (Object.keys(COMPRESSIONS) as Compression[]).find((name) => COMPRESSIONS[name] === number)
}

/** Reads lines of JSON. */
export class LineReader implements RowReader {
  readonly #source: ByteSource
  readonly #name: string
  #batches = 0
  #rows = 0
  #bytes = 0
  #line = 0
  /** Where the last row ends: what stands behind it may be wrong, and be mended before an import goes on. */
  #end = { at: 0, lines: 0 }
  /** What is wrong behind the rows that were given. */
  #wrong: unknown

  constructor(source: ByteSource, name: string) {
    this.#source = source
    this.#name = name
  }

  get done(): Done {
    return { batches: this.#batches, rows: this.#rows, bytes: this.#bytes, ...this.#end }
  }

  async skip({ batches, rows, bytes, at, lines }: Done): Promise<void> {
    await this.#source.discard(at)
    this.#batches = batches
    this.#rows = rows
    this.#bytes = bytes
    this.#line = lines
    this.#end = { at, lines }
  }

  async next(): Promise<Row[] | undefined> {
    if (this.#wrong !== undefined) throw this.#wrong
    const rows: Row[] = []
    let size = 0
    try {
      while (size < BLOCK_ROWS_BYTES) {
        const row = await this.#row()
        if (row === undefined) break
        rows.push(row)
        size += row[0].length + row[1].length
        this.#end = { at: this.#source.at, lines: this.#line }
      }
    } catch (error) {
      if (rows.length === 0) throw error
      this.#wrong = error
    }
    if (rows.length === 0) return undefined
    this.#batches += 1
    this.#rows += rows.length
    this.#bytes += size
    return rows
  }

  async #row(): Promise<Row | undefined> {
    for (;;) {
      const taken = await this.#source.takeLine(LINE_BYTES_MAX)
      if (taken === undefined) return undefined
      this.#line += 1
      const text = taken.line.toString().trim()
      if (text === '') continue
      try {
        return readRow(text)
      } catch (error) {
        if (!(error instanceof TextError)) throw error
        const cut = taken.whole ? '' : ', and no line feed ends it: the file may have been cut off there'
        throw new Damaged(`${this.#name}: line ${count(this.#line)}: ${error.message}${cut}`)
      }
    }
  }
}
