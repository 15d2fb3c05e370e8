/**
 * Bytes as text in the manner of fdbcli: what can be printed stands for itself, in UTF-8, any other byte is `\xNN`, and
 * a backslash is `\\`.
 */

import { isUtf8 } from 'node:buffer'

import { TextError } from './text_error.js'

/**
 * One character that a terminal shows as a sign of its own. Not among them: control characters, and those that turn
 * the direction of the text around them.
 */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const PLAIN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u
/** Most text is of nothing else, and this is quickly seen. */
const PLAIN_ASCII = /^[ -~]*$/

/** `\xNN` for a byte. */
export function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

/** Whether a character is shown as it is. */
export function isPrintable(character: string): boolean {
  return PRINTABLE.test(character)
}

/** The bytes as text, if they are UTF-8 and every character of it can be printed. */
export function asPlainText(bytes: Buffer): string | undefined {
  const ascii = bytes.toString('latin1')
  if (PLAIN_ASCII.test(ascii)) return ascii
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString()
  return PLAIN.test(text) ? text : undefined
}

/** The bytes in escapes. `unescapeBytes` gives the bytes again. */
export function escapeBytes(bytes: Buffer): string {
  return isUtf8(bytes) ? escapeText(bytes.toString()) : escapeAscii(bytes)
}

function escapeText(text: string): string {
  if (PLAIN_ASCII.test(text)) return text.replaceAll('\\', '\\\\')
  let escaped = ''
  for (const character of text) {
    if (character === '\\') escaped += '\\\\'
    else if (isPrintable(character)) escaped += character
    else for (const byte of Buffer.from(character)) escaped += hexEscape(byte)
  }
  return escaped
}

/** Bytes of which only ASCII is shown as it is. */
export function escapeAscii(bytes: Uint8Array): string {
  let escaped = ''
  for (const byte of bytes) {
    if (byte === 0x5c) escaped += '\\\\'
    else if (byte >= 0x20 && byte < 0x7f) escaped += String.fromCharCode(byte)
    else escaped += hexEscape(byte)
  }
  return escaped
}

/**
 * The bytes that text in escapes stands for.
 *
 * @throws TextError for a backslash that begins neither `\xNN` nor `\\`, and for a lone surrogate
 */
export function unescapeBytes(text: string): Buffer {
  const parts: Buffer[] = []
  let at = 0
  while (at < text.length) {
    const backslash = text.indexOf('\\', at)
    const end = backslash < 0 ? text.length : backslash
    if (end > at) parts.push(encode(text, at, end))
    if (backslash < 0) break
    const hex = /^\\x([0-9a-f]{2})/i.exec(text.slice(backslash, backslash + 4))
    if (hex !== null) {
      parts.push(Buffer.of(Number.parseInt(hex[1] as string, 16)))
      at = backslash + 4
    } else if (text[backslash + 1] === '\\') {
      parts.push(Buffer.of(0x5c))
      at = backslash + 2
    } else {
      throw new TextError('a backslash must be followed by x and two hexadecimal digits, or by a backslash', backslash)
    }
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}

function encode(text: string, begin: number, end: number): Buffer {
  const part = text.slice(begin, end)
  const lone = part.search(/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/)
  if (lone >= 0) throw new TextError('a lone surrogate has no bytes', begin + lone)
  return Buffer.from(part)
}
