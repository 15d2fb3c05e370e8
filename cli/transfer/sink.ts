/**
 * Where an export goes to: a file, or the standard output.
 */

import { open, type FileHandle } from 'node:fs/promises'

import { write, type Context } from '../context.js'
import { Failure } from '../failures.js'

/** Takes bytes one after the other. */
export interface Sink {
  write(bytes: Buffer): Promise<void>
  /** All was written: it is on disk when this is done. */
  finish(): Promise<void>
  /** Lets go of it, finished or not. */
  close(): Promise<void>
}

/** The standard output. */
export function stdoutSink(context: Context): Sink {
  return { write: (bytes) => write(context, bytes), finish: async () => {}, close: async () => {} }
}

/** A new file. One that is there already is an error, unless it may be overwritten. */
export async function newFileSink(path: string, overwrite: boolean): Promise<Sink> {
  try {
    return new FileSink(await open(path, overwrite ? 'w' : 'wx'), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Failure(`${path}: is there already; go on with it by --resume, or write it anew by --overwrite`)
  }
}

/** A file whose first `length` bytes stay; what stands behind them is cut off. */
export async function oldFileSink(path: string, length: number): Promise<Sink> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(length)
    return new FileSink(file, length)
  } catch (error) {
    await file.close()
    throw error
  }
}

class FileSink implements Sink {
  readonly #file: FileHandle
  #at: number

  constructor(file: FileHandle, at: number) {
    this.#file = file
    this.#at = at
  }

  async write(bytes: Buffer): Promise<void> {
    let done = 0
    while (done < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#at + done)
      done += bytesWritten
    }
    this.#at += done
  }

  async finish(): Promise<void> {
    await this.#file.sync()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
