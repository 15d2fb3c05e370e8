/**
 * The first item of a key: where it ends, and which keys begin with it.
 */

import { unpack, type UnpackedItem } from '../../index.js'

/** The first item of some bytes. */
export interface FirstItem {
  /** The item. */
  readonly item: UnpackedItem
  /** How many bytes it has, packed. */
  readonly length: number
  /** Whether a byte ff behind it would go on with it, because it ends with a 00. */
  readonly escapable: boolean
}

const NESTED = 0x05

/** The first item; undefined where the bytes do not begin with one. */
export function firstItem(bytes: Buffer): FirstItem | undefined {
  const length = endOf(bytes, 0)
  if (length === undefined) return undefined
  try {
    const [item] = unpack(bytes.subarray(0, length)) as [UnpackedItem]
    const code = bytes[0] as number
    return { item, length, escapable: code === 0x01 || code === 0x02 || code === NESTED }
  } catch {
    return undefined
  }
}

/** How many bytes items of a fixed length have, by their code. */
function fixedLength(code: number): number | undefined {
  // Integers of up to 8 bytes, on both sides of zero.
  if (code >= 0x0c && code <= 0x1c) return 1 + Math.abs(code - 0x14)
  return { 0x00: 1, 0x20: 5, 0x21: 9, 0x26: 1, 0x27: 1, 0x30: 17, 0x33: 13 }[code]
}

function endOf(bytes: Buffer, start: number): number | undefined {
  const code = bytes[start]
  if (code === undefined) return undefined
  let end: number | undefined
  if (code === 0x01 || code === 0x02) end = terminated(bytes, start + 1)
  else if (code === NESTED) end = nested(bytes, start + 1)
  else if (code === 0x0b || code === 0x1d) end = large(bytes, start)
  else {
    const length = fixedLength(code)
    end = length === undefined ? undefined : start + length
  }
  return end === undefined || end > bytes.length ? undefined : end
}

/** Behind the first 00 that no ff follows. */
function terminated(bytes: Buffer, start: number): number | undefined {
  for (let at = bytes.indexOf(0, start); at >= 0; at = bytes.indexOf(0, at + 2)) {
    if (bytes[at + 1] !== 0xff) return at + 1
  }
  return undefined
}

function nested(bytes: Buffer, start: number): number | undefined {
  let at = start
  for (;;) {
    if (bytes[at] === 0x00 && bytes[at + 1] !== 0xff) return at + 1
    const end = bytes[at] === 0x00 ? at + 2 : endOf(bytes, at)
    if (end === undefined || end > bytes.length) return undefined
    at = end
  }
}

/** An integer of more than 8 bytes: its length comes first, inverted if it is negative. */
function large(bytes: Buffer, start: number): number | undefined {
  const length = bytes[start + 1]
  if (length === undefined) return undefined
  return start + 2 + (bytes[start] === 0x0b ? length ^ 0xff : length)
}
