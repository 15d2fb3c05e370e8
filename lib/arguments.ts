/**
 * Checks of arguments. Each takes the argument and its name, and gives it back, or throws a TypeError (wrong type) or
 * a RangeError (wrong value) that begins with the name.
 *
 * Keys and values that go straight to the native side are checked there, where they are read. What is kept until
 * later is checked and copied here.
 */

import { inspect, types } from 'node:util'

/** What a key, a value or any other byte string can be given as; a string stands for its UTF-8. */
export type Bytes = Uint8Array | string

/** Short text for a wrong value. */
function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, maxStringLength: 40, maxArrayLength: 3, breakLength: Infinity })
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function wrongType(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${shown(value)}`)
}

/** A copy of the bytes of a Uint8Array, of `length` if that is given. */
export function bytesOf(value: unknown, name: string, length?: number | undefined): Buffer {
  if (!types.isUint8Array(value)) throw wrongType(name, 'a Uint8Array', value)
  if (value.length === 0) refuseDetached(value, name)
  if (length !== undefined && value.length !== length) {
    throw new RangeError(`${name}: expected ${length} bytes, got ${value.length}`)
  }
  try {
    return Buffer.from(value)
  } catch (error) {
    // Code that was optimised may still be given the length of before the transfer.
    refuseDetached(value, name)
    throw error
  }
}

/** Bytes or text. */
export function bytesOrText(value: unknown, name: string): Bytes {
  if (typeof value === 'string') return wellFormed(value, name)
  if (!types.isUint8Array(value)) throw wrongType(name, 'a Uint8Array or a string', value)
  if (value.length === 0) refuseDetached(value, name)
  return value
}

/** Bytes or text, as something that later changes of the argument do not reach. */
export function keepBytes(value: unknown, name: string): Bytes {
  const given = bytesOrText(value, name)
  return typeof given === 'string' ? given : bytesOf(given, name)
}

/** A Buffer of bytes or of text's UTF-8. */
export function toBuffer(value: unknown, name: string): Buffer {
  const kept = keepBytes(value, name)
  return typeof kept === 'string' ? Buffer.from(kept) : (kept as Buffer)
}

/** Text that UTF-8 can say. */
export function wellFormed(text: string, name: string): string {
  // Node has it since version 20; the types of its day do not.
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed()) {
    const index = Array.from(text).reduce<[number, number]>(
      ([at, found], character) => [
        at + character.length,
        found < 0 && /^[\ud800-\udfff]$/.test(character) ? at : found,
      ],
      [0, -1],
    )[1]
    throw new TypeError(`${name}: the string has a lone surrogate at index ${index}`)
  }
  return text
}

function refuseDetached(value: Uint8Array, name: string): void {
  try {
    // A view of memory that was transferred away cannot be made; nothing else tells it from an empty one.
    new Uint8Array(value.buffer)
  } catch {
    throw new TypeError(`${name}: the memory of the Uint8Array was transferred away`)
  }
}

/** A string. */
export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value)
  return value
}

/** Any number. */
export function number(value: unknown, name: string): number {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value)
  return value
}

/** A whole number from `least` to `most`. */
export function wholeNumber(value: unknown, name: string, least: number, most: number): number {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, got ${value}`)
  }
  return value
}

/** A bigint of so many bits, not negative. */
export function unsigned(value: unknown, name: string, bits: number): bigint {
  if (typeof value !== 'bigint') throw wrongType(name, 'a bigint', value)
  if (BigInt.asUintN(bits, value) !== value) {
    throw new RangeError(`${name}: expected a bigint from 0 to 2^${bits} - 1, got ${value}`)
  }
  return value
}

/** A bigint of so many bits, one of them for the sign. */
export function signed(value: unknown, name: string, bits: number): bigint {
  if (typeof value !== 'bigint') throw wrongType(name, 'a bigint', value)
  if (BigInt.asIntN(bits, value) !== value) {
    throw new RangeError(`${name}: expected a bigint from -2^${bits - 1} to 2^${bits - 1} - 1, got ${value}`)
  }
  return value
}

/** A boolean. */
export function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
  return value
}

/** A function. */
export function callable<T>(value: T, name: string): T {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value)
  return value
}

/** An array. */
export function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an array', value)
  return value
}

/** An array of what `check` takes, and gives back. What an array is said to have and has not is undefined. */
export function arrayOf<T>(value: unknown, name: string, check: (item: unknown, name: string) => T): T[] {
  return Array.from(array(value, name), (item, index) => check(item, `${name}[${index}]`))
}

/** An AbortSignal, also one of another realm. */
export function abortSignal(value: unknown, name: string): AbortSignal {
  const signal = value as AbortSignal | null
  if (
    typeof signal !== 'object' ||
    signal === null ||
    typeof signal.aborted !== 'boolean' ||
    typeof signal.addEventListener !== 'function'
  ) {
    throw wrongType(name, 'an AbortSignal', value)
  }
  return signal
}

/** The checks of an options object: one for each name it may have. */
export type OptionChecks = Readonly<Record<string, (value: unknown, name: string) => unknown>>

/**
 * An options object: left out, or an object of the known names, each undefined or as its check wants it.
 *
 * It is read as the web's dictionaries are: a known name may be inherited, from a class with getters or from defaults
 * that are the prototype. What an object has itself must be known, so that a misspelt name is noticed.
 */
export function checkedOptions<T extends object>(
  options: T | undefined,
  checks: OptionChecks,
  of = 'options',
): Partial<T> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrongType(of, 'an object', options)
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(checks, name)) {
      throw new TypeError(`${of}: there is no option ${shown(name)}; there are ${Object.keys(checks).join(', ')}`)
    }
  }
  // Each is read once: a getter may give something else the next time.
  const taken: Record<string, unknown> = {}
  for (const [name, check] of Object.entries(checks)) {
    const value = (options as Record<string, unknown>)[name]
    if (value === undefined) continue
    check(value, `${of}.${name}`)
    taken[name] = value
  }
  return taken as Partial<T>
}
