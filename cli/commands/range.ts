/**
 * `found range`: the rows of a range.
 */

import { Option, type Command } from 'commander'

import { scan } from '../../index.js'

import { write, type Context } from '../context.js'
import { withDatabase } from '../database.js'
import { show } from '../format/forms.js'
import { printRow } from '../format/json_rows.js'
import { addForms, addRange, databaseCommand, examples, formsOf, rangeOf, wholeNumber } from './arguments.js'
import type { FormOptions, RangeOptions } from './arguments.js'

interface RangeCommandOptions extends FormOptions, RangeOptions {
  readonly limit: number
  readonly reverse?: true
  readonly keysOnly?: true
  readonly json?: true
  readonly timeout?: number
}

/** Lines are handed on in pieces of about so many characters. */
const PIECE = 1 << 16

/** The command. */
export function rangeCommand(context: Context): Command {
  const command = addForms(addRange(databaseCommand('range', 'print the keys and values of a range')))
    .addOption(new Option('--limit <rows>', 'at most so many; 0 is no limit').argParser(wholeNumber).default(0))
    .option('--reverse', 'from the last key to the first')
    .option('--keys-only', 'without the values')
    .option('--json', 'a line of JSON for each row, which found import takes')
    .action((target: string, options: RangeCommandOptions) => run(context, target, options))
  command.addHelpText('after', '\nA long range is read in many transactions, and so is not of one moment.')
  return examples(command, [
    'found range file:app.db --limit 10',
    `found range file:app.db --prefix "('user',)" --keys-only`,
    `found range file:app.db --prefix "('user', 'A'...)" --json`,
    'found range file:app.db --begin a --end b --reverse',
  ])
}

async function run(context: Context, target: string, options: RangeCommandOptions): Promise<void> {
  const { begin, end } = rangeOf(options)
  const { limit, reverse = false, timeout } = options
  const line = rowPrinter(context, options)
  await withDatabase(context, target, { create: false, timeout }, async (db) => {
    let lines = ''
    for await (const [key, value] of scan(db, begin, end, { limit, reverse, signal: context.signal })) {
      lines += `${line(key, value)}\n`
      if (lines.length < PIECE) continue
      await write(context, lines)
      lines = ''
    }
    await write(context, lines)
  })
}

function rowPrinter(context: Context, options: RangeCommandOptions): (key: Buffer, value: Buffer) => string {
  const { colours } = context
  const forms = formsOf(options)
  if (options.json) return (key, value) => printRow(key, options.keysOnly ? undefined : value, forms)
  const keyText = (key: Buffer): string => colours.cyan(show(key, forms.key, 'key'))
  if (options.keysOnly) return keyText
  return (key, value) => `${keyText(key)} ${colours.dim('=')} ${show(value, forms.value, 'value')}`
}
