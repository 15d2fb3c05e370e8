/**
 * `found export`: the rows of a range into a file or a stream.
 */

import { Option, type Command } from 'commander'

import { say, type Context } from '../context.js'
import { isEmbedded, withDatabase } from '../database.js'
import { UsageError } from '../failures.js'
import { exportRows } from '../transfer/export.js'
import { COMPRESSIONS, type Compression } from '../transfer/layout.js'
import { compressor } from '../transfer/compression.js'
import { addForms, addRange, databaseCommand, examples, formsOf, rangeOf } from './arguments.js'
import type { FormOptions, RangeOptions } from './arguments.js'

interface ExportOptions extends FormOptions, RangeOptions {
  readonly format?: 'found' | 'jsonl'
  readonly compress: Compression
  readonly resume?: true
  readonly overwrite?: true
  readonly snapshot?: true
  readonly quiet?: true
  readonly timeout?: number
}

/** The command. */
export function exportCommand(context: Context): Command {
  const command = addForms(addRange(databaseCommand('export', 'write keys and values into a file')))
    .argument('<FILE>', 'the file, or - for the standard output')
    .addOption(
      new Option('--format <format>', 'blocks with checksums, or lines of JSON (left out: by the name .jsonl)').choices(
        ['found', 'jsonl'],
      ),
    )
    .addOption(new Option('--compress <how>', 'compress the blocks').choices(Object.keys(COMPRESSIONS)).default('none'))
    .option('--resume', 'go on with a file that an export has begun')
    .option('--overwrite', 'write FILE anew if it is there')
    .option('--snapshot', 'all of one moment, which must be read within five seconds')
    .option('--quiet', 'say nothing while it goes well')
    .action((target: string, file: string, options: ExportOptions) => run(context, target, file, options))
  command.addHelpText(
    'after',
    '\nA long export is read in many transactions, and so is not of one moment: what is written meanwhile may be in it\nor not. --keys and --values are the forms in lines of JSON.',
  )
  return examples(command, [
    'found export file:app.db app.found',
    `found export file:app.db users.jsonl --prefix "('user',)"`,
    'found export /etc/foundationdb/fdb.cluster app.found --compress deflate --resume',
    'found export file:app.db - | found import file:copy.db -',
  ])
}

async function run(context: Context, target: string, file: string, options: ExportOptions): Promise<void> {
  const { resume = false, overwrite = false, snapshot = false, quiet = false, timeout } = options
  const format = options.format ?? (file.endsWith('.jsonl') ? 'jsonl' : 'found')
  if (format === 'jsonl' && options.compress !== 'none') throw new UsageError('--compress: not with lines of JSON')
  if (file === '-' && resume) throw new UsageError('--resume: not with the standard output')
  if (resume && (overwrite || snapshot)) throw new UsageError('--resume: not together with --overwrite or --snapshot')
  // Before the file is made.
  compressor(options.compress)
  const range = rangeOf(options)
  const forms = formsOf(options)
  await withDatabase(context, target, { create: false, timeout }, (db) =>
    exportRows(context, db, {
      range,
      file,
      format,
      compression: options.compress,
      forms,
      resume,
      overwrite,
      snapshot,
      quiet,
    }),
  )
  if (!isEmbedded(target) && !snapshot && !quiet) {
    say(context, 'what others wrote meanwhile may be in it or not: the rows are not all of one moment')
  }
}
