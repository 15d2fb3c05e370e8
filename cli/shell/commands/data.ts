/**
 * Commands that read, and those that set and clear.
 */

import { clear, get, getKey, gt, gte, lt, lte, query, set, type Row } from '../../../index.js'

import { named, UsageError } from '../../failures.js'
import { parseBytes, parsePrefix, type KeyRange } from '../../format/bytes_text.js'
import { FORMS, type Form } from '../../format/forms.js'
import type { ShellCommand } from '../command.js'
import type { Printer } from '../printer.js'
import type { Session } from '../session.js'

const LIMIT = 25

/** The key that a word stands for. */
export function keyOf(word: string | undefined, name: string): Buffer {
  return named(name, () => parseBytes(word as string))
}

/** The range that two words stand for: without the second, or with * for it, the keys that begin with the first. */
export function rangeOf(begin: string, end: string | undefined): KeyRange {
  if (end === undefined || end === '*') return named('BEGIN', () => parsePrefix(begin))
  return { begin: keyOf(begin, 'BEGIN'), end: keyOf(end, 'END') }
}

const getCommand: ShellCommand = {
  name: 'get',
  usage: 'KEY [FORM]',
  summary: 'print the value of a key',
  details: `FORM is how to show it: ${FORMS.join(', ')}; text if left out.`,
  examples: ['get hello', "get ('user', 42, 'name')", 'get counter int'],
  count: [1, 2],
  kinds: ['key', FORMS],
  async run(session, [word, form = 'text'], printer) {
    if (!(FORMS as readonly string[]).includes(form)) throw new UsageError(`FORM: expected ${FORMS.join(', ')}`)
    const key = keyOf(word, 'KEY')
    await printer.value(await session.read((tx) => get(tx, key)), form as Form)
  },
}

const SELECTORS = { lt, lte, gt, gte }

const getKeyCommand: ShellCommand = {
  name: 'getkey',
  usage: 'lt|lte|gt|gte KEY [OFFSET]',
  summary: 'print the key that a key selector comes to',
  details: [
    'lt is the last key less than KEY, lte the last one not greater, gt the first one greater, gte the first one not',
    'less. OFFSET moves on from there, to the right, or to the left if it is negative. An empty key is left of the',
    'first one, \\xff right of the last.',
  ].join('\n'),
  examples: ["getkey gte ('user',)", 'getkey lt hello -1'],
  count: [2, 3],
  kinds: [Object.keys(SELECTORS), 'key', 'number'],
  async run(session, [name = '', word, moved = '0'], printer) {
    if (!Object.hasOwn(SELECTORS, name)) throw new UsageError('expected lt, lte, gt or gte before the key')
    const key = keyOf(word, 'KEY')
    if (!/^[+-]?[0-9]{1,9}$/.test(moved)) throw new UsageError('OFFSET: expected a whole number')
    const first = name.startsWith('g') ? 1 : 0
    const selector = SELECTORS[name as keyof typeof SELECTORS](key, first + Number(moved))
    await printer.key(await session.read((tx) => getKey(tx, selector)))
  },
}

async function readRange(
  session: Session,
  words: readonly string[],
): Promise<{ rows: Row[]; limit: number; more: boolean }> {
  const [begin = '', end, limitWord = String(LIMIT), direction] = words
  if (!/^[0-9]{1,9}$/.test(limitWord)) throw new UsageError('LIMIT: expected a whole number')
  if (direction !== undefined && direction !== 'reverse') throw new UsageError('expected nothing or the word reverse')
  const range = rangeOf(begin, end)
  const limit = Number(limitWord)
  if (limit === 0) return { rows: [], limit, more: false }
  const rows = await session.read(async (tx) => {
    const read: Row[] = []
    const options = { limit: limit + 1, reverse: direction === 'reverse', signal: session.signal }
    for await (const row of query(tx, range.begin, range.end, options)) read.push(row)
    return read
  })
  return { rows: rows.slice(0, limit), limit, more: rows.length > limit }
}

function rangeCommand(name: string, what: string, print: (printer: Printer, row: Row) => Promise<void>): ShellCommand {
  return {
    name,
    usage: 'BEGIN [END] [LIMIT] [reverse]',
    summary: `print ${what} from BEGIN up to END, which is not among them`,
    details: [
      'Without END, or with * for it, those that begin with BEGIN: of a tuple, itself and all longer ones. LIMIT is',
      `${LIMIT} if left out.`,
    ].join('\n'),
    examples: [`${name} ('user',)`, `${name} ('user', 'A'...)`, `${name} a z 100`, `${name} "" * 5 reverse`],
    count: [1, 4],
    kinds: ['key', 'key', 'number', ['reverse']],
    async run(session, words, printer) {
      const { rows, limit, more } = await readRange(session, words)
      for (const row of rows) await print(printer, row)
      if (more) await printer.note(`limited to ${limit}, there are more`)
      else if (rows.length === 0) await printer.note('no keys')
    },
  }
}

const setCommand: ShellCommand = {
  name: 'set',
  usage: 'KEY VALUE',
  summary: 'set a key to a value',
  details: 'A value that begins with a parenthesis is a tuple too; in quotes it is text.',
  examples: ['set hello world', `set ('user', 42) '{"name": "Ada"}'`, 'set number \\x2a\\x00\\x00\\x00'],
  count: [2, 2],
  kinds: ['key', 'value'],
  async run(session, words, printer) {
    const key = keyOf(words[0], 'KEY')
    const value = keyOf(words[1], 'VALUE')
    await printer.committed(await session.write((tx) => set(tx, key, value)))
  },
}

const clearCommand: ShellCommand = {
  name: 'clear',
  usage: 'KEY',
  summary: 'clear a key; one that is not there is no error',
  examples: ['clear hello', "clear ('user', 42)"],
  count: [1, 1],
  kinds: ['key'],
  async run(session, words, printer) {
    const key = keyOf(words[0], 'KEY')
    await printer.committed(await session.write((tx) => clear(tx, key)))
  },
}

const clearRangeCommand: ShellCommand = {
  name: 'clearrange',
  usage: 'BEGIN END',
  summary: 'clear the keys from BEGIN up to END, which stays',
  details: 'With * for END, those that begin with BEGIN.',
  examples: ["clearrange ('user', 42) *", 'clearrange a b'],
  count: [2, 2],
  kinds: ['key', 'key'],
  async run(session, words, printer) {
    const { begin, end } = rangeOf(words[0] as string, words[1])
    await printer.committed(await session.write((tx) => clear(tx, begin, end)))
  },
}

/** The commands. */
export const dataCommands: readonly ShellCommand[] = [
  getCommand,
  getKeyCommand,
  rangeCommand('getrange', 'the keys and values', (printer, [key, value]) => printer.row(key, value)),
  rangeCommand('getrangekeys', 'the keys', (printer, [key]) => printer.key(key)),
  setCommand,
  clearCommand,
  clearRangeCommand,
]
