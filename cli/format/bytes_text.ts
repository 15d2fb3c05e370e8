/**
 * Keys and values as people read and write them: as a tuple where they are one, otherwise in escapes.
 *
 * Text that begins with a parenthesis is a tuple; bytes that begin with one are shown with `\x28`. So each text stands
 * for one byte string, and what is shown can be typed.
 */

import { nextPrefix, pack, unpack } from '../../index.js'
import type { UnpackedItem } from '../../index.js'

import { asPlainText, escapeBytes, hexEscape, unescapeBytes } from './escapes.js'
import { TextError } from './text_error.js'
import { parseTuple } from './tuple_parser.js'
import { printTuple } from './tuple_printer.js'

const PARENTHESIS = 0x28
/** The end of the keys that a program has for itself. */
export const KEYS_END = Buffer.of(0xff)

/** A range of keys: `begin` is in it, `end` is not. */
export interface KeyRange {
  readonly begin: Buffer
  readonly end: Buffer
}

/** A key as text. */
export function printKey(key: Buffer): string {
  const items = asTuple(key)
  return items === undefined ? printRaw(key) : printTuple(items)
}

/**
 * A value as text. Like a key, but a small number in little-endian bytes, which would often pass for a tuple that ends
 * with nulls, is shown in escapes.
 */
export function printValue(value: Buffer): string {
  const items = asTuple(value)
  const number = items !== undefined && items.at(-1) === null && items.at(-2) === null
  return items === undefined || number ? printRaw(value) : printTuple(items)
}

function printRaw(bytes: Buffer): string {
  const text = escapeBytes(bytes)
  return bytes[0] === PARENTHESIS ? hexEscape(PARENTHESIS) + text.slice(1) : text
}

/** The items that bytes are the packed form of, if they are that and do not read as plain text. */
export function asTuple(bytes: Buffer): UnpackedItem[] | undefined {
  // Some signs of ASCII are also codes of the tuple layer.
  if (asPlainText(bytes) !== undefined) return undefined
  try {
    const items = unpack(bytes)
    return pack(items).equals(bytes) ? items : undefined
  } catch {
    return undefined
  }
}

/**
 * The bytes that text stands for.
 *
 * @throws TextError that says where the text is wrong
 */
export function parseBytes(text: string): Buffer {
  if (!text.startsWith('(')) return unescapeBytes(text)
  const { items, open } = parseTuple(text)
  if (open) throw new TextError('... stands for many keys; here one is wanted', text.lastIndexOf('...'))
  return packed(() => pack(items))
}

/**
 * The keys that begin as the text says. Of a tuple: itself and all longer ones that begin with its items, or, where its
 * last text is followed by `...`, with its items but the last and a text that begins so.
 */
export function parsePrefix(text: string): KeyRange {
  if (!text.startsWith('(')) return startingWith(unescapeBytes(text))
  const { items, open } = parseTuple(text)
  const begin = packed(() => pack(items))
  // Without the byte that ends the text.
  if (open) return startingWith(begin.subarray(0, -1))
  return { begin, end: Buffer.concat([begin, KEYS_END]) }
}

/** The keys that begin with these bytes; all of a program's own for none. */
export function startingWith(begin: Buffer): KeyRange {
  const last = begin.every((byte) => byte === 0xff)
  // After ff, which the system's keys begin with, comes only ff ff.
  const end = last ? Buffer.concat([begin, KEYS_END]) : nextPrefix(begin)
  return { begin, end: begin.length === 0 ? KEYS_END : end }
}

/** What `pack` gives; what it has against the items is said of the text. */
export function packed(pack: () => Buffer): Buffer {
  try {
    return pack()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new TextError(error.message)
    throw error
  }
}
