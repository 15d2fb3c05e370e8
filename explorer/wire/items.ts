/**
 * Tuple items as JSON, lossless: what the page and the server send each other.
 *
 * | item                                  | JSON                                             |
 * | ------------------------------------- | ------------------------------------------------ |
 * | null, boolean, text, nested tuple     | itself                                           |
 * | integer up to 2^53 - 1                | a number                                         |
 * | larger integer                        | `{integer}` in decimal                           |
 * | 64-bit float with a fraction          | a number                                         |
 * | any other 64-bit float, 32-bit float  | `{double}`, `{float}`: its bits, 16 or 8 hex digits |
 * | bytes, UUID, versionstamp             | `{bytes}`, `{uuid}`, `{versionstamp}`: hex       |
 */
export type WireItem =
  | null
  | boolean
  | number
  | string
  | readonly WireItem[]
  | { readonly integer: string }
  | { readonly double: string }
  | { readonly float: string }
  | { readonly bytes: string }
  | { readonly uuid: string }
  | { readonly versionstamp: string }

/** A tuple as JSON. */
export type WireTuple = readonly WireItem[]

/** A variable of a pattern as JSON. */
export interface WireVariable {
  readonly variable: string
}

/** One column of a pattern as JSON. */
export type WireTerm = WireItem | WireVariable

/** What kind of item it is, in FoundationDB's terms. */
export type ItemType =
  'null' | 'boolean' | 'integer' | 'double' | 'float' | 'text' | 'bytes' | 'uuid' | 'versionstamp' | 'tuple'

/** Whether a term is a variable. */
export function isVariable(term: WireTerm): term is WireVariable {
  return typeof term === 'object' && term !== null && 'variable' in term
}

/** The type of an item. */
export function typeOf(item: WireItem): ItemType {
  if (item === null) return 'null'
  if (typeof item === 'boolean') return 'boolean'
  if (typeof item === 'string') return 'text'
  if (typeof item === 'number') return Number.isInteger(item) ? 'integer' : 'double'
  if (Array.isArray(item)) return 'tuple'
  const [key] = Object.keys(item)
  return key as ItemType
}

const scratch = new DataView(new ArrayBuffer(8))

/** A 64-bit float from its bits. */
export function doubleOf(bits: string): number {
  scratch.setBigUint64(0, BigInt(`0x${bits}`))
  return scratch.getFloat64(0)
}

/** The bits of a 64-bit float. */
export function doubleBits(value: number): string {
  scratch.setFloat64(0, value)
  return Number.isNaN(value) ? '7ff8000000000000' : scratch.getBigUint64(0).toString(16).padStart(16, '0')
}

/** A 32-bit float from its bits. */
export function floatOf(bits: string): number {
  scratch.setUint32(0, Number.parseInt(bits, 16))
  return scratch.getFloat32(0)
}

/** The bits of the 32-bit float that is nearest. */
export function floatBits(value: number): string {
  scratch.setFloat32(0, value)
  return Number.isNaN(value) ? '7fc00000' : scratch.getUint32(0).toString(16).padStart(8, '0')
}
