/**
 * Reads tuples that are written as text. tuple_printer.ts writes them.
 */

import { Double, Float, Uuid, Versionstamp } from '../../index.js'
import type { Tuple, TupleItem } from '../../index.js'

import { TextError } from './text_error.js'

/** A tuple that was read, and what may follow it. */
export interface ParsedTuple {
  readonly items: Tuple
  /** Whether its last item is followed by `...`: a text or bytes that go on. */
  readonly open: boolean
  /** Where the text goes on behind it. */
  readonly end: number
}

/** Deeper ones have no packed form either. */
const DEPTH_MAX = 500
/** Signs of a text that stand for themselves in any quotes. */
const PLAIN = /[ !#-&(-[\]-~]+/y
const SPACE = /[ \t\r\n]*/y
const NUMBER = /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![\w.])/y
const BITS = /0x[0-9a-f]+(?!\w)/iy
const NAME = /[+-]?[a-z]+/iy
const NAMED: Readonly<Record<string, () => TupleItem>> = {
  null: () => null,
  true: () => true,
  false: () => false,
  nan: () => new Double(NaN),
  inf: () => new Double(Infinity),
  '-inf': () => new Double(-Infinity),
}

/** Reads the tuple that begins at `start` with its parenthesis; what stands behind it is not looked at. */
export function parseTupleAt(text: string, start: number): ParsedTuple {
  const parser = new Parser(text, start)
  const items = parser.tuple(0)
  return { items, open: parser.open, end: parser.at }
}

/** Reads text that is a tuple and nothing else. */
export function parseTuple(text: string): ParsedTuple {
  const parsed = parseTupleAt(text, 0)
  if (text.slice(parsed.end).trim() !== '') throw new TextError('something stands behind the tuple', parsed.end)
  return parsed
}

/** What could be read of a tuple that is being written, for completion. */
export interface PartialTuple {
  /** The items that a comma follows. */
  readonly items: Tuple
  /** Where the item begins that is being written; the end of the text if it has not begun. */
  readonly itemStart: number
}

/** Reads the beginning of a tuple; undefined if it is not one that can go on. */
export function parsePartialTuple(text: string): PartialTuple | undefined {
  const parser = new Parser(text, 0)
  try {
    return parser.partial()
  } catch (error) {
    if (error instanceof TextError) return undefined
    throw error
  }
}

