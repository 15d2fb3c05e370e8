/**
 * Where an import comes from: a file, or the standard input.
 */

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

import type { Context } from '../context.js'
import { ByteSource } from './byte_source.js'
import { BlockReader, Damaged, isBlocks, LineReader, type RowReader } from './reader.js'

const READ_BYTES = 1 << 20
const STDIN = 'standard input'

/** What is read, and how much of it there is. */
export interface Input {
  readonly source: ByteSource
  /** What it is called in messages. */
  readonly name: string
  /** Its length in bytes; 0 if nobody knows. */
  readonly length: number
}

/** Opens a file, or the standard input for `-`. */
export async function openInput(context: Context, path: string): Promise<Input> {
  if (path === '-') return { source: new ByteSource(context.stdin), name: STDIN, length: 0 }
  const { size } = await stat(path)
  return { source: new ByteSource(createReadStream(path, { highWaterMark: READ_BYTES })), name: path, length: size }
}

/** What reads the rows of an input: blocks, if it begins like them, otherwise lines of JSON. */
export async function openReader({ source, name }: Input): Promise<RowReader> {
  const empty = (await source.peek(1)).length === 0
  // No rows make no lines, but every export in blocks has a header.
  if (empty && name !== STDIN && !name.endsWith('.jsonl')) throw new Damaged(`${name}: is empty`)
  return (await isBlocks(source)) ? BlockReader.open(source, name) : new LineReader(source, name)
}
