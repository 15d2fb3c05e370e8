/**
 * Opening the database that a command is given.
 */

import { existsSync } from 'node:fs'

import { close, databaseSetOption, open, readVersion, transactional, type Database } from '../index.js'

import { say, type Context } from './context.js'
import { Failure, UsageError } from './failures.js'

/** How to open a database. */
export interface DatabaseChoice {
  /** Makes the file of an embedded database if there is none; otherwise that is an error. */
  readonly create: boolean
  /** Seconds after which a transaction gives up; without limit if left out. */
  readonly timeout?: number | undefined
}

/** The path of an embedded database in a file; undefined for any other database. */
export function filePath(target: string): string | undefined {
  return target.startsWith('file:') ? target.slice('file:'.length) : undefined
}

/** Whether a database is in this process alone, so that nobody writes beside us. */
export function isEmbedded(target: string): boolean {
  return target.startsWith('memory:') || target.startsWith('file:')
}

/** Opens a database, works with it, and closes it. */
export async function withDatabase<T>(
  context: Context,
  target: string,
  choice: DatabaseChoice,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  if (target === '') throw new UsageError('DATABASE: is empty; it is memory:, file:PATH or the path of a cluster file')
  const path = filePath(target)
  if (path !== undefined && !choice.create && !existsSync(path)) {
    throw new Failure(`there is no database file ${path}; found set, found import and the shell make one`)
  }
  if (target.startsWith('memory:')) say(context, `found: ${target} is empty, and gone when the command ends`)
  const timeout = choice.timeout === undefined ? undefined : Math.round(choice.timeout * 1000)
  const db = await open(target)
  const answered = new AbortController()
  try {
    if (!isEmbedded(target)) await reach(context, db, timeout, answered.signal)
    if (timeout !== undefined) databaseSetOption(db, 'transaction_timeout', timeout)
    return await work(db)
  } finally {
    answered.abort()
    await close(db)
  }
}

/** Milliseconds that a cluster may be silent before something is said. */
const SILENCE = 2000

/**
 * With a timeout, waits until a cluster has answered, as FoundationDB itself may not keep the time before it has;
 * otherwise has it said if it does not answer.
 */
async function reach(context: Context, db: Database, timeout: number | undefined, ended: AbortSignal): Promise<void> {
  if (timeout === undefined) {
    void tellWhileSilent(context, db, ended)
    return
  }
  await transactional(db, (tx) => readVersion(tx), { timeout, signal: context.signal })
}

/** Says that a cluster does not answer, if it does not. It may yet: calls wait for it, as long as they may. */
async function tellWhileSilent(context: Context, db: Database, ended: AbortSignal): Promise<void> {
  const timer = setTimeout(() => {
    say(
      context,
      'found: no answer from the cluster yet; Ctrl-C ends, --timeout SECONDS limits how long it is waited for',
    )
  }, SILENCE)
  timer.unref()
  try {
    await transactional(db, (tx) => readVersion(tx), { signal: ended })
  } catch {
    // What is wrong is told by the call that it happens to.
  } finally {
    clearTimeout(timer)
  }
}