class Parser {
  readonly #text: string
  at: number
  open = false

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  tuple(depth: number): TupleItem[] {
    if (depth > DEPTH_MAX) throw this.#error(`tuples are nested deeper than ${DEPTH_MAX}`)
    this.#expect('(')
    const items: TupleItem[] = []
    for (;;) {
      this.#skip()
      if (this.#take(')')) return items
      if (this.open) throw this.#error('nothing can follow ... but the end of the tuple')
      items.push(this.#item(depth))
      this.#skip()
      if (depth === 0 && this.#text.startsWith('...', this.at)) this.#openAfter(items.at(-1))
      else if (!this.#take(',') && this.#text[this.at] !== ')') throw this.#error('expected , or )')
    }
  }

  partial(): PartialTuple | undefined {
    this.#expect('(')
    const items: TupleItem[] = []
    for (;;) {
      this.#skip()
      const itemStart = this.at
      try {
        items.push(this.#item(0))
        this.#skip()
      } catch (error) {
        if (!(error instanceof TextError)) throw error
        return { items, itemStart }
      }
      if (this.at >= this.#text.length) return { items: items.slice(0, -1), itemStart }
      if (!this.#take(',')) return undefined
    }
  }

  #openAfter(last: TupleItem | undefined): void {
    if (typeof last !== 'string' && !(last instanceof Uint8Array)) {
      throw this.#error('... can follow only a text or bytes')
    }
    this.at += 3
    this.open = true
  }

  #item(depth: number): TupleItem {
    const sign = this.#text[this.at]
    if (sign === '(') return this.tuple(depth + 1)
    if (sign === "'" || sign === '"') return this.#string(sign)
    if (sign === 'b' && /['"]/.test(this.#text[this.at + 1] ?? '')) return this.#bytes()
    const number = this.#match(NUMBER)
    if (number !== undefined) return this.#number(number)
    const start = this.at
    const name = this.#match(NAME)
    if (name === undefined) throw this.#error('expected an item')
    const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
    if (named !== undefined) return named()
    return this.#call(name, start)
  }

  #call(name: string, start: number): TupleItem {
    if (!this.#take('(')) {
      throw new TextError(`${name} is no item; a text is written in quotes, such as '${name}'`, start)
    }
    this.#skip()
    const item = this.#argument(name, start)
    this.#skip()
    this.#expect(')')
    return item
  }

  #argument(name: string, start: number): TupleItem {
    switch (name) {
      case 'uuid':
        return this.#made(() => new Uuid(this.#quoted()))
      case 'versionstamp':
        return this.#versionstamp()
      case 'double': {
        const bits = this.#match(BITS)
        return bits === undefined ? new Double(this.#float()) : this.#made(() => Double.fromBits(BigInt(bits)))
      }
      case 'float': {
        const bits = this.#match(BITS)
        return bits === undefined ? new Float(this.#float()) : this.#made(() => Float.fromBits(Number(bits)))
      }
      default:
        throw new TextError(`there is no ${name}(...); there are uuid, versionstamp, float and double`, start)
    }
  }

  #versionstamp(): Versionstamp {
    if (this.#text[this.at] === ')') return Versionstamp.incomplete()
    const number = this.#match(NUMBER)
    if (number !== undefined) return this.#made(() => Versionstamp.incomplete(Number(number)))
    const start = this.at
    const hex = this.#quoted()
    if (!/^([0-9a-f]{20}|[0-9a-f]{24})$/i.test(hex)) {
      throw new TextError('a versionstamp is 20 or 24 hexadecimal digits in quotes', start)
    }
    return new Versionstamp(Buffer.from(hex, 'hex'))
  }

  /** A number of a 32-bit or 64-bit float. */
  #float(): number {
    const number = this.#match(NUMBER)
    if (number !== undefined) return Number(number)
    const start = this.at
    const named = { nan: NaN, inf: Infinity, '-inf': -Infinity }[this.#match(NAME) ?? '']
    if (named === undefined) throw new TextError('expected a number, nan, inf, -inf, or the bits as 0x...', start)
    return named
  }

  #number(text: string): TupleItem {
    if (/[.eE]/.test(text)) {
      const value = Number(text)
      if (!Number.isFinite(value)) throw new TextError('the number is too large for 64 bits', this.at - text.length)
      return new Double(value)
    }
    const integer = BigInt(text.replace(/^\+/, ''))
    const number = Number(integer)
    return Number.isSafeInteger(number) ? number + 0 : integer
  }

  #quoted(): string {
    const quote = this.#text[this.at]
    if (quote !== "'" && quote !== '"') throw this.#error('expected a text in quotes')
    return this.#string(quote)
  }

  #string(quote: string): string {
    const start = this.at
    const text = this.#inQuotes(quote, 0x10ffff)
    if (/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/.test(text)) {
      throw new TextError('the text has a lone surrogate, which has no UTF-8', start)
    }
    return text
  }

  #bytes(): Buffer {
    this.at += 1
    return Buffer.from(this.#inQuotes(this.#text[this.at] as string, 0xff), 'latin1')
  }

  /** What stands in quotes, escapes resolved. Bytes, whose `most` is ff, have only ASCII beside their escapes. */
  #inQuotes(quote: string, most: number): string {
    const start = this.at
    let inside = ''
    this.at += 1
    while (this.at < this.#text.length) {
      const plain = this.#match(PLAIN)
      if (plain !== undefined) inside += plain
      const from = this.at
      if (from >= this.#text.length) break
      const sign = this.#text[from] as string
      if (sign === quote) {
        this.at += 1
        return inside
      }
      if (sign === '\\') {
        const code = this.#escape()
        if (code > most) throw new TextError('a byte is at most ff', from)
        inside += String.fromCodePoint(code)
      } else {
        if (most === 0xff && sign > '~') throw new TextError('bytes are written in ASCII and \\xNN', from)
        inside += sign
        this.at += 1
      }
    }
    throw new TextError('the quotes are not closed', start)
  }

  #escape(): number {
    const escape = /^\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|([nrt0'"\\]))/i.exec(
      this.#text.slice(this.at, this.at + 10),
    )
    if (escape === null)
      throw this.#error('after a backslash come xNN, u{N...}, uNNNN, n, r, t, 0, a quote or a backslash')
    const [whole, two, braced, four, sign] = escape
    const hex = two ?? braced ?? four
    const code = hex === undefined ? SIGNS[sign as string] : Number.parseInt(hex, 16)
    if (code === undefined || code > 0x10ffff) throw this.#error('there is no such character')
    this.at += whole.length
    return code
  }

  #made<T>(make: () => T): T {
    const start = this.at
    try {
      return make()
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw new TextError(error.message, start)
      throw error
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)
    if (found === null) return undefined
    this.at = pattern.lastIndex
    return found[0]
  }

  #skip(): void {
    this.#match(SPACE)
  }

  #take(sign: string): boolean {
    if (this.#text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#error(`expected ${sign}`)
  }

  #error(message: string): TextError {
    return new TextError(this.at >= this.#text.length ? `${message}, but the text ends` : message, this.at)
  }
}

const SIGNS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, 0: 0, "'": 39, '"': 34, '\\': 92 }
