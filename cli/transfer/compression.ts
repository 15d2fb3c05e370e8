/**
 * Compressing blocks, by what Node has.
 */

import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

import { Failure } from '../failures.js'
import type { Compression } from './layout.js'

type Work = (bytes: Buffer, options?: object) => Promise<Buffer>
type ZlibFunction = (bytes: Buffer, options: object, done: (error: Error | null, result: Buffer) => void) => void

/** What there is from Node 22.15 and 23.8 on. */
const { zstdCompress, zstdDecompress } = zlib as unknown as {
  zstdCompress?: ZlibFunction
  zstdDecompress?: ZlibFunction
}

const compressors: Readonly<Record<Compression, Work | undefined>> = {
  none: (bytes) => Promise.resolve(bytes),
  deflate: work(zlib.deflateRaw),
  zstd: work(zstdCompress),
}
const decompressors: Readonly<Record<Compression, Work | undefined>> = {
  none: (bytes) => Promise.resolve(bytes),
  deflate: work(zlib.inflateRaw),
  zstd: work(zstdDecompress),
}

function work(call: ZlibFunction | undefined): Work | undefined {
  if (call === undefined) return undefined
  const promised = promisify(call)
  return (bytes, options = {}) => promised(bytes, options)
}

/** A function that compresses. */
export function compressor(compression: Compression): Work {
  return known(compressors[compression], compression)
}

/** A function that decompresses; its result is at most `maxOutputLength` bytes long. */
export function decompressor(compression: Compression): (bytes: Buffer, length: number) => Promise<Buffer> {
  const call = known(decompressors[compression], compression)
  // An option of 0 is none to zlib.
  return (bytes, length) => call(bytes, { maxOutputLength: Math.max(length, 1) })
}

function known(call: Work | undefined, compression: Compression): Work {
  if (call !== undefined) return call
  throw new Failure(`${compression}: this Node (${process.version}) has it not; Node 22.15 and newer have`)
}
