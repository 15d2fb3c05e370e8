/**
 * `found count` and `found size`: how much there is in a range.
 */

import type { Command } from 'commander'

import { estimatedSizeBytes, scan, transactional } from '../../index.js'

import { writeLine, type Context } from '../context.js'
import { withDatabase } from '../database.js'
import { addKeyForm, addRange, databaseCommand, examples, rangeOf, type RangeOptions } from './arguments.js'

interface CountOptions extends RangeOptions {
  readonly json?: true
  readonly timeout?: number
}

interface SizeOptions extends CountOptions {
  readonly exact?: true
}

/** The command `count`. */
export function countCommand(context: Context): Command {
  const command = addKeyForm(addRange(databaseCommand('count', 'count the keys of a range by reading them')))
    .option('--json', 'as JSON: {"keys": N, "bytes": N}, the bytes those of keys and values')
    .action((target: string, options: CountOptions) => runCount(context, target, options))
  command.addHelpText('after', '\nA long range is read in many transactions, and so is not of one moment.')
  return examples(command, ['found count file:app.db', `found count file:app.db --prefix "('user',)"`])
}

/** The command `size`. */
export function sizeCommand(context: Context): Command {
  const command = addKeyForm(addRange(databaseCommand('size', 'print the bytes of the keys and values of a range')))
    .option('--exact', 'by reading them all, instead of an estimate, which may be 0 for little data')
    .option('--json', 'as JSON: {"bytes": N}')
    .action((target: string, options: SizeOptions) => runSize(context, target, options))
  return examples(command, ['found size file:app.db', `found size file:app.db --prefix "('user',)" --exact`])
}

async function runCount(context: Context, target: string, options: CountOptions): Promise<void> {
  const { keys, bytes } = await measure(context, target, options)
  await writeLine(context, options.json ? JSON.stringify({ keys, bytes }) : String(keys))
}

async function runSize(context: Context, target: string, options: SizeOptions): Promise<void> {
  const bytes = options.exact
    ? (await measure(context, target, options)).bytes
    : await estimate(context, target, options)
  await writeLine(context, options.json ? JSON.stringify({ bytes }) : String(bytes))
}

async function estimate(context: Context, target: string, options: SizeOptions): Promise<number> {
  const { begin, end } = rangeOf(options)
  return withDatabase(context, target, { create: false, timeout: options.timeout }, (db) =>
    transactional(db, (tx) => estimatedSizeBytes(tx, begin, end), { snapshot: true, signal: context.signal }),
  )
}

async function measure(
  context: Context,
  target: string,
  options: CountOptions,
): Promise<{ keys: number; bytes: number }> {
  const { begin, end } = rangeOf(options)
  return withDatabase(context, target, { create: false, timeout: options.timeout }, async (db) => {
    let [keys, bytes] = [0, 0]
    for await (const [key, value] of scan(db, begin, end, { signal: context.signal })) {
      keys += 1
      bytes += key.length + value.length
    }
    return { keys, bytes }
  })
}
