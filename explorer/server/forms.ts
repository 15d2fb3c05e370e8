/**
 * The forms of what the page sends, as JSON schemas. What is not described is refused.
 */

import { Type, type TSchema, type TUnsafe } from 'typebox'

import type { WireItem, WireTerm, WireTuple } from '../wire/items.js'

const strict = { additionalProperties: false }

/** An object of these properties and no others. */
export const Form = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, strict)

/** Something of a TypeScript type, checked by a schema that TypeBox cannot type. */
const unsafe = <T>(schema: object): TUnsafe<T> => Type.Unsafe<T>(schema as TSchema)

const tagged = (name: string, pattern: string, maxLength: number): object => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: { type: 'string', pattern, maxLength } },
})

/** Keys have at most 10,000 bytes, and no item can have more. */
const ITEM_HEX_MAX = 20_000
const TAGGED = [
  // 255 bytes of an integer.
  tagged('integer', '^-?[0-9]+$', 620),
  tagged('double', '^[0-9a-f]{16}$', 16),
  tagged('float', '^[0-9a-f]{8}$', 8),
  tagged('bytes', '^([0-9a-f]{2})*$', ITEM_HEX_MAX),
  tagged('uuid', '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', 36),
  tagged('versionstamp', '^[0-9a-f]{24}$', 24),
]
const SIMPLE = [{ type: 'null' }, { type: 'boolean' }, { type: 'number' }, { type: 'string', maxLength: 100_000 }]

const TUPLE = { type: 'array', maxItems: 1000, items: { $ref: 'item#' } }
const VARIABLE = tagged('variable', '^[^\\u0000]+$', 100)

/** Schemas that others refer to: items, which refer to themselves, and columns of patterns. */
export const shared: readonly object[] = [
  { $id: 'item', anyOf: [...SIMPLE, ...TAGGED, TUPLE] },
  { $id: 'term', anyOf: [VARIABLE, { $ref: 'item#' }] },
]

/** A tuple item. */
export const Item = unsafe<WireItem>({ $ref: 'item#' })
/** A tuple. */
export const Tuple = unsafe<WireTuple>(TUPLE)
/** A pattern: items and variables. */
export const Pattern = unsafe<readonly WireTerm[]>({
  type: 'array',
  minItems: 1,
  maxItems: 12,
  items: { $ref: 'term#' },
})
/** Several patterns. */
export const Patterns = unsafe<readonly (readonly WireTerm[])[]>({ type: 'array', minItems: 1, maxItems: 16, items: Pattern })

/** A key, or the beginning of keys. */
export const Key = Type.String({ pattern: '^([0-9a-f]{2})*$', maxLength: ITEM_HEX_MAX })
/** A UUID as text. */
export const UuidText = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' })

/** How many at a time. */
export const Limit = Type.Integer({ minimum: 1, maximum: 500 })
/** How many to pass over: what costs too much to pass over is to be asked for more exactly. */
export const Offset = Type.Integer({ minimum: 0, maximum: 10_000 })

/** Any store but a tuple store. */
export const Store = Form({ prefix: Tuple })
/** A tuple store. */
export const NStore = Form({ prefix: Tuple, columns: Type.Integer({ minimum: 1, maximum: 12 }) })
/** A tuple store with a history. */
export const VNStore = Form({
  prefix: Tuple,
  items: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 10, uniqueItems: true }),
})
