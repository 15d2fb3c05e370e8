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
type Ahead = { readonly rows: Row[] | undefined } | { readonly error: unknown }

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
  const work = new Import(context, db, reader, marker, done)
  try {
    await work.run(plan.resume ? (done?.batches ?? 0) : 0, () => {
      progress.at({ rows: work.rows, done: input.source.at })
    })
  } catch (error) {
    progress.end()
    throw explained(context, error, work.rows)
  } finally {
    await input.source.end()
  }
  const skipped = work.skipped > 0 ? `, ${count(work.skipped)} of them before` : ''
  const { totals } = reader
  progress.end(
    `imported ${plural(totals.rows, 'row')} (${bytes(totals.bytes)})${skipped} in ${progress.pace(totals.rows)}`,
  )
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

  constructor(context: Context, db: Database, reader: RowReader, marker: Marker, done: Done | undefined) {
    this.#context = context
    this.#db = db
    this.#reader = reader
    this.#marker = marker
    this.#marked = done !== undefined
  }

  /** Imports all but the first `skip` batches; `tell` is called before the first of the others, and after each. */
  async run(skip: number, tell: () => void): Promise<void> {
    if (skip === 0) tell()
    let current = await this.#ahead()
    let following = this.#ahead()
    let committed = Promise.resolve()
    let number = 0
    while ('rows' in current && current.rows !== undefined) {
      number += 1
      const next = await following
      const last = 'rows' in next && next.rows === undefined
      // Reads on while this batch is being committed.
      following = 'rows' in next && !last ? this.#ahead() : following
      if (number <= skip) this.#skip(current.rows)
      else {
        // Its rows are set while the batch before it is being committed.
        const before = committed
        committed = this.#commit(current.rows, number, last, before)
        committed.catch(() => {})
        await before
      }
      if (number >= skip) tell()
      current = next
    }
    await committed
    tell()
    if ('error' in current) throw current.error
    if (this.#marked) await this.#run((tx) => this.#marker.clear(tx))
  }

  async #ahead(): Promise<Ahead> {
    try {
      return { rows: await this.#reader.next() }
    } catch (error) {
      return { error }
    }
  }

  #skip(rows: Row[]): void {
    this.rows += rows.length
    this.skipped = this.rows
  }

  /** Commits a batch, after the one before it: what the marker says must be true of all that come before. */
  async #commit(rows: Row[], number: number, last: boolean, before: Promise<void>): Promise<void> {
    const marked = this.#marked
    this.#marked = !last
    await this.#run(async (tx) => {
      for (const [key, value] of rows) set(tx, key, value)
      // Not its own error, after which this one might be tried again.
      if (await failed(before)) throw new Failure('the batch before was not committed')
      if (!last) this.#marker.set(tx, { batches: number, rows: this.rows + rows.length })
      else if (marked) this.#marker.clear(tx)
    })
    this.rows += rows.length
  }

  async #run(body: (tx: Transaction) => void | Promise<void>): Promise<void> {
    await transactional(this.#db, body, { signal: this.#context.signal })
  }
}
