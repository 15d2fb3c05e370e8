/**
 * `found clear`: keys, or a range of them.
 */

import type { Command } from 'commander'

import { clear, estimatedSizeBytes, transactional, type Database } from '../../index.js'

import type { Context } from '../context.js'
import { withDatabase } from '../database.js'
import { Failure, Interrupted, UsageError } from '../failures.js'
import { show } from '../format/forms.js'
import { KEYS_END, type KeyRange } from '../format/bytes_text.js'
import { bytes } from '../format/quantities.js'
import { addKeyForm, addRange, databaseCommand, examples, hasRange, keyOf, rangeOf } from './arguments.js'
import type { RangeOptions } from './arguments.js'

interface ClearOptions extends RangeOptions {
  readonly all?: true
  readonly yes?: true
  readonly timeout?: number
}

/** The command. */
export function clearCommand(context: Context): Command {
  const command = addKeyForm(addRange(databaseCommand('clear', 'clear keys, or a range of them, in one transaction')))
    .argument('[KEY...]', 'keys, such as hello or "(\'user\', 42)"')
    .option('--all', 'all keys')
    .option('--yes', 'clear a range without asking')
    .action((target: string, keys: string[], options: ClearOptions) => run(context, target, keys, options))
  return examples(command, [
    'found clear file:app.db hello',
    `found clear file:app.db --prefix "('user', 42)"`,
    'found clear file:app.db --begin a --end b --yes',
    'found clear file:app.db --all --yes',
  ])
}

async function run(context: Context, target: string, texts: string[], options: ClearOptions): Promise<void> {
  const keys = texts.map((text) => keyOf(text, options.keys))
  const chosen = [keys.length > 0, hasRange(options), options.all === true].filter(Boolean).length
  if (chosen === 0) throw new UsageError('KEY: expected keys, or a range by --prefix, --begin and --end, or --all')
  if (chosen > 1) throw new UsageError('KEY: either keys, or a range, or --all')
  const range = keys.length === 0 ? rangeOf(options) : undefined
  if (range !== undefined && !options.yes && !canAsk(context)) {
    throw new UsageError(
      '--yes: a range is cleared without asking only with this option, and there is no terminal to ask on',
    )
  }
  await withDatabase(context, target, { create: false, timeout: options.timeout }, async (db) => {
    if (range !== undefined && !options.yes) await ask(context, db, range, options)
    await transactional(
      db,
      (tx) => {
        for (const key of keys) clear(tx, key)
        if (range !== undefined) clear(tx, range.begin, range.end)
      },
      { signal: context.signal },
    )
  })
}

function canAsk({ stdin, stderr }: Context): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

async function ask(context: Context, db: Database, range: KeyRange, options: ClearOptions): Promise<void> {
  const { signal, stdin, stderr } = context
  const size = await transactional(db, (tx) => estimatedSizeBytes(tx, range.begin, range.end), { signal })
  const question = `Clear ${rangeText(range, options)} (about ${bytes(size)})?`
  const { default: confirm } = await import('@inquirer/confirm')
  let yes: boolean
  let leave!: () => void
  // The prompt is silent when its terminal ends, as by Ctrl-D; then nothing is left that would keep the process alive.
  const left = new Promise<false>((resolve) => {
    leave = () => {
      // The cursor is still behind the question.
      stderr.write('\n')
      resolve(false)
    }
  })
  process.once('beforeExit', leave)
  try {
    yes = await Promise.race([
      confirm({ message: question, default: false }, { input: stdin, output: stderr, signal }),
      left,
    ])
  } catch (error) {
    // The prompt takes Ctrl-C itself.
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) throw new Interrupted()
    throw error
  } finally {
    process.removeListener('beforeExit', leave)
  }
  if (!yes) throw new Failure('nothing was cleared')
}

function rangeText({ begin, end }: KeyRange, { all, prefix, keys }: ClearOptions): string {
  if (all) return 'all keys'
  if (prefix !== undefined) return `the keys that begin with ${prefix}`
  const until = end.equals(KEYS_END) ? 'the end' : show(end, keys, 'key')
  return `the keys from ${begin.length === 0 ? 'the first' : show(begin, keys, 'key')} to ${until}`
}
