/**
 * `found verify`: whether an export is whole.
 */

import { Command } from 'commander'

import { writeLine, type Context } from '../context.js'
import { KEYS_END } from '../format/bytes_text.js'
import { show } from '../format/forms.js'
import { bytes, plural } from '../format/quantities.js'
import { openInput } from '../transfer/source.js'
import { readThrough, type Contents } from '../transfer/verify.js'
import { examples } from './arguments.js'

interface VerifyOptions {
  readonly json?: true
  readonly quiet?: true
}

/** The command. */
export function verifyCommand(context: Context): Command {
  const command = new Command('verify')
    .summary('read an export through, and say whether it is whole')
    .description('Read an export through, and say whether it is whole and what is in it.')
    .argument('<FILE>', 'an export, or lines of JSON; - for the standard input')
    .option('--json', 'as JSON')
    .option('--quiet', 'say nothing while it goes well')
    .action((file: string, options: VerifyOptions) => run(context, file, options))
  return examples(command, ['found verify app.found', 'found verify app.found --json'])
}

async function run(context: Context, file: string, options: VerifyOptions): Promise<void> {
  const contents = await readThrough(context, await openInput(context, file), options.quiet === true)
  if (options.json) await writeLine(context, JSON.stringify(asJson(contents)))
  else if (!options.quiet) await writeLine(context, asText(file, contents))
}

function asJson({ header, done }: Contents): object {
  const { batches, rows, bytes: size } = done
  if (header === undefined) return { format: 'jsonl', rows, bytes: size }
  const range = { begin: show(header.begin, 'text', 'key'), end: show(header.end, 'text', 'key') }
  return {
    format: 'found',
    id: String(header.id),
    compress: header.compression,
    ...range,
    blocks: batches,
    rows,
    bytes: size,
  }
}

function asText(file: string, { header, done }: Contents): string {
  const told = `${file === '-' ? 'it' : file} is whole: ${plural(done.rows, 'row')}, ${bytes(done.bytes)} of keys and values`
  if (header === undefined || (header.begin.length === 0 && header.end.equals(KEYS_END))) return told
  return `${told}, from ${show(header.begin, 'text', 'key')} to ${show(header.end, 'text', 'key')}`
}
