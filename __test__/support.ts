/**
 * What the tests share: a database for each, and programs run in a process of their own.
 */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import type { ExecutionContext } from 'ava'

import * as found from '../index.js'

/** Where a program's keys end. The string '\\xff' is not it: in UTF-8 that is c3 bf. */
export const END = Buffer.of(0xff)

/**
 * What opens an embedded database: its name, or, where the tests are run as on a cluster (cluster/run.sh), a cluster file
 * that stands for it.
 */
export function target(embedded: string): string {
  const clusters = process.env.FOUND_TEST_CLUSTERS
  if (clusters === undefined) return embedded
  const path = join(clusters, `${createHash('sha256').update(embedded).digest('hex')}.cluster`)
  if (!existsSync(path)) {
    // Other processes may look for it at the same time.
    writeFileSync(`${path}.${process.pid}`, embedded)
    renameSync(`${path}.${process.pid}`, path)
  }
  return path
}

/** A new database in memory, closed after the test. */
export async function memory(t: ExecutionContext, rows: Record<string, string> = {}): Promise<found.Database> {
  const db = await found.open(target('memory:'))
  t.teardown(() => found.close(db))
  await found.transactional(db, (tx) => {
    for (const [key, value] of Object.entries(rows)) found.set(tx, key, value)
  })
  return db
}

/** A new folder, removed after the test. */
export async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'found-db-test-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The value of a key, as text. */
export async function read(db: found.Database, key: found.Bytes): Promise<string | undefined> {
  const value = await found.transactional(db, (tx) => found.get(tx, key))
  return value?.toString()
}

/** Sets a key in a transaction of its own. */
export function write(db: found.Database, key: found.Bytes, value: found.Bytes): Promise<void> {
  return found.transactional(db, (tx) => found.set(tx, key, value))
}

/** Keys as text, joined. */
export function keys(rows: found.Row[]): string {
  return rows.map(([key]) => key.toString()).join(' ')
}

/** A promise, and what settles it. */
export function signal<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

/** The address of the package, for programs in other processes. */
export const packageUrl = new URL('../index.js', import.meta.url).href

/**
 * Runs a program (an ES module, at hand are `found` and `MEMORY`, which opens a new database in memory) in a process of
 * its own, to its end.
 */
export function run(program: string, ...flags: string[]): Promise<Ended> {
  return runIn({}, program, ...flags)
}

/** The same in a process with these environment variables besides. */
export function runIn(environment: NodeJS.ProcessEnv, program: string, ...flags: string[]): Promise<Ended> {
  const memory = `const MEMORY = ${JSON.stringify(target('memory:'))}`
  const source = `import * as found from ${JSON.stringify(packageUrl)}
${memory}
${program}`
  return spawnNode(environment, source, flags)
}

/** Runs a program that does not load the package by itself. */
export function runPlain(source: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return spawnNode(environment, source, [])
}

function spawnNode(environment: NodeJS.ProcessEnv, source: string, flags: string[]): Promise<Ended> {
  return execute(process.execPath, [...flags, '--input-type=module', '--eval', source], environment)
}

/** Runs a command to its end, a minute at most. */
export function execute(command: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  return new Promise((resolve) => {
    const options = {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', ...environment },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    } as const
    const child = execFile(
      command,
      args,
      options,
      (_error, output, errors) => {
        resolve({ code: child.exitCode, killedBy: child.signalCode, output: output.trim(), errors })
      },
    )
  })
}

/**
 * Counts the turns of the event loop while something runs. Turns, not time: how many there are depends on how much is
 * done between two of them, not on the machine.
 */
export async function turnsDuring<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0
  let turn = setImmediate(function next() {
    turns += 1
    turn = setImmediate(next)
  })
  try {
    const result = await work()
    return { result, turns }
  } finally {
    clearImmediate(turn)
  }
}

/** Runs a program (an ES module, `found` and `data` at hand) in a worker, to its end. */
export function work(program: string, data: unknown = undefined): Promise<unknown> {
  const source = `
    import { parentPort, workerData as data } from 'node:worker_threads'
    import * as found from ${JSON.stringify(packageUrl)}
    const MEMORY = ${JSON.stringify(target('memory:'))}
    ${program}`
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData: data,
      execArgv: [],
    })
    let message: unknown
    worker.on('message', (value) => (message = value))
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve(message) : reject(new Error(`exit code ${code}`))))
  })
}

/** Where redb's header lies in a database file: behind the log and a block of checksums. */
export const headerOf = (file: Buffer): number => file.indexOf('redb\x1a\n')
