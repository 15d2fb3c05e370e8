/**
 * Commands that tell of the database, and those for the shell itself.
 */

import { estimatedSizeBytes, get, query, scan, watchLoop } from '../../../index.js'

import { UsageError } from '../../failures.js'
import { KEYS_END, type KeyRange } from '../../format/bytes_text.js'
import { bytes } from '../../format/quantities.js'
import type { ShellCommand } from '../command.js'
import type { Session } from '../session.js'
import { summaryOf } from '../status.js'
import { keyOf, rangeOf } from './data.js'

const STATUS_KEY = Buffer.from('\xff\xff/status/json', 'latin1')

const statusCommand: ShellCommand = {
  name: 'status',
  usage: '[json]',
  summary: 'print how the database is',
  details: 'With json, all that there is to know of it.',
  count: [0, 1],
  kinds: [['json']],
  async run(session, [word], printer) {
    if (word !== undefined && word !== 'json') throw new UsageError('expected nothing or json')
    const text = await session.read((tx) => get(tx, STATUS_KEY))
    const status = JSON.parse(String(text ?? '{}')) as object
    if (word === 'json') return printer.line(JSON.stringify(status, null, 2))
    for (const line of summaryOf(session.target, status)) await printer.line(line)
  },
}

/** All keys, or the range that the words say. */
function givenRange([begin, end]: readonly string[]): KeyRange {
  return begin === undefined ? { begin: Buffer.alloc(0), end: KEYS_END } : rangeOf(begin, end)
}

const sizeCommand: ShellCommand = {
  name: 'size',
  usage: '[BEGIN [END]]',
  summary: 'print an estimate of the bytes of a range',
  details: 'Of little data it may be 0. Without END, the keys that begin with BEGIN; without both, all keys.',
  examples: ['size', "size ('user',)"],
  count: [0, 2],
  kinds: ['key', 'key'],
  async run(session, words, printer) {
    const range = givenRange(words)
    const size = await session.read((tx) => estimatedSizeBytes(tx, range.begin, range.end))
    await printer.line(`about ${bytes(size)}`)
  },
}

const countCommand: ShellCommand = {
  name: 'count',
  usage: '[BEGIN [END]]',
  summary: 'count the keys of a range by reading them',
  details: 'Without END, the keys that begin with BEGIN; without both, all keys.',
  examples: ['count', "count ('user',)"],
  count: [0, 2],
  kinds: ['key', 'key'],
  async run(session, words, printer) {
    await printer.line(String(await countKeys(session, givenRange(words))))
  },
}

async function countKeys(session: Session, { begin, end }: KeyRange): Promise<number> {
  const { signal } = session
  let keys = 0
  if (session.inTransaction) {
    await session.read(async (tx) => {
      for await (const _ of query(tx, begin, end, { signal })) keys += 1
    })
  } else for await (const _ of scan(session.db, begin, end, { signal })) keys += 1
  return keys
}

const watchCommand: ShellCommand = {
  name: 'watch',
  usage: 'KEY [COUNT]',
  summary: 'print the value of a key, and each new one, until Ctrl-C',
  details:
    'With COUNT, it ends after so many values. It sees what is committed, not what an open transaction has written.',
  examples: ["watch ('config',)"],
  count: [1, 2],
  kinds: ['key', 'number'],
  async run(session, [word, limit], printer) {
    const key = keyOf(word, 'KEY')
    if (limit !== undefined && !/^[1-9][0-9]{0,8}$/.test(limit)) throw new UsageError('COUNT: expected a whole number')
    let left = limit === undefined ? Infinity : Number(limit)
    for await (const value of watchLoop(session.db, key, { signal: session.signal })) {
      await printer.value(value)
      left -= 1
      if (left === 0) break
    }
  },
}

/** Commands that end the shell; fdbcli has both names. */
const ends = ['exit', 'quit'].map((name): ShellCommand => ({
  name,
  usage: '',
  summary: 'end the shell',
  count: [0, 0],
  kinds: [],
  run(session) {
    session.ended = true
  },
}))

/** The commands. */
export const aboutCommands: readonly ShellCommand[] = [statusCommand, sizeCommand, countCommand, watchCommand, ...ends]
