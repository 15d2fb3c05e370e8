/**
 * Going on with an export that broke off: what of its file is whole.
 */

import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'

import { Failure } from '../failures.js'
import { printKey, type KeyRange } from '../format/bytes_text.js'
import { readRow } from '../format/json_rows.js'
import { TextError } from '../format/text_error.js'
import { ByteSource } from './byte_source.js'
import type { Compression, Header, Totals } from './layout.js'
import { BlockReader, Damaged } from './reader.js'

/** The whole part of a file of blocks. */
export interface WholeBlocks {
  readonly header: Header
  readonly bytes: number
  readonly crc: number
  readonly totals: Totals
  readonly lastKey: Buffer | undefined
  /** Whether its end is there. */
  readonly ended: boolean
}

/** The whole part of a file of lines. */
export interface WholeLines {
  readonly bytes: number
  readonly lastKey: Buffer | undefined
}

/** The length of a file; undefined if there is nothing to go on with. */
export async function lengthOf(path: string): Promise<number | undefined> {
  try {
    const { size } = await stat(path)
    return size === 0 ? undefined : size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Reads a file of blocks as far as it is whole. It must be an export of the same range, in the same way. */
export async function wholeBlocks(path: string, range: KeyRange, compression: Compression): Promise<WholeBlocks> {
  const source = new ByteSource(createReadStream(path, { highWaterMark: 1 << 20 }))
  try {
    const reader = await BlockReader.open(source, path)
    const { header } = reader
    if (!header.begin.equals(range.begin) || !header.end.equals(range.end)) {
      const asked = `${printKey(header.begin)} to ${printKey(header.end)}`
      throw new Failure(`${path}: is an export of another range: from ${asked}`)
    }
    if (header.compression !== compression) {
      throw new Failure(`${path}: was begun with --compress ${header.compression}`)
    }
    const ended = await readWhole(reader)
    const { crc, totals, lastKey, done } = reader
    return { header, bytes: done.at, crc, totals, lastKey, ended }
  } finally {
    await source.end()
  }
}

async function readWhole(reader: BlockReader): Promise<boolean> {
  try {
    while ((await reader.next()) !== undefined);
    return true
  } catch (error) {
    if (error instanceof Damaged) return false
    throw error
  }
}

const TAIL_BYTES = 1 << 16

/** Looks for the last whole line of a file of JSON lines, from its end. */
export async function wholeLines(path: string, length: number): Promise<WholeLines> {
  const file = await open(path, 'r')
  try {
    let tail: Buffer = Buffer.alloc(0)
    let from = length
    for (;;) {
      const end = tail.lastIndexOf(0x0a)
      const begin = end < 0 ? -1 : tail.lastIndexOf(0x0a, end - 1)
      if (end >= 0 && (begin >= 0 || from === 0)) {
        return { bytes: from + end + 1, lastKey: keyOfLine(path, tail.subarray(begin + 1, end)) }
      }
      if (from === 0) return { bytes: 0, lastKey: undefined }
      const count = Math.min(TAIL_BYTES, from)
      const before = Buffer.alloc(count)
      await file.read(before, 0, count, from - count)
      tail = Buffer.concat([before, tail])
      from -= count
    }
  } finally {
    await file.close()
  }
}

function keyOfLine(path: string, line: Buffer): Buffer {
  try {
    return readRow(line.toString())[0]
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    throw new Failure(`${path}: its last line is no row: ${error.message}`)
  }
}
