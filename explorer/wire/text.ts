/**
 * Tuple items as people write them: the syntax of the command `found`, and short cuts for a field that takes one item.
 *
 * | written                                          | item                                            |
 * | ------------------------------------------------ | ----------------------------------------------- |
 * | `null`, `true`, `false`                          | themselves                                      |
 * | `12`, `-3`                                       | integer, of any size                            |
 * | `1.5`, `1.0`, `2e9`, `inf`, `-inf`, `nan`        | 64-bit float; of other bits `double(0x...)`     |
 * | `float(1.5)`                                     | 32-bit float                                    |
 * | `'Paris'`, `"Paris"`                             | text, with `\n`, `\x07`, `\u{1f600}` and so on  |
 * | `b'\x00ab'`, `0x006162`                          | bytes                                           |
 * | `uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')`   | UUID, also without `uuid('')` around it         |
 * | `versionstamp('000000000000000100000000')`       | versionstamp: 12 bytes in hex                   |
 * | `('a', 1)`                                       | nested tuple                                    |
 * | anything else, such as `Paris`                   | text as it stands                               |
 */

import { doubleBits, doubleOf, floatBits, floatOf, type WireItem, type WireTerm, type WireTuple } from './items.js'

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const DOUBLE = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const HEX = /^0x((?:[0-9a-f]{2})*)$/i
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const NAMED_NUMBERS: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN }
const VARIABLE = /^\?([\p{L}_][\p{L}\p{N}_]*)?$/u
/** What is seen as a sign of its own. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
/** What begins an item that is not a bare word. */
const MARKED = /^(?:['"(]|b['"]|(?:uuid|versionstamp|float|double)\()/

/** What was written is no item. */
export class ItemError extends Error {
  override name = 'ItemError'
}

/** The item that a text stands for. */
export function parseItem(text: string): WireItem {
  const written = text.trim()
  if (!MARKED.test(written)) return word(written === '' ? text : written)
  const parser = new Parser(written)
  const item = parser.item()
  parser.end()
  return item
}

/** The items of a tuple, with or without brackets around it. Nothing is the empty tuple. */
export function parseTuple(text: string): WireTuple {
  const written = text.trim()
  if (written === '') return []
  const parser = new Parser(written)
  const items = parser.items(undefined)
  parser.end()
  const [only] = items
  return items.length === 1 && Array.isArray(only) && !/,\s*$/.test(written) ? (only as WireTuple) : items
}

/**
 * One column of a pattern: `?name` is a variable, an item what the column equals. Undefined where it is left open:
 * nothing, or `?`.
 */
export function parseTerm(text: string): WireTerm | undefined {
  const written = text.trim()
  if (written === '') return undefined
  const match = VARIABLE.exec(written)
  if (match === null) return parseItem(text)
  return match[1] === undefined ? undefined : { variable: match[1] }
}

/**
 * The bytes of a key or a value, in hex, and the tuple where it is written as one: text that begins with a parenthesis is
 * a tuple, any other is UTF-8 with `\xNN` for a byte and `\\` for a backslash.
 */
export function parseBytes(text: string): { hex: string } | { tuple: WireTuple } {
  if (text.startsWith('(')) {
    const parser = new Parser(text)
    const tuple = parser.item() as WireTuple
    parser.end()
    return { tuple }
  }
  const parts = text.split(/(\\x[0-9a-f]{2}|\\\\)/i).map((part, at) => {
    if (at % 2 === 1) return part === '\\\\' ? '5c' : part.slice(2).toLowerCase()
    if (part.includes('\\')) throw new ItemError('behind a backslash come x and two hex digits, or a backslash')
    return hexOf(wellFormed(part))
  })
  return { hex: parts.join('') }
}

/** Bytes as `parseBytes` reads them. */
export function formatBytes(hex: string): string {
  const bytes = bytesOf(hex)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return escapeFirst([...bytes].map(escapeByte).join(''))
  }
  const signs = [...text].map((sign) => {
    if (sign === '\\') return '\\\\'
    return PRINTABLE.test(sign) ? sign : [...new TextEncoder().encode(sign)].map(hexEscape).join('')
  })
  return escapeFirst(signs.join(''))
}

/** What begins with a parenthesis would be a tuple. */
const escapeFirst = (text: string): string => (text.startsWith('(') ? `\\x28${text.slice(1)}` : text)
const hexEscape = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

function escapeByte(byte: number): string {
  if (byte === 0x5c) return '\\\\'
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hexEscape(byte)
}

/** Bytes from hex. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)
  return bytes
}

/** The hex of text, as UTF-8. */
export function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function wellFormed(text: string): string {
  if (/\p{Cs}/u.test(text)) throw new ItemError('a surrogate stands alone')
  return text
}

class Parser {
  #at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const match = new RegExp(`^(?:${pattern.source})`, pattern.flags).exec(this.#text.slice(this.#at))
    if (match !== null) this.#at += match[0].length
    return match
  }

  end(): void {
    this.#take(/\s*/)
    if (this.#at < this.#text.length) throw new ItemError(`something stands behind it: ${this.#text.slice(this.#at)}`)
  }

  items(close: string | undefined): WireItem[] {
    const items: WireItem[] = []
    for (;;) {
      this.#take(/\s*/)
      if (this.#text[this.#at] === close) {
        if (close !== undefined) this.#at += 1
        return items
      }
      items.push(this.item())
      if (this.#take(/\s*,/) === null && this.#take(/\s*(?=\)|$)/) === null) throw new ItemError('expected a comma')
    }
  }

  item(): WireItem {
    if (this.#take(/\(/) !== null) return this.items(')')
    if (/^['"]/.test(this.#text.slice(this.#at))) return wellFormed(this.#quoted(0x10ffff))
    if (this.#take(/b(?=['"])/) !== null) return { bytes: [...this.#quoted(0xff)].map(hexOfByte).join('') }
    const call = this.#take(/(uuid|versionstamp|float|double)\(\s*/)
    if (call !== null) return this.#call(call[1] as string)
    const written = this.#take(/[^,()'"]*/)?.[0].trim()
    if (!written) throw new ItemError(this.#at < this.#text.length ? `not expected: ${this.#text[this.#at]}` : 'it ends too early')
    return word(written)
  }

  #call(name: string): WireItem {
    const quoted = name === 'uuid' || name === 'versionstamp'
    const argument = quoted ? this.#quoted(0x10ffff) : (this.#take(/[^,()'"]*/)?.[0].trim() ?? '')
    if (this.#take(/\s*\)/) === null) throw new ItemError('expected )')
    return called(name, argument)
  }

  /** What stands in quotes, escapes resolved. Bytes, whose `most` is ff, have only ASCII beside their escapes. */
  #quoted(most: number): string {
    const quote = this.#take(/['"]/)?.[0]
    if (quote === undefined) throw new ItemError('expected quotes')
    let inside = ''
    for (;;) {
      const [sign] = this.#take(/[^]/u) ?? []
      if (sign === undefined) throw new ItemError('the quotes are not closed')
      if (sign === quote) return inside
      if (sign === '\\') inside += this.#escape(most)
      else if (most === 0xff && sign > '~') throw new ItemError('bytes are written in ASCII and \\xNN')
      else inside += sign
    }
  }

  #escape(most: number): string {
    const escape = this.#take(/x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|([nrt0'"\\])/i)
    if (escape === null) throw new ItemError('behind a backslash come xNN, u{N...}, uNNNN, n, r, t, 0, a quote or a backslash')
    const [, two, braced, four, sign] = escape
    const digits = two ?? braced ?? four
    const code = digits === undefined ? (SIGNS[sign as string] as number) : Number.parseInt(digits, 16)
    if (code > most) throw new ItemError('there is no such character')
    return String.fromCodePoint(code)
  }
}

const SIGNS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, 0: 0, "'": 39, '"': 34, '\\': 92 }
const hexOfByte = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(2, '0')

function word(text: string): WireItem {
  if (text === 'null') return null
  if (text === 'true') return true
  if (text === 'false') return false
  const named = NAMED_NUMBERS[text]
  if (named !== undefined) return double(named)
  if (INTEGER.test(text)) {
    const value = Number(text) + 0
    return Number.isSafeInteger(value) ? value : { integer: text }
  }
  if (/[.eE]/.test(text) && DOUBLE.test(text)) {
    if (!Number.isFinite(Number(text))) throw new ItemError('the number is too large for 64 bits')
    return double(Number(text))
  }
  const bytes = HEX.exec(text)
  if (bytes) return { bytes: (bytes[1] as string).toLowerCase() }
  return UUID.test(text) ? { uuid: text.toLowerCase() } : wellFormed(text)
}

function double(value: number): WireItem {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : { double: doubleBits(value) }
}

function called(name: string, argument: string): WireItem {
  if (name === 'uuid') {
    if (!UUID.test(argument)) throw new ItemError('expected a UUID')
    return { uuid: argument.toLowerCase() }
  }
  if (name === 'versionstamp') {
    if (!/^[0-9a-f]{24}$/i.test(argument)) throw new ItemError('a versionstamp is 24 hex digits in quotes')
    return { versionstamp: argument.toLowerCase() }
  }
  const digits = name === 'double' ? 16 : 8
  const bits = new RegExp(`^0x([0-9a-f]{${digits}})$`, 'i').exec(argument)?.[1]?.toLowerCase()
  if (bits !== undefined) return name === 'double' ? { double: bits } : { float: bits }
  const value = NAMED_NUMBERS[argument] ?? (DOUBLE.test(argument) ? Number(argument) : undefined)
  if (value === undefined) throw new ItemError(`${name}: expected a number, inf, -inf, nan, or 0x and ${digits} hex digits`)
  return name === 'double' ? double(value) : { float: floatBits(value) }
}

/** An item as `parseItem` reads it, as short as can be: text needs no quotes where it can be nothing else. */
export function formatItem(item: WireItem): string {
  if (typeof item === 'string') return parsesAsItself(item) ? item : format(item)
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return format(item)
  if ('uuid' in item) return item.uuid
  return 'bytes' in item && !/^(?:[2-6][0-9a-f]|7[0-9a-e])*$/.test(item.bytes) ? `0x${item.bytes}` : format(item)
}

/** An item as it stands within a tuple. */
export function formatWithin(item: WireItem): string {
  return format(item)
}

/** A tuple as `parseTuple` and the command `found` read it. */
export function formatTuple(items: WireTuple): string {
  return items.length === 1 ? `(${format(items[0] as WireItem)},)` : `(${items.map(format).join(', ')})`
}

/** A term as `parseTerm` reads it. */
export function formatTerm(term: WireTerm | undefined): string {
  if (term === undefined) return ''
  if (typeof term === 'object' && term !== null && 'variable' in term) return `?${term.variable}`
  return typeof term === 'string' && VARIABLE.test(term) ? quoted(term) : formatItem(term)
}

function parsesAsItself(text: string): boolean {
  if (text === '' || text !== text.trim() || ![...text].every((sign) => PRINTABLE.test(sign))) return false
  try {
    return parseItem(text) === text
  } catch {
    return false
  }
}

function quoted(text: string): string {
  const signs = [...text].map((sign) => {
    if (sign === "'" || sign === '\\') return `\\${sign}`
    if (sign === '\n') return '\\n'
    if (sign === '\r') return '\\r'
    if (sign === '\t') return '\\t'
    if (PRINTABLE.test(sign)) return sign
    const code = sign.codePointAt(0) as number
    return code < 0x100 ? hexEscape(code) : `\\u{${code.toString(16)}}`
  })
  return `'${signs.join('')}'`
}

function format(item: WireItem): string {
  if (item === null || typeof item === 'boolean' || typeof item === 'number') return String(item)
  if (typeof item === 'string') return quoted(item)
  if (Array.isArray(item)) return formatTuple(item)
  const tagged = item as Exclude<WireItem, null | boolean | number | string | WireTuple>
  if ('integer' in tagged) return tagged.integer
  if ('bytes' in tagged) return `b'${[...bytesOf(tagged.bytes)].map(escapeByte).join('').replaceAll("'", "\\'")}'`
  if ('uuid' in tagged) return `uuid('${tagged.uuid}')`
  if ('versionstamp' in tagged) return `versionstamp('${tagged.versionstamp}')`
  if ('float' in tagged) return `float(${floating(floatOf(tagged.float), tagged.float, floatBits)})`
  const text = floating(doubleOf(tagged.double), tagged.double, doubleBits)
  return text.startsWith('0x') ? `double(${text})` : text
}

/** The shortest decimal that comes back as the same bits. */
function floating(value: number, bits: string, bitsOf: (value: number) => string): string {
  if (bitsOf(value) !== bits) return `0x${bits}`
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  let shortest = value
  for (let precision = 1; precision <= 17; precision++) {
    shortest = Number(value.toPrecision(precision))
    if (bitsOf(shortest) === bits) break
  }
  const text = String(shortest)
  return /[.e]/.test(text) ? text : `${text}.0`
}
