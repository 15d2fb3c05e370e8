/**
 * `found import`: the rows of an export into a database.
 */

import type { Command } from 'commander'

import type { Context } from '../context.js'
import { withDatabase } from '../database.js'
import { importRows } from '../transfer/import.js'
import { openInput } from '../transfer/source.js'
import { databaseCommand, examples } from './arguments.js'

interface ImportOptions {
  readonly resume?: true
  readonly quiet?: true
  readonly timeout?: number
}

/** The command. */
export function importCommand(context: Context): Command {
  const command = databaseCommand('import', 'set the keys and values of an export, over what is there')
    .argument('<FILE>', 'an export, or lines of JSON; - for the standard input')
    .option('--resume', 'go on where an earlier import of the same export has stopped')
    .option('--quiet', 'say nothing while it goes well')
    .action((target: string, file: string, options: ImportOptions) => run(context, target, file, options))
  command.addHelpText(
    'after',
    '\nRows are set in transactions of half a megabyte. What is damaged is refused, with the place; what stands before\nit is imported. Keys that the export does not have stay as they are.',
  )
  return examples(command, [
    'found import file:copy.db app.found',
    'found import /etc/foundationdb/fdb.cluster app.found --resume',
    `echo '{"key": "hello", "value": "world"}' | found import file:app.db -`,
  ])
}

async function run(context: Context, target: string, file: string, options: ImportOptions): Promise<void> {
  const { resume = false, quiet = false, timeout } = options
  const input = await openInput(context, file)
  await withDatabase(context, target, { create: true, timeout }, (db) =>
    importRows(context, db, input, { resume, quiet }),
  )
}
