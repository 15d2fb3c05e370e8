/**
 * Tuples as text: `('user', 42, b'\x00', null, 1.5)`. The syntax is told in docs/cli.md; tuple_parser.ts reads it.
 */

import { Double, Float, Uuid, Versionstamp } from '../../index.js'
import type { UnpackedItem } from '../../index.js'

import { escapeAscii, hexEscape, isPrintable } from './escapes.js'

/** The bits that `nan` stands for. */
const USUAL_NAN = 0x7ff8000000000000n
const USUAL_FLOAT_NAN = 0x7fc00000

/** A tuple as text; with `open`, as the beginning of longer ones, so that more items can be written behind it. */
export function printTuple(items: readonly UnpackedItem[], open = false): string {
  const printed = items.map(printItem)
  if (open) return `(${printed.map((item) => `${item}, `).join('')}`
  return printed.length === 1 ? `(${printed[0]},)` : `(${printed.join(', ')})`
}

/** One item as text. */
export function printItem(item: UnpackedItem): string {
  if (item === null || typeof item === 'boolean' || typeof item === 'bigint') return String(item)
  if (typeof item === 'number') return Number.isInteger(item) ? String(item) : printNumber(item)
  if (typeof item === 'string') return printString(item)
  if (Array.isArray(item)) return printTuple(item)
  if (item instanceof Uuid) return `uuid('${item.toString()}')`
  if (item instanceof Versionstamp) return `versionstamp('${item.toString()}')`
  if (item instanceof Double) return printDouble(item)
  if (item instanceof Float) return `float(${printFloat(item)})`
  return `b'${escapeAscii(item).replaceAll("'", "\\'")}'`
}

/** Text that needs no escape. */
const PLAIN = /^[ -&(-[\]-~]*$/

function printString(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`
  let printed = "'"
  for (const character of text) {
    if (character === "'" || character === '\\') printed += `\\${character}`
    else if (character === '\n') printed += '\\n'
    else if (character === '\r') printed += '\\r'
    else if (character === '\t') printed += '\\t'
    else if (isPrintable(character)) printed += character
    else printed += escapeCodePoint(character.codePointAt(0) as number)
  }
  return `${printed}'`
}

function escapeCodePoint(code: number): string {
  return code < 0x100 ? hexEscape(code) : `\\u{${code.toString(16)}}`
}

/** A number so that it is read as a float: with a point or an exponent, or by its name. */
function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function printDouble(item: Double): string {
  if (Number.isNaN(item.value) && item.bits !== USUAL_NAN)
    return `double(0x${item.bits.toString(16).padStart(16, '0')})`
  return printNumber(item.value)
}

function printFloat(item: Float): string {
  const { value, bits } = item
  if (Number.isNaN(value)) return bits === USUAL_FLOAT_NAN ? 'nan' : `0x${bits.toString(16).padStart(8, '0')}`
  // In decimals -0 would lose its sign.
  if (!Number.isFinite(value) || value === 0) return printNumber(value)
  // The fewest digits that still give this 32-bit float; nine always do.
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return printNumber(short)
  }
  return printNumber(Number(value.toPrecision(9)))
}
