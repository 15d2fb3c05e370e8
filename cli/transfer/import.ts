/**
 * Importing: the rows of an export into a database, a transaction for each batch.
 */

import { FoundError, set, transactional, type Database, type Row, type Transaction } from '../../index.js'

import { say, type Context } from '../context.js'
import { Failure, Interrupted } from '../failures.js'
import { bytes, count, plural } from '../format/quantities.js'
import { Marker, type Done } from './marker.js'
import { Progress } from './progress.js'
import type { RowReader } from './reader.js'
import { openReader, type Input } from './source.js'

/** How to import. */
export interface ImportPlan {
  readonly resume: boolean
  readonly quiet: boolean
}

/** What came of reading the next batch. */
type Ahead = { readonly rows: Row[] | undefined; readonly done: Done } | { readonly error: unknown }

/** Imports. */
export async function importRows(context: Context, db: Database, input: Input, plan: ImportPlan): Promise<void> {
  const reader = await openReader(input)
  const marker = await Marker.of(reader, input.source)
  const done = await marker.read(db, context.signal)
  if (done !== undefined && !plan.resume && !plan.quiet) {
    say(context, `an earlier import of this stopped after ${plural(done.rows, 'row')}; --resume goes on from there`)
  }
  const progress = new Progress(context, 'importing', input.length, plan.quiet)
  await progress.begin()
  const work = new Import(context, db, reader, marker, done !== undefined)
  try {
    if (done !== undefined && plan.resume) await work.skip(done)
    await work.run(() => progress.at({ rows: work.rows, done: input.source.at }))
  } catch (error) {
    progress.end()
    throw explained(context, error, work.rows)
  } finally {
    await input.source.end()
  }
  const skipped = work.skipped > 0 ? `, ${count(work.skipped)} of them before` : ''
  const { rows, bytes: size } = reader.done
  progress.end(`imported ${plural(rows, 'row')} (${bytes(size)})${skipped} in ${progress.pace(rows)}`)
}

function explained(context: Context, error: unknown, rows: number): unknown {
  if (context.signal.aborted) {
    return new Failure(`interrupted after ${plural(rows, 'row')}: go on with --resume`, new Interrupted().exitCode)
  }
  if (error instanceof Failure)
    return new Failure(`${error.message}; imported before it: ${plural(rows, 'row')}`, error.exitCode)
  if (error instanceof FoundError) {
    const message = `${error.message}; imported before it: ${plural(rows, 'row')}`
    return new Failure(message, undefined, { cause: error })
  }
  return error
}

function failed(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  )
}

class Import {
  /** How many rows are in the database. */
  rows = 0
  /** How many of them were there before. */
  skipped = 0
  readonly #context: Context
  readonly #db: Database
  readonly #reader: RowReader
  readonly #marker: Marker
  /** Whether the marker is, or may be, in the database. */
  #marked: boolean

  constructor(context: Context, db: Database, reader: RowReader, marker: Marker, marked: boolean) {
    this.#context = context
    this.#db = db
    this.#reader = reader
    this.#marker = marker
    this.#marked = marked
  }

  /** Steps over what an earlier import has done. */
  async skip(done: Done): Promise<void> {
    await this.#reader.skip(done)
    this.rows = this.skipped = this.#reader.done.rows
  }

  /** Imports all batches; `tell` is called at the beginning, and after each. */
  async run(tell: () => void): Promise<void> {
    tell()
    let current = await this.#ahead()
    let following = this.#ahead()
    let committed = Promise.resolve()
    while ('rows' in current && current.rows !== undefined) {
      const next = await following
      const last = 'rows' in next && next.rows === undefined
      // Reads on while this batch is being committed.
      following = 'rows' in next && !last ? this.#ahead() : following
      // Its rows are set while the batch before it is being committed.
      const before = committed
      committed = this.#commit(current.rows, last ? undefined : current.done, before)
      committed.catch(() => {})
      await before
      tell()
      current = next
    }
    await committed
    tell()
    if ('error' in current) throw current.error
    if (this.#marked) await this.#run((tx) => this.#marker.clear(tx))
  }

  async #ahead(): Promise<Ahead> {
    try {
      return { rows: await this.#reader.next(), done: this.#reader.done }
    } catch (error) {
      return { error }
    }
  }

  /**
   * Commits a batch, after the one before it: what the marker says must be true of all that come before.
   *
   * @param done what is done with it; undefined if that is all
   */
  async #commit(rows: Row[], done: Done | undefined, before: Promise<void>): Promise<void> {
    const marked = this.#marked
    this.#marked = done !== undefined
    await this.#run(async (tx) => {
      for (const [key, value] of rows) set(tx, key, value)
      // Not its own error, after which this one might be tried again.
      if (await failed(before)) throw new Failure('the batch before was not committed')
      if (done !== undefined) this.#marker.set(tx, done)
      else if (marked) this.#marker.clear(tx)
    })
    this.rows += rows.length
  }

  async #run(body: (tx: Transaction) => void | Promise<void>): Promise<void> {
    await transactional(this.#db, body, { signal: this.#context.signal })
  }
}
