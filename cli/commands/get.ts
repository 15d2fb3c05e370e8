/**
 * `found get`: the values of keys.
 */

import type { Command } from 'commander'

import { get, transactional } from '../../index.js'

import { write, writeLine, type Context } from '../context.js'
import { withDatabase } from '../database.js'
import { Answer, EXIT, UsageError } from '../failures.js'
import { show } from '../format/forms.js'
import { printRow, type Forms } from '../format/json_rows.js'
import { addForms, databaseCommand, examples, formsOf, keyOf, type FormOptions } from './arguments.js'

interface GetOptions extends FormOptions {
  readonly json?: true
  readonly raw?: true
  readonly timeout?: number
}

/** The command. */
export function getCommand(context: Context): Command {
  const command = addForms(databaseCommand('get', 'print the value of a key, or of several with the keys before them'))
    .argument('<KEY...>', 'keys, such as hello or "(\'user\', 42)"')
    .option('--json', 'a line of JSON for each key, its value null if there is none')
    .option('--raw', 'the bytes of the one value, nothing else')
    .action((target: string, keys: string[], options: GetOptions) => run(context, target, keys, options))
  return examples(command, [
    'found get file:app.db hello',
    `found get file:app.db "('user', 42, 'name')"`,
    'found get file:app.db counter --values int',
    'found get file:app.db picture --raw > picture.png',
  ])
}

async function run(context: Context, target: string, texts: string[], options: GetOptions): Promise<void> {
  const forms = formsOf(options)
  const keys = texts.map((text) => keyOf(text, forms.key))
  if (options.raw && (keys.length !== 1 || options.json)) throw new UsageError('--raw: prints one value, and no JSON')
  const { timeout } = options
  const values = await withDatabase(context, target, { create: false, timeout }, (db) =>
    transactional(db, (tx) => Promise.all(keys.map((key) => get(tx, key))), { snapshot: true, signal: context.signal }),
  )
  for (const [index, value] of values.entries()) {
    const key = keys[index] as Buffer
    if (options.json) await writeLine(context, value ? printRow(key, value, forms) : absentRow(key, forms.key))
    else if (value !== undefined && options.raw) await write(context, value)
    else if (value !== undefined) await writeLine(context, line(key, value, forms, keys.length > 1))
  }
  const absent = texts.filter((_, index) => values[index] === undefined)
  if (absent.length > 0) throw new Answer(`not found: ${absent.join(', ')}`, EXIT.ABSENT)
}

function line(key: Buffer, value: Buffer, forms: Forms, several: boolean): string {
  const shown = show(value, forms.value, 'value')
  return several ? `${show(key, forms.key, 'key')} = ${shown}` : shown
}

function absentRow(key: Buffer, form: FormOptions['keys']): string {
  return JSON.stringify({
    ...(JSON.parse(printRow(key, undefined, { key: form, value: form })) as object),
    value: null,
  })
}
