/**
 * What the tests of the command share: running it as people do, as a process.
 */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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
  readonly cwd?: string
  readonly environment?: NodeJS.ProcessEnv
}

/** Runs the command to its end. */
export function runFound(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { FORCE_COLOR, NO_COLOR, ...environment } = process.env
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: options.cwd,
    env: { ...environment, NODE_OPTIONS: '', ...options.environment },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const output: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => output.push(part))
  child.stderr.on('data', (part: Buffer) => errors.push(part))
  // It may end without having read all.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const bytes = Buffer.concat(output)
      resolve({ code, output: bytes.toString(), errors: Buffer.concat(errors).toString(), bytes })
    })
  })
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
