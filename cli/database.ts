/**
 * Opening the database that a command is given.
 */

import { existsSync } from 'node:fs'

import { close, open, type Database } from '../index.js'

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
  const options = choice.timeout === undefined ? {} : { transaction_timeout: Math.round(choice.timeout * 1000) }
  const db = await open(target, options)
  try {
    return await work(db)
  } finally {
    await close(db)
  }
}
