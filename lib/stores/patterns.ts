/**
 * Patterns of tuples, what their variables are called, and how both cross to the native side.
 */

import { inspect } from 'node:util'

import { array, arrayOf, text, wellFormed } from '../arguments.js'
import type { TupleItem } from '../tuple.js'
import type { UnpackedItem } from '../tuple_reader.js'
import { Writer } from '../tuple_writer.js'

/** A variable: what `nstore.var` makes. It stands for one value, wherever it occurs. */
export class Var<out Name extends string = string> {
  /** What the bindings call it. */
  readonly name: Name

  /** @param name what the bindings call it */
  constructor(name: Name) {
    this.name = wellFormed(text(name, 'name'), 'name') as Name
    // It would be the prototype of the bindings, and not a property of theirs.
    if (name === '__proto__' || name.startsWith('\0')) throw new RangeError(`name: ${inspect(name)} cannot be a variable`)
  }

  /** @internal */
  [inspect.custom](): string {
    return `var(${this.name})`
  }
}

/** A variable of a pattern. */
export function variable<const Name extends string>(name: Name): Var<Name> {
  return new Var(name)
}

/** One column of a pattern: a value that the column equals, or a variable. */
export type Term = TupleItem | Var

/** What tuples must look like: one term for each column. */
export type Pattern = readonly Term[]

/** The names of a pattern's variables. */
export type NamesOf<P extends Pattern> = P[number] extends infer T ? (T extends Var<infer Name> ? Name : never) : never

/** What variables stand for. */
export type Bindings<Name extends string = string> = { readonly [K in Name]: UnpackedItem }

/**
 * The bytes of a tuple's items, which may have incomplete versionstamps, lent until the next call.
 *
 * @internal
 */
export function withPacked<R>(items: readonly unknown[], name: string, use: (packed: Buffer) => R): R {
  array(items, name)
  const writer = Writer.take()
  try {
    writer.items(items, 0, () => name)
    return use(writer.room.subarray(0, writer.length))
  } finally {
    writer.give()
  }
}

/**
 * Patterns of so many columns, as something that later changes of the arguments do not reach. `names` says what they
 * are called in messages, if not `patterns[0]` and so on.
 *
 * @internal
 */
export function checkedPatterns(patterns: readonly Pattern[], columns: number, names: readonly string[]): Pattern[] {
  const count = array(patterns, 'patterns').length
  if (count === 0 || count > PATTERNS_MAX) {
    throw new RangeError(`patterns: expected 1 to ${PATTERNS_MAX} patterns, got ${count}`)
  }
  return arrayOf(patterns, 'patterns', (pattern, ofArray) => {
    const name = names.length === 0 ? ofArray : (names[0] as string)
    const terms = array(pattern, name) as Pattern
    if (terms.length !== columns) throw new RangeError(`${name}: expected ${columns} columns, got ${terms.length}`)
    return [...terms]
  })
}

const PATTERNS_MAX = 64

/**
 * Packs patterns: a nested tuple for each, of a name for each variable and a tuple of it alone for each value.
 *
 * @internal
 */
export function packPatterns(patterns: readonly Pattern[], names: readonly string[]): Buffer {
  const writer = Writer.take()
  try {
    for (let number = 0; number < patterns.length; number++) {
      const path = () => names[number] ?? `patterns[${number}]`
      const pattern = patterns[number] as Pattern
      writer.raw(NESTED, NOTHING)
      for (let column = 0; column < pattern.length; column++) {
        const term = pattern[column]
        if (term instanceof Var) writer.text(TEXT, term.name, path)
        else {
          writer.raw(NESTED, NOTHING)
          writer.item(term, column, 2, path)
          writer.raw(END, NOTHING)
        }
      }
      writer.raw(END, NOTHING)
    }
    if (writer.stamps.length > 0) {
      throw new TypeError(`${names[0] ?? 'patterns'}: an incomplete versionstamp is in no tuple that can be found`)
    }
    return writer.taken()
  } finally {
    writer.give()
  }
}

const NESTED = 0x05
const TEXT = 0x02
const END = 0x00
const NOTHING = Buffer.alloc(0)

/**
 * What each slot of a row holds: a variable's name, or the number of the pattern whose tuple's value it is. `names`
 * are bound before; patterns are looked for in `order`.
 *
 * @internal
 */
export function slotsOf(
  names: readonly string[],
  patterns: readonly Pattern[],
  order: readonly number[],
  values: boolean,
): (string | number)[] {
  const slots: (string | number)[] = [...names]
  const known = new Set(names)
  for (const number of order) {
    for (const term of patterns[number] as Pattern) {
      if (!(term instanceof Var) || known.has(term.name)) continue
      known.add(term.name)
      slots.push(term.name)
    }
    if (values) slots.push(number)
  }
  return slots
}
