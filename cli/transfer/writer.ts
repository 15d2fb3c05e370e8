/**
 * Writing exports: what gives each row its bytes, in the layout of blocks or as lines of JSON.
 */

import { printRow, type Forms } from '../format/json_rows.js'
import { compressor } from './compression.js'
import { BLOCK_ROWS_BYTES, encodeBlock, encodeEnd, encodeHeader, rowBytes, writeRow } from './layout.js'
import type { Header, Totals } from './layout.js'

/** Takes rows, and gives bytes when there are enough of them. */
export interface RowWriter {
  /** What stands before the first row. */
  begin(): Buffer
  /** Takes a row; true if `flush` should be called before the next. */
  add(key: Buffer, value: Buffer): boolean
  /** The bytes of the rows since the last flush. */
  flush(): Promise<Buffer>
  /** What stands behind the last row, after the last flush. */
  end(): Buffer
  /** What was written so far. */
  readonly totals: Readonly<Totals>
}

/** Writes blocks, from the beginning or behind those that an earlier run has written. */
export class BlockWriter implements RowWriter {
  readonly totals: Totals
  readonly #header: Header
  readonly #compress: (bytes: Buffer) => Promise<Buffer>
  #room = Buffer.allocUnsafeSlow(BLOCK_ROWS_BYTES)
  #length = 0
  #rows = 0
  #crc: number

  constructor(header: Header, after: { readonly crc: number; readonly totals: Totals } | undefined) {
    this.#header = header
    this.#compress = compressor(header.compression)
    this.#crc = after?.crc ?? 0
    this.totals = after === undefined ? { blocks: 0, rows: 0, bytes: 0 } : { ...after.totals }
  }

  begin(): Buffer {
    const { bytes, crc } = encodeHeader(this.#header)
    this.#crc = crc
    return bytes
  }

  add(key: Buffer, value: Buffer): boolean {
    const after = this.#length + rowBytes(key, value)
    if (after > this.#room.length) this.#grow(after)
    this.#length = writeRow(this.#room, this.#length, key, value)
    this.#rows += 1
    this.totals.bytes += key.length + value.length
    return this.#length >= BLOCK_ROWS_BYTES
  }

  #grow(least: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(least, 2 * this.#room.length))
    this.#room.copy(room, 0, 0, this.#length)
    this.#room = room
  }

  async flush(): Promise<Buffer> {
    if (this.#rows === 0) return Buffer.alloc(0)
    const stored = await this.#compress(this.#room.subarray(0, this.#length))
    const { bytes, crc } = encodeBlock(stored, this.#length, this.#rows, this.#crc)
    this.#crc = crc
    this.totals.blocks += 1
    this.totals.rows += this.#rows
    this.#length = 0
    this.#rows = 0
    return bytes
  }

  end(): Buffer {
    return encodeEnd(this.totals, this.#crc).bytes
  }
}

/** Writes a line of JSON for each row. */
export class LineWriter implements RowWriter {
  readonly totals: Totals = { blocks: 0, rows: 0, bytes: 0 }
  readonly #forms: Forms
  #lines = ''

  constructor(forms: Forms) {
    this.#forms = forms
  }

  begin(): Buffer {
    return Buffer.alloc(0)
  }

  add(key: Buffer, value: Buffer): boolean {
    this.#lines += `${printRow(key, value, this.#forms)}\n`
    this.totals.rows += 1
    this.totals.bytes += key.length + value.length
    return this.#lines.length >= BLOCK_ROWS_BYTES
  }

  async flush(): Promise<Buffer> {
    const bytes = Buffer.from(this.#lines)
    this.#lines = ''
    return bytes
  }

  end(): Buffer {
    return Buffer.alloc(0)
  }
}
