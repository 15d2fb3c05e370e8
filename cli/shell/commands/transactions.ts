/**
 * Commands for transactions of more than one command, and for how transactions are made.
 */

import { readVersion } from '../../../index.js'

import { Failure, UsageError } from '../../failures.js'
import { escapeBytes } from '../../format/escapes.js'
import type { ShellCommand } from '../command.js'
import { optionName, optionValue, type OptionValue } from '../options.js'
import type { Session } from '../session.js'

const beginCommand: ShellCommand = {
  name: 'begin',
  usage: '',
  summary: 'open a transaction for the commands that follow, up to commit or rollback',
  details: [
    'Without it each command is a transaction of its own, which is tried again after a conflict. An open transaction is',
    'not: a command or a commit that fails rolls it back, and all of it is to be done again. It lasts five seconds.',
  ].join('\n'),
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    session.begin()
    await printer.note('transaction started')
  },
}

const commitCommand: ShellCommand = {
  name: 'commit',
  usage: '',
  summary: 'commit the open transaction',
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await printer.committed(await session.commit())
  },
}

const resetCommand: ShellCommand = {
  name: 'reset',
  usage: '',
  summary: 'drop what the open transaction has done, and begin it anew',
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    session.reset()
    await printer.note('transaction reset')
  },
}

const rollbackCommand: ShellCommand = {
  name: 'rollback',
  usage: '',
  summary: 'drop the open transaction',
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await session.rollback()
    await printer.note('transaction rolled back')
  },
}

const getVersionCommand: ShellCommand = {
  name: 'getversion',
  usage: '',
  summary: 'print the read version, of the open transaction if there is one',
  count: [0, 0],
  kinds: [],
  async run(session, _words, printer) {
    await printer.line(String(await session.read((tx) => readVersion(tx))))
  },
}

const writeModeCommand: ShellCommand = {
  name: 'writemode',
  usage: '[on|off]',
  summary: 'refuse commands that write, or allow them again',
  details: 'They are allowed at first, unless the shell was started with --read-only.',
  count: [0, 1],
  kinds: [['on', 'off']],
  async run(session, [word], printer) {
    if (word === undefined) return printer.line(session.writeMode ? 'on' : 'off')
    if (word !== 'on' && word !== 'off') throw new UsageError('expected on or off')
    if (word === 'on' && session.readOnly) throw new Failure('the shell is read-only')
    session.writeMode = word === 'on'
  },
}

const optionCommand: ShellCommand = {
  name: 'option',
  usage: '[on|off OPTION [VALUE]]',
  summary: 'set an option of transactions, or print those that are set',
  details: [
    'In an open transaction it is set for that one, otherwise for all to come. `help options` lists the options; their',
    "meaning is FoundationDB's.",
  ].join('\n'),
  examples: ['option on timeout 5000', 'option on read_system_keys', 'option off timeout', 'option'],
  count: [0, 3],
  kinds: [['on', 'off'], 'option', 'value'],
  async run(session, words, printer) {
    const [state, word, given] = words
    if (state === undefined)
      return list(
        session,
        (line) => printer.line(line),
        () => printer.note('no option is set'),
      )
    if ((state !== 'on' && state !== 'off') || word === undefined)
      throw new UsageError('expected on or off, and an option')
    const name = optionName(word)
    if (state === 'on') session.setOption(name, optionValue(name, given))
    else if (given !== undefined) throw new UsageError('option off: takes no value')
    else if (session.inTransaction) throw new Failure('an option of an open transaction cannot be taken back')
    else session.options.delete(name)
    await printer.note(`option ${name} ${state} for ${session.inTransaction ? 'this transaction' : 'all transactions'}`)
  },
}

async function list(session: Session, line: (text: string) => Promise<void>, none: () => Promise<void>): Promise<void> {
  if (session.presentOptions.size === 0) return none()
  for (const [name, value] of session.presentOptions) await line(`${name}${shown(value)}`)
}

function shown(value: OptionValue): string {
  if (value === undefined) return ''
  return ` ${typeof value === 'number' ? value : escapeBytes(value)}`
}

/** The commands. */
export const transactionCommands: readonly ShellCommand[] = [
  beginCommand,
  commitCommand,
  resetCommand,
  rollbackCommand,
  getVersionCommand,
  optionCommand,
  writeModeCommand,
]
