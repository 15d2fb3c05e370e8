/**
 * The atomic operations.
 */

import {
  add,
  appendIfFits,
  bitAnd,
  bitOr,
  bitXor,
  byteMax,
  byteMin,
  compareAndClear,
  hasIncompleteVersionstamp,
  max,
  min,
  packWithVersionstamp,
  setVersionstampedKey,
  setVersionstampedValue,
  type Bytes,
  type Transaction,
} from '../../../index.js'

import { named, UsageError } from '../../failures.js'
import { packed, parseBytes } from '../../format/bytes_text.js'
import { readInteger } from '../../format/forms.js'
import { parseTuple } from '../../format/tuple_parser.js'
import type { ShellCommand } from '../command.js'
import { keyOf } from './data.js'

type Operation = (tx: Transaction, key: Bytes, param: Bytes) => void

const NUMBER_DETAILS = [
  'NUMBER is an integer, taken as 8 little-endian bytes; 5/4 is one of four bytes. Bytes can be given in escapes as',
  'well, such as \\x05\\x00. `get KEY int` shows the number.',
].join('\n')

/** An operation on little-endian integers. */
function ofNumbers(name: string, summary: string, operation: Operation): ShellCommand {
  return operationCommand(name, 'KEY NUMBER', summary, operation, NUMBER_DETAILS, [`${name} counter 1`], (word) =>
    /^[+-]?[0-9]+(\/[0-9]+)?$/.test(word) ? readInteger(word) : parseBytes(word),
  )
}

/** An operation on bytes. */
function ofBytes(name: string, summary: string, operation: Operation, example: string): ShellCommand {
  return operationCommand(name, 'KEY VALUE', summary, operation, undefined, [`${name} ${example}`], parseBytes)
}

function operationCommand(
  name: string,
  usage: string,
  summary: string,
  operation: Operation,
  details: string | undefined,
  examples: readonly string[],
  read: (word: string) => Buffer,
): ShellCommand {
  return {
    name,
    usage,
    summary,
    details,
    examples,
    count: [2, 2],
    kinds: ['key', 'value'],
    async run(session, [word, given], printer) {
      const key = keyOf(word, 'KEY')
      const param = named(usage.split(' ')[1] as string, () => read(given as string))
      await printer.committed(await session.write((tx) => operation(tx, key, param)))
    },
  }
}

/** A tuple with one incomplete versionstamp, and the place of it. */
function stamped(word: string, name: string): Buffer {
  return named(name, () => {
    if (!word.startsWith('(')) throw new UsageError(`${name}: expected a tuple with versionstamp() in it`)
    const { items, open } = parseTuple(word)
    if (open || !hasIncompleteVersionstamp(items)) throw new UsageError(`${name}: has no versionstamp() in it`)
    return packed(() => packWithVersionstamp(items))
  })
}

const STAMP_DETAILS = [
  'versionstamp() in the tuple stands for the commit to come; versionstamp(1) is a second one of the transaction,',
  'with the user version 1.',
].join('\n')

const stampedKeyCommand: ShellCommand = {
  name: 'setversionstampedkey',
  usage: 'KEY VALUE',
  summary: "set a key that has the commit's versionstamp in it",
  details: STAMP_DETAILS,
  examples: ["setversionstampedkey ('log', versionstamp()) started"],
  count: [2, 2],
  kinds: ['key', 'value'],
  async run(session, [word, given], printer) {
    const key = stamped(word as string, 'KEY')
    const value = keyOf(given, 'VALUE')
    await printer.committed(await session.write((tx) => setVersionstampedKey(tx, key, value)))
  },
}

const stampedValueCommand: ShellCommand = {
  name: 'setversionstampedvalue',
  usage: 'KEY VALUE',
  summary: "set a key to a value that has the commit's versionstamp in it",
  details: STAMP_DETAILS,
  examples: ['setversionstampedvalue latest (versionstamp(),)'],
  count: [2, 2],
  kinds: ['key', 'value'],
  async run(session, [word, given], printer) {
    const key = keyOf(word, 'KEY')
    const value = stamped(given as string, 'VALUE')
    await printer.committed(await session.write((tx) => setVersionstampedValue(tx, key, value)))
  },
}

/** The commands. */
export const atomicCommands: readonly ShellCommand[] = [
  ofNumbers('add', 'add a number to a value', add),
  ofNumbers('bitand', 'bitwise and', bitAnd),
  ofNumbers('bitor', 'bitwise or', bitOr),
  ofNumbers('bitxor', 'bitwise exclusive or', bitXor),
  ofNumbers('max', 'the greater of value and number, as unsigned integers', max),
  ofNumbers('min', 'the smaller of value and number, as unsigned integers', min),
  ofBytes('bytemax', 'the greater of two values, compared byte by byte', byteMax, 'latest 2026-11-29'),
  ofBytes('bytemin', 'the smaller of two values, compared byte by byte', byteMin, 'first 2026-11-29'),
  ofBytes('appendiffits', 'append to a value, if it is then of a legal size', appendIfFits, 'list ,next'),
  ofBytes('compareandclear', 'clear a key if it has this value', compareAndClear, 'lock mine'),
  stampedKeyCommand,
  stampedValueCommand,
]
