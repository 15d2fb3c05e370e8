/**
 * Reads of the stores, but for those of the one with a history.
 */

import { Type } from 'typebox'

import { bstore, eavstore, nstore, pack, pstore, Uuid } from '../../index.js'
import type { Transaction, Tuple as FoundTuple, TupleItem, UnpackedItem } from '../../index.js'
import { isVariable, type WireItem, type WireTerm } from '../wire/items.js'
import { call } from './call.js'
import { Form, Item, Key, Limit, NStore, Offset, Patterns, Store } from './forms.js'
import { fromWire, fromWirePattern, fromWireTuple, hex, toWire } from './items.js'
import { childrenOf } from './keys.js'
import { pageOf, reading } from './reading.js'
import { SNIFF_BYTES, imageType } from './images.js'

const NAME = 'explorer'

/** The names of the variables of patterns, in the order in which they come. */
export function variablesOf(patterns: readonly (readonly WireTerm[])[]): string[] {
  return [...new Set(patterns.flat().flatMap((term) => (isVariable(term) ? [term.variable] : [])))]
}

/** Bindings as a row: the values of the variables. */
export function rowOf(variables: readonly string[], bindings: Readonly<Record<string, UnpackedItem>>): WireItem[] {
  return variables.map((name) => toWire(bindings[name] as UnpackedItem))
}

/** The solutions of patterns over a tuple store, and how they are found. */
export const nstoreQuery = call(
  Form({ store: NStore, patterns: Patterns, reorder: Type.Boolean(), offset: Offset, limit: Limit }),
  (db, { store, patterns, reorder, offset, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const made = nstore.make(NAME, fromWireTuple(store.prefix), store.columns)
      const terms = patterns.map(fromWirePattern)
      const variables = variablesOf(patterns)
      const steps = await nstore.explain(tx, made, terms, { reorder })
      const solutions = nstore.query(tx, made, terms, { reorder, signal })
      const page = await pageOf(solutions, offset, limit, (bindings) => rowOf(variables, bindings))
      return { variables, steps, ...page }
    }),
)

/** The documents that have all words, the best first. */
export const pstoreSearch = call(
  Form({
    store: Store,
    keywords: Type.Array(Type.String({ maxLength: 1000 }), { minItems: 1, maxItems: 50 }),
    ranking: Type.Union([Type.Literal('count'), Type.Literal('bm25')]),
    limit: Limit,
  }),
  (db, { store, keywords, ranking, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const made = pstore.make(NAME, fromWireTuple(store.prefix))
      const hits = await pstore.search(tx, made, keywords, limit + 1, { ranking })
      const rows = hits.slice(0, limit).map(([docuid, score]) => ({ docuid: toWire(docuid), score }))
      return { rows, more: hits.length > limit }
    }),
)

/** The most frequent words of a document. */
const WORDS_MAX = 500

/** The words of a document and how often each occurs, the most frequent first. */
export const pstoreDocument = call(Form({ store: Store, docuid: Item }), (db, { store, docuid }, signal) =>
  reading(db, signal, async (tx) => {
    const made = pstore.make(NAME, fromWireTuple(store.prefix))
    const words = await pstore.counter(tx, made, fromWire(docuid))
    const sorted = [...(words ?? [])].sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1))
    return { known: words !== undefined, words: sorted.slice(0, WORDS_MAX), more: sorted.length > WORDS_MAX }
  }),
)

const Condition = Form({
  attribute: Type.String({ maxLength: 1000 }),
  operator: Type.Enum(['eq', 'gt', 'gte', 'lt', 'lte', 'exists']),
  value: Item,
})

/** Conditions as the store takes them: those of one attribute become one. */
function conditionsOf(list: readonly { attribute: string; operator: string; value: WireItem }[]): eavstore.Conditions {
  const conditions = new Map<string, eavstore.Condition>()
  for (const { attribute, operator, value } of list) {
    const item = fromWire(value)
    const before = conditions.get(attribute)
    if (operator === 'eq') conditions.set(attribute, item)
    else if (operator === 'exists') conditions.set(attribute, before ?? { exists: true })
    else conditions.set(attribute, { ...(isRange(before) ? before : {}), [operator]: item })
  }
  return Object.fromEntries(conditions)
}

