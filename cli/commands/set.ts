/**
 * `found set`: one key.
 */

import { readFile } from 'node:fs/promises'

import type { Command } from 'commander'

import { set, transactional } from '../../index.js'

import { readStdin, type Context } from '../context.js'
import { withDatabase } from '../database.js'
import { named, UsageError } from '../failures.js'
import { read } from '../format/forms.js'
import { addForms, databaseCommand, examples, keyOf, type FormOptions } from './arguments.js'

interface SetOptions extends FormOptions {
  readonly from?: string
  readonly timeout?: number
}

/** The command. */
export function setCommand(context: Context): Command {
  const command = addForms(databaseCommand('set', 'set a key to a value'))
    .argument('<KEY>', 'a key, such as hello or "(\'user\', 42)"')
    .argument('[VALUE]', 'its value')
    .option('--from <file>', 'the value is the bytes of this file, or of the standard input for -')
    .action((target: string, key: string, value: string | undefined, options: SetOptions) =>
      run(context, target, key, value, options),
    )
  return examples(command, [
    'found set file:app.db hello world',
    `found set file:app.db "('user', 42, 'name')" Ada`,
    'found set file:app.db counter 5 --values int',
    'found set file:app.db picture --from picture.png',
  ])
}

async function run(
  context: Context,
  target: string,
  text: string,
  given: string | undefined,
  options: SetOptions,
): Promise<void> {
  const { from, timeout } = options
  const key = keyOf(text, options.keys)
  if ((given === undefined) === (from === undefined)) throw new UsageError('VALUE: expected a value, or --from FILE')
  const value =
    given !== undefined ? named('VALUE', () => read(given, options.values)) : await bytesFrom(context, from as string)
  await withDatabase(context, target, { create: true, timeout }, (db) =>
    transactional(db, (tx) => set(tx, key, value), { signal: context.signal }),
  )
}

function bytesFrom(context: Context, path: string): Promise<Buffer> {
  return path === '-' ? readStdin(context) : readFile(path)
}
