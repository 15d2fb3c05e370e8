/**
 * A line of the shell, cut into commands and words.
 *
 * Words are separated by spaces, commands by semicolons. A word that begins with a parenthesis is a tuple and ends with
 * it. Quotes, single or double, keep a word together; within it a backslash before a quote, a space or a semicolon
 * stands for that sign, and any other escape is left for what reads the word.
 */

import { printKey, printValue } from '../format/bytes_text.js'
import { TextError } from '../format/text_error.js'
import { parseTupleAt } from '../format/tuple_parser.js'

/** A word: its text, as `parseBytes` and the like take it. */
export type Word = string

/** Cuts a line into commands, each of them its words. A line whose first sign is # has none. */
export function commandsOf(line: string): Word[][] {
  return new Cutter(line).commands()
}

/** What is being written at the end of a line, for completion. */
export interface Unfinished {
  /** The words before it, of its command. */
  readonly words: Word[]
  /** Where it begins. */
  readonly start: number
}

/** The last command of a line that may end anywhere. */
export function unfinishedOf(line: string): Unfinished | undefined {
  const cutter = new Cutter(line)
  try {
    cutter.commands()
  } catch (error) {
    if (!(error instanceof TextError)) throw error
  }
  return cutter.comment ? undefined : { words: cutter.before, start: cutter.wordStart }
}

class Cutter {
  readonly #line: string
  #at = 0
  comment = false
  /** The words of the last command before the last word, and where that begins. */
  before: Word[] = []
  wordStart = 0

  constructor(line: string) {
    this.#line = line
  }

  commands(): Word[][] {
    this.comment = /^\s*#/.test(this.#line)
    if (this.comment) return []
    const commands: Word[][] = []
    for (;;) {
      const { words, more } = this.#command()
      if (words.length > 0) commands.push(words)
      if (!more) return commands
    }
  }

  #command(): { words: Word[]; more: boolean } {
    const words: Word[] = []
    for (;;) {
      const wordEnd = this.#at
      this.#skip()
      // A word that the line ends with may go on.
      if (words.length > 0 && this.#at === wordEnd && this.#at === this.#line.length) return { words, more: false }
      this.wordStart = this.#at
      this.before = [...words]
      const sign = this.#line[this.#at]
      if (sign === undefined) return { words, more: false }
      if (sign === ';') {
        this.#at += 1
        return { words, more: true }
      }
      words.push(sign === '(' ? this.#tuple() : this.#word())
    }
  }

  #skip(): void {
    while (/\s/.test(this.#line[this.#at] ?? '')) this.#at += 1
  }

  #tuple(): Word {
    const start = this.#at
    this.#at = parseTupleAt(this.#line, start).end
    if (/[^\s;]/.test(this.#line[this.#at] ?? '')) throw new TextError('a space must come after a tuple', this.#at)
    return this.#line.slice(start, this.#at)
  }

  #word(): Word {
    const start = this.#at
    let word = ''
    let quote: string | undefined
    for (; this.#at < this.#line.length; this.#at++) {
      const sign = this.#line[this.#at] as string
      if (sign === '\\') word += this.#escape()
      else if (sign === quote) quote = undefined
      else if (quote !== undefined) word += sign
      else if (sign === '"' || (sign === "'" && this.#at === start)) quote = sign
      else if (/[\s;]/.test(sign)) break
      else word += sign
    }
    if (quote !== undefined) throw new TextError('the quotes are not closed', start)
    return word.startsWith('(') ? `\\x28${word.slice(1)}` : word
  }

  /** Steps over the sign behind a backslash. */
  #escape(): string {
    const next = this.#line[this.#at + 1]
    if (next === undefined) throw new TextError('a backslash ends the line', this.#at)
    this.#at += 1
    return /["'\s;]/.test(next) ? next : `\\${next}`
  }
}

/** A key as a word. */
export function keyWord(key: Buffer): Word {
  return quoted(printKey(key))
}

/** A value as a word. */
export function valueWord(value: Buffer): Word {
  return quoted(printValue(value))
}

/** Text as a word that stands for it. */
function quoted(text: string): Word {
  if (text.startsWith('(')) return text
  if (text !== '' && !/["\s;]|^['#]/.test(text)) return text
  return `"${text.replaceAll('"', '\\"')}"`
}