function isRange(condition: eavstore.Condition | undefined): condition is eavstore.Within {
  return (
    typeof condition === 'object' &&
    condition !== null &&
    ['gt', 'gte', 'lt', 'lte'].some((operator) => Object.hasOwn(condition, operator))
  )
}

/** The nested tuple that keys of a store's part begin with. */
function part(prefix: FoundTuple, number: number): Buffer {
  return pack([[...prefix, Buffer.of(number)]])
}

async function record(tx: Transaction, store: eavstore.EavStore, uid: TupleItem) {
  const stored = (await eavstore.get(tx, store, uid)) ?? {}
  return { uid: toWire(uid as UnpackedItem), attributes: Object.entries(stored).map(([name, value]) => [name, toWire(value)] as const) }
}

/** Records, in the order of their uids. `after` is where an earlier page has ended. */
export const eavstoreRecords = call(
  Form({ store: Store, after: Type.Optional(Key), limit: Limit }),
  (db, { store, after, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const prefix = fromWireTuple(store.prefix)
      const made = eavstore.make(NAME, prefix)
      const uids: { uid: WireItem; end: string }[] = []
      const from = after === undefined ? undefined : Buffer.from(after, 'hex')
      let more = false
      for await (const { item, end } of childrenOf(tx, part(prefix, 1), { after: from })) {
        if (item === undefined) continue
        if (uids.length === limit) {
          more = true
          break
        }
        uids.push({ uid: item, end: hex(end) })
      }
      const rows = await Promise.all(uids.map(({ uid }) => record(tx, made, fromWire(uid))))
      return { rows, more, end: uids.at(-1)?.end }
    }),
)

/** The records that fulfil conditions. */
export const eavstoreQuery = call(
  Form({ store: Store, conditions: Type.Array(Condition, { minItems: 1, maxItems: 20 }), offset: Offset, limit: Limit }),
  (db, { store, conditions, offset, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const made = eavstore.make(NAME, fromWireTuple(store.prefix))
      const uids = eavstore.query<UnpackedItem>(tx, made, conditionsOf(conditions), { signal })
      const page = await pageOf(uids, offset, limit, (uid) => toWire(uid))
      return { rows: await Promise.all(page.rows.map((uid) => record(tx, made, fromWire(uid)))), more: page.more }
    }),
)

/** Blobs, in the order of their hashes. `after` is where an earlier page has ended. */
export const bstoreBlobs = call(
  Form({ store: Store, after: Type.Optional(Key), limit: Limit }),
  (db, { store, after, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const prefix = fromWireTuple(store.prefix)
      const made = bstore.make(NAME, prefix)
      const found: { hash: string; uid: Uuid; end: string }[] = []
      const from = after === undefined ? undefined : Buffer.from(after, 'hex')
      let more = false
      for await (const { item, value, end } of childrenOf(tx, part(prefix, 1), { after: from })) {
        if (!isBytes(item) || value?.length !== 16) continue
        if (found.length === limit) {
          more = true
          break
        }
        found.push({ hash: item.bytes, uid: new Uuid(value), end: hex(end) })
      }
      const rows = await Promise.all(
        found.map(async ({ hash, uid }) => {
          const [size, start] = await Promise.all([
            bstore.size(tx, made, uid),
            bstore.read(tx, made, uid, 0, SNIFF_BYTES),
          ])
          return { uid: String(uid), hash, size, start: start && hex(start), image: start && imageType(start) !== undefined }
        }),
      )
      return { rows, more, end: found.at(-1)?.end }
    }),
)

function isBytes(item: WireItem | undefined): item is { bytes: string } {
  return typeof item === 'object' && item !== null && 'bytes' in item
}

/** How much of a blob a preview shows at a time. */
const PREVIEW_BYTES_MAX = 1 << 18

/** A piece of a blob. */
export const bstorePiece = call(
  Form({
    store: Store,
    uid: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    start: Type.Integer({ minimum: 0 }),
    length: Type.Integer({ minimum: 1, maximum: PREVIEW_BYTES_MAX }),
  }),
  (db, { store, uid, start, length }, signal) =>
    reading(db, signal, async (tx) => {
      const made = bstore.make(NAME, fromWireTuple(store.prefix))
      const blob = new Uuid(uid)
      const [size, bytes] = await Promise.all([
        bstore.size(tx, made, blob),
        bstore.read(tx, made, blob, start, start + length),
      ])
      return { size, hex: bytes && hex(bytes) }
    }),
)

