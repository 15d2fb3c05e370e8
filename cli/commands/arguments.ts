/**
 * Arguments and options that several commands have.
 */

import { Command, InvalidArgumentError, Option } from 'commander'

import { KEYS_END, parsePrefix, startingWith, type KeyRange } from '../format/bytes_text.js'
import { FORMS, read, type Form } from '../format/forms.js'
import type { Forms } from '../format/json_rows.js'
import { named, UsageError } from '../failures.js'

/** What the argument DATABASE is. */
export const DATABASE_HELP = 'memory:, file:PATH, or the path of a cluster file'

/** A command whose first argument is a database. */
export function databaseCommand(name: string, summary: string): Command {
  return lastingCommand(name, summary).addOption(
    new Option('--timeout <seconds>', 'give up a transaction after so long').argParser(seconds),
  )
}

/** A command that takes a database and goes on until it is ended. */
export function lastingCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .argument('<DATABASE>', DATABASE_HELP)
}

/** Adds examples to the help of a command. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`)
}

/** The options of commands that show or take keys. */
export interface KeyOptions {
  readonly keys: Form
}

/** The options of commands that show or take values as well. */
export interface FormOptions extends KeyOptions {
  readonly values: Form
}

/** What the form `text` is. */
const TEXT_HELP = `
The form text: what can be printed stands for itself, any byte is \\xNN, a tuple is written as ('user', 42, 'name').
found memory: --exec "help keys" tells more.`

/** Adds `--keys`. */
export function addKeyForm(command: Command): Command {
  command.addHelpText('after', TEXT_HELP)
  return command.addOption(
    new Option('--keys <form>', 'the form of keys, given and shown').choices(FORMS).default('text'),
  )
}

/** Adds `--keys` and `--values`. */
export function addForms(command: Command): Command {
  return addKeyForm(command).addOption(
    new Option('--values <form>', 'the form of values, given and shown').choices(FORMS).default('text'),
  )
}

/** The forms that the options say. */
export function formsOf(options: FormOptions): Forms {
  return { key: options.keys, value: options.values }
}

/** The options of commands for a range of keys. */
export interface RangeOptions extends KeyOptions {
  readonly prefix?: string | undefined
  readonly begin?: string | undefined
  readonly end?: string | undefined
}

/** Adds `--prefix`, `--begin` and `--end`. */
export function addRange(command: Command): Command {
  return command
    .option('--prefix <key>', 'the keys that begin so: of a tuple, itself and all longer ones')
    .option('--begin <key>', 'the keys from this one on')
    .option('--end <key>', 'the keys before this one')
}

/** Whether any range was asked for. */
export function hasRange(options: RangeOptions): boolean {
  return options.prefix !== undefined || options.begin !== undefined || options.end !== undefined
}

/** The range that the options say; all keys if they say none. */
export function rangeOf(options: RangeOptions): KeyRange {
  const { prefix, begin, end, keys } = options
  if (prefix !== undefined) {
    if (begin !== undefined || end !== undefined) throw new UsageError('--prefix: not together with --begin or --end')
    return named('--prefix', () => (keys === 'text' ? parsePrefix(prefix) : startingWith(read(prefix, keys))))
  }
  const range = {
    begin: begin === undefined ? Buffer.alloc(0) : named('--begin', () => read(begin, keys)),
    end: end === undefined ? KEYS_END : named('--end', () => read(end, keys)),
  }
  if (range.begin.compare(range.end) > 0) throw new UsageError('--begin: comes after --end')
  return range
}

/** The key that an argument gives. */
export function keyOf(text: string, form: Form, name = 'KEY'): Buffer {
  return named(name, () => read(text, form))
}

/** Reads a whole number that is not negative. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 to 999999999')
  return Number(text)
}

function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1_000_000)) throw new InvalidArgumentError('expected a number of seconds above 0')
  return value
}
