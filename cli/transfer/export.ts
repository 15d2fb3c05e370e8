/**
 * Exporting: the rows of a range into a file or a stream.
 */

import { estimatedSizeBytes, query, scan, STREAMING_MODE_WANT_ALL, transaction, transactional } from '../../index.js'
import type { Database, Row } from '../../index.js'

import type { Context } from '../context.js'
import { Failure, Interrupted } from '../failures.js'
import type { KeyRange } from '../format/bytes_text.js'
import type { Forms } from '../format/json_rows.js'
import { bytes, plural } from '../format/quantities.js'
import { newId, type Compression } from './layout.js'
import { Progress } from './progress.js'
import { lengthOf, wholeBlocks, wholeLines } from './resume.js'
import { newFileSink, oldFileSink, stdoutSink, type Sink } from './sink.js'
import { BlockWriter, LineWriter, type RowWriter } from './writer.js'

/** What to export, and how. */
export interface ExportPlan {
  readonly range: KeyRange
  /** A path, or `-` for the standard output. */
  readonly file: string
  readonly format: 'found' | 'jsonl'
  readonly compression: Compression
  /** Of JSON lines. */
  readonly forms: Forms
  readonly resume: boolean
  readonly overwrite: boolean
  /** All rows of one moment, in one transaction. */
  readonly snapshot: boolean
  readonly quiet: boolean
}

/** An export that is ready to take rows. */
interface Begun {
  readonly sink: Sink
  readonly writer: RowWriter
  /** The last key that is written already. */
  readonly after: Buffer | undefined
}

/** Exports. */
export async function exportRows(context: Context, db: Database, plan: ExportPlan): Promise<void> {
  const begun = await begin(context, plan)
  if (begun === undefined) return
  const { writer, sink } = begun
  const progress = new Progress(context, 'exporting', await estimate(context, db, plan.range), plan.quiet)
  await progress.begin()
  try {
    progress.at({ rows: writer.totals.rows, done: writer.totals.bytes })
    await copy(context, db, plan, begun, progress)
    await sink.finish()
    const { rows, bytes: size } = writer.totals
    const where = plan.file === '-' ? '' : ` to ${plan.file}`
    progress.end(`exported ${plural(rows, 'row')} (${bytes(size)})${where} in ${progress.pace(rows)}`)
  } catch (error) {
    progress.end()
    throw explained(context, error, plan)
  } finally {
    await sink.close()
  }
}

/** Makes the file ready; undefined if it is whole already. */
async function begin(context: Context, plan: ExportPlan): Promise<Begun | undefined> {
  if (plan.file !== '-' && plan.resume) {
    const length = await lengthOf(plan.file)
    if (length !== undefined) return plan.format === 'found' ? goOnBlocks(context, plan) : goOnLines(plan, length)
  }
  const { compression, forms, range } = plan
  const writer =
    plan.format === 'found'
      ? new BlockWriter({ compression, id: newId(), begin: range.begin, end: range.end }, undefined)
      : new LineWriter(forms)
  const overwrite = plan.overwrite || plan.resume
  const sink = plan.file === '-' ? stdoutSink(context) : await newFileSink(plan.file, overwrite)
  await sink.write(writer.begin())
  return { sink, writer, after: undefined }
}

async function goOnBlocks(context: Context, plan: ExportPlan): Promise<Begun | undefined> {
  const whole = await wholeBlocks(plan.file, plan.range, plan.compression)
  if (whole.ended) {
    new Progress(context, '', 0, plan.quiet).end(`${plan.file} is whole already: ${plural(whole.totals.rows, 'row')}`)
    return undefined
  }
  const sink = await oldFileSink(plan.file, whole.bytes)
  return { sink, writer: new BlockWriter(whole.header, whole), after: whole.lastKey }
}

async function goOnLines(plan: ExportPlan, length: number): Promise<Begun> {
  const { bytes: whole, lastKey } = await wholeLines(plan.file, length)
  const { begin, end } = plan.range
  if (lastKey !== undefined && (lastKey.compare(begin) < 0 || lastKey.compare(end) >= 0)) {
    throw new Failure(`${plan.file}: is an export of another range`)
  }
  return { sink: await oldFileSink(plan.file, whole), writer: new LineWriter(plan.forms), after: lastKey }
}

function estimate(context: Context, db: Database, { begin, end }: KeyRange): Promise<number> {
  const options = { snapshot: true, signal: context.signal }
  return transactional(db, (tx) => estimatedSizeBytes(tx, begin, end), options)
}

async function copy(context: Context, db: Database, plan: ExportPlan, begun: Begun, progress: Progress): Promise<void> {
  const { writer, sink } = begun
  for await (const [key, value] of rowsOf(context, db, plan, begun.after)) {
    if (!writer.add(key, value)) continue
    await sink.write(await writer.flush())
    progress.at({ rows: writer.totals.rows, done: writer.totals.bytes })
  }
  await sink.write(await writer.flush())
  await sink.write(writer.end())
}

async function* rowsOf(
  context: Context,
  db: Database,
  plan: ExportPlan,
  after: Buffer | undefined,
): AsyncGenerator<Row> {
  const { begin, end } = plan.range
  const { signal } = context
  if (!plan.snapshot) {
    yield* scan(db, begin, end, { signal, ...(after === undefined ? {} : { after }) })
    return
  }
  const tx = await transaction(db, { snapshot: true, signal })
  try {
    yield* query(tx, begin, end, { mode: STREAMING_MODE_WANT_ALL })
  } finally {
    await tx[Symbol.asyncDispose]()
  }
}

const TRANSACTION_TOO_OLD = 1007

function explained(context: Context, error: unknown, plan: ExportPlan): unknown {
  const resumable = plan.file !== '-' && !plan.snapshot
  if (context.signal.aborted && resumable) {
    return new Failure(`interrupted; ${plan.file} is not whole: go on with --resume`, new Interrupted().exitCode)
  }
  if (plan.snapshot && (error as { errno?: unknown }).errno === TRANSACTION_TOO_OLD) {
    return new Failure(
      `--snapshot: one moment can be read for five seconds, and that was not enough; ${plan.file} is not whole`,
    )
  }
  return error
}
