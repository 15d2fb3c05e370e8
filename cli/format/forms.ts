/**
 * The forms in which keys and values are given and shown.
 */

import { isUtf8 } from 'node:buffer'

import { parseBytes, printKey, printValue } from './bytes_text.js'
import { TextError } from './text_error.js'

/** The names of the forms. */
export const FORMS = ['text', 'utf8', 'hex', 'base64', 'int'] as const

/**
 * A form: `text` is what docs/cli.md describes, with tuples and escapes; `utf8` the text as it is; `int` a
 * little-endian integer with a sign, as atomic operations take them, with `/N` behind it if it has not 8 bytes.
 */
export type Form = (typeof FORMS)[number]

/** Whether bytes are a key or a value, which differ in how `text` shows them. */
export type Role = 'key' | 'value'

const INT_BYTES = 8

/**
 * Bytes in a form.
 *
 * @throws TextError where the bytes have none in it: those that are no UTF-8 in `utf8`
 */
export function show(bytes: Buffer, form: Form, role: Role): string {
  switch (form) {
    case 'text':
      return role === 'key' ? printKey(bytes) : printValue(bytes)
    case 'utf8':
      if (!isUtf8(bytes)) throw new TextError(`the ${role} is not UTF-8: ${printValue(bytes)}`)
      return bytes.toString()
    case 'int':
      return showInteger(bytes)
    default:
      return bytes.toString(form)
  }
}

/**
 * The bytes that are given in a form.
 *
 * @throws TextError that says what is wrong with it
 */
export function read(text: string, form: Form): Buffer {
  switch (form) {
    case 'text':
      return parseBytes(text)
    case 'utf8':
      return Buffer.from(text)
    case 'hex':
      return readHex(text)
    case 'base64':
      return readBase64(text)
    case 'int':
      return readInteger(text)
  }
}

function readHex(text: string): Buffer {
  const wrong = text.search(/[^0-9a-f]/i)
  if (wrong >= 0) throw new TextError('not a hexadecimal digit', wrong)
  if (text.length % 2 === 1) throw new TextError('half a byte: two hexadecimal digits make one', text.length - 1)
  return Buffer.from(text, 'hex')
}

function readBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) {
    const wrong = text.search(/[^0-9a-z+/=]/i)
    throw new TextError('not base64 of RFC 4648, with its padding', wrong < 0 ? text.length : wrong)
  }
  return bytes
}

function showInteger(bytes: Buffer): string {
  const magnitude = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`)
  const value = BigInt.asIntN(8 * bytes.length, magnitude)
  return bytes.length === INT_BYTES ? String(value) : `${value}/${bytes.length}`
}

/** Reads `N`, which is 8 bytes long, or `N/BYTES`. */
export function readInteger(text: string): Buffer {
  const match = /^([+-]?[0-9]+)(?:\/([0-9]{1,5}))?$/.exec(text)
  if (match === null) throw new TextError('not an integer such as 5, -1, or 5/4 for one of four bytes')
  const length = match[2] === undefined ? INT_BYTES : Number(match[2])
  const value = BigInt((match[1] as string).replace(/^\+/, ''))
  const bits = 8 * length
  const unsigned = BigInt.asUintN(bits, value)
  if (BigInt.asIntN(bits, value) !== value && unsigned !== value) {
    throw new TextError(`the integer does not fit into ${length} bytes`)
  }
  if (length === 0) return Buffer.alloc(0)
  return Buffer.from(unsigned.toString(16).padStart(2 * length, '0'), 'hex').reverse()
}
