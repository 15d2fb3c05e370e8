/**
 * The command `help`.
 */

import { UsageError } from '../../failures.js'
import type { ShellCommand } from '../command.js'
import { OPTIONS } from '../options.js'

const KEYS_TOPIC = `
Keys and values are text in the manner of fdbcli, or tuples.

  hello                  text stands for its UTF-8
  \\x00\\xff               any byte, by two hexadecimal digits; \\\\ is a backslash
  "hello world"          quotes, double or single, keep a word together
  ('user', 42)           a tuple, as other programs pack it

Items of tuples:

  null, true, false
  42, -7                 integers of any size
  1.5, 2.0, 1e100        64-bit floats: with a point or an exponent; inf, -inf, nan
  'text'                 in single or double quotes, with \\n, \\t, \\', \\xNN, \\u{NNNN}
  b'\\x00\\xff'            bytes
  ('a', (1, 2))          tuples within tuples; ('a',) or ('a') has one item, () none
  uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')
  versionstamp('000000000000000000010000')
  float(1.5)             a 32-bit float

Where a command takes the keys that begin with something, a tuple stands for itself and all longer ones, and its last
text can go on: ('user', 'A'...) are the users whose name begins with A.`

/** The topics that are no commands. */
export const TOPICS = ['keys', 'options'] as const

/** Makes the command, which must know all others. */
export function helpCommand(commands: () => readonly ShellCommand[]): ShellCommand {
  return {
    name: 'help',
    usage: '[COMMAND|keys|options]',
    summary: 'print what there is, or more of one thing',
    count: [0, 1],
    kinds: ['topic'],
    async run(_session, [topic], printer) {
      for (const line of helpOf(commands(), topic)) await printer.line(line)
    },
  }
}

function helpOf(commands: readonly ShellCommand[], topic: string | undefined): string[] {
  if (topic === undefined) return overview(commands)
  if (topic === 'keys') return [...KEYS_TOPIC.split('\n'), '']
  if (topic === 'options') return ['', 'Options of transactions, for the command option:', '', ...optionLines(), '']
  const command = commands.find(({ name }) => name === topic)
  if (command === undefined) throw new UsageError(`no help for ${topic}; help lists the commands`)
  return helpOfCommand(command)
}

function overview(commands: readonly ShellCommand[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  const more = 'help COMMAND tells more of one; help keys, how keys and values are written; help options, all options.'
  return ['', ...lines, '', more, '']
}

function helpOfCommand({ name, usage, summary, details, examples }: ShellCommand): string[] {
  const lines = ['', `${name} ${usage}`.trim(), '', `${summary[0]?.toUpperCase()}${summary.slice(1)}.`]
  if (details !== undefined) lines.push(...details.split('\n'))
  if (examples !== undefined) lines.push('', ...examples.map((example) => `  ${example}`))
  return [...lines, '']
}

function optionLines(): string[] {
  const shown = { nothing: '', number: ' NUMBER', bytes: ' VALUE', 'bytes or nothing': ' [VALUE]' }
  return Object.entries(OPTIONS).map(([name, argument]) => `  ${name}${shown[argument]}`)
}
