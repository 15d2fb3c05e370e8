/**
 * What the tests of the command share: running it, in this process, which is quick, and as people do.
 */

import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

import picocolors from 'picocolors'

import type { Context } from '../../cli/context.js'
import { runCommand } from '../../cli/program.js'
import * as found from '../../index.js'

/** The command, as it is published. */
export const COMMAND = fileURLToPath(new URL('../../dist/found.js', import.meta.url))

/** How a run of the command ended. */
export interface Ran {
  readonly code: number | null
  readonly output: string
  readonly errors: string
  /** The output as it came. */
  readonly bytes: Buffer
}

/** How to run the command. */
export interface RunOptions {
  /** What it reads; nothing if left out. */
  readonly input?: string | Buffer
  /** What the environment has besides, of a process of its own. */
  readonly environment?: NodeJS.ProcessEnv
}

/** Runs the command in this process, as if its streams were pipes. */
export async function runFound(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [stdout, stderr] = [new Collector(), new Collector()]
  const stdin = new PassThrough()
  stdin.end(options.input ?? '')
  const context = {
    stdin,
    stdout,
    stderr,
    environment: {},
    signal: new AbortController().signal,
    colours: picocolors.createColors(false),
  } as unknown as Context
  const code = await runCommand(context, [...args])
  return { code, output: stdout.bytes.toString(), errors: stderr.bytes.toString(), bytes: stdout.bytes }
}

/** Runs the command as it is published, in a process of its own. */
export function spawnFound(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { FORCE_COLOR, NO_COLOR, ...environment } = process.env
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...environment, NODE_OPTIONS: '', ...options.environment },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const [stdout, stderr] = [new Collector(), new Collector()]
  child.stdout.pipe(stdout)
  child.stderr.pipe(stderr)
  // It may end without having read all.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, output: stdout.bytes.toString(), errors: stderr.bytes.toString(), bytes: stdout.bytes })
    })
  })
}

/** Keeps what is written to it. */
class Collector extends Writable {
  readonly #parts: Buffer[] = []

  override _write(part: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#parts.push(Buffer.from(part))
    done()
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** Writes rows into a database, and closes it. */
export async function fill(target: string, rows: Iterable<readonly [found.Bytes, found.Bytes]>): Promise<void> {
  const db = await found.open(target)
  await found.transactional(db, (tx) => {
    for (const [key, value] of rows) found.set(tx, key, value)
  })
  await found.close(db)
}

/** All rows of a database. */
export async function rowsOf(target: string): Promise<found.Row[]> {
  const db = await found.open(target)
  const rows = await found.all(found.scan(db, '', Buffer.of(0xff)))
  await found.close(db)
  return rows
}

/** Waits until a file has grown to a size. */
export async function growsTo(path: string, size: number): Promise<void> {
  for (;;) {
    const length = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (length >= size) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
