/**
 * Reading an export through, to see whether it is whole.
 */

import type { Context } from '../context.js'
import { Progress } from './progress.js'
import type { Header } from './layout.js'
import type { Done } from './marker.js'
import { BlockReader } from './reader.js'
import { openReader, type Input } from './source.js'

/** What an export has. */
export interface Contents {
  /** Undefined for JSON lines. */
  readonly header: Header | undefined
  readonly done: Done
}

/** Reads an export to its end. What is wrong with it is thrown, with the place. */
export async function readThrough(context: Context, input: Input, quiet: boolean): Promise<Contents> {
  const reader = await openReader(input)
  const progress = new Progress(context, 'reading', input.length, quiet)
  await progress.begin()
  try {
    while ((await reader.next()) !== undefined) {
      context.signal.throwIfAborted()
      progress.at({ rows: reader.done.rows, done: input.source.at })
    }
  } finally {
    progress.end()
    await input.source.end()
  }
  return { header: reader instanceof BlockReader ? reader.header : undefined, done: reader.done }
}
