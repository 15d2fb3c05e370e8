/**
 * Which stores a database may hold, by the look of its keys: a walk over a few of the uppermost levels of the tree. What
 * it gives are guesses, for the page to offer.
 */

import { gte, nextPrefix, query, STREAMING_MODE_EXACT, type Transaction } from '../../index.js'
import type { WireItem, WireTuple } from '../wire/items.js'
import { formatTuple } from '../wire/text.js'
import { call } from './call.js'
import { Form } from './forms.js'
import { unpackedWire } from './items.js'
import { childrenOf, type Child } from './keys.js'
import { reading } from './reading.js'

/** A store that may be there. */
export interface Guess {
  readonly kind: 'nstore' | 'pstore' | 'eavstore' | 'bstore' | 'vnstore'
  readonly prefix: WireTuple
  /** How many columns a tuple store has, or how many items one with a history. */
  readonly columns?: number
}

/** How many levels are looked at, how many children of each, and how many of all. */
const DEPTH_MAX = 4
const CHILDREN_MAX = 64
const VISITS_MAX = 100

/** The first key that begins so, as a tuple. */
async function firstKey(tx: Transaction, prefix: Buffer): Promise<WireTuple | undefined> {
  const options = { limit: 1, mode: STREAMING_MODE_EXACT, reverse: false }
  for await (const [key] of query(tx, gte(prefix), gte(nextPrefix(prefix)), options)) return unpackedWire(key)
  return undefined
}

async function firstChildren(tx: Transaction, prefix: Buffer): Promise<Child[]> {
  const children: Child[] = []
  for await (const child of childrenOf(tx, prefix)) {
    children.push(child)
    if (children.length === CHILDREN_MAX) break
  }
  return children
}

const bytesOf = (item: WireItem | undefined): string | undefined =>
  typeof item === 'object' && item !== null && 'bytes' in item ? item.bytes : undefined

/** Stores whose parts are nested tuples that end with a byte: blobs, records, documents. */
async function nestedStores(tx: Transaction, children: readonly Child[]): Promise<Guess[]> {
  const stores = new Map<string, { prefix: WireTuple; parts: Map<string, Buffer> }>()
  for (const { item, prefix: bytes } of children) {
    if (!Array.isArray(item)) continue
    const nested = item as WireTuple
    const part = bytesOf(nested.at(-1))
    if (part === undefined || !['01', '02', '03'].includes(part)) continue
    const prefix = nested.slice(0, -1)
    const name = formatTuple(prefix)
    const store = stores.get(name) ?? { prefix, parts: new Map<string, Buffer>() }
    stores.set(name, store)
    store.parts.set(part, bytes)
  }
  const guesses: Guess[] = []
  for (const { prefix, parts } of stores.values()) {
    const kind = await kindOf(tx, parts)
    if (kind !== undefined) guesses.push({ kind, prefix })
  }
  return guesses
}

async function kindOf(tx: Transaction, parts: ReadonlyMap<string, Buffer>): Promise<Guess['kind'] | undefined> {
  const first = parts.get('01')
  if (first === undefined) return parts.has('02') && parts.has('03') ? 'pstore' : undefined
  const key = await firstKey(tx, first)
  if (key?.length === 2 && bytesOf(key[1])?.length === 128) return 'bstore'
  return key?.length === 3 && typeof key[2] === 'string' ? 'eavstore' : undefined
}

/** In how many indices a tuple store of so many columns keeps its tuples. */
function indicesOf(columns: number): number {
  let count = 1
  const half = Math.floor(columns / 2)
  for (let step = 1; step <= half; step++) count = (count * (columns - half + step)) / step
  return Math.round(count)
}

/** How many columns the tuples have whose indices these are. */
async function columnsOf(tx: Transaction, depth: number, children: readonly Child[]): Promise<number | undefined> {
  if (children.length < 2 || children.some(({ item, value }, at) => item !== at || value !== undefined)) return undefined
  const keys = await Promise.all([children[0], children[1]].map((child) => firstKey(tx, (child as Child).prefix)))
  const [columns, same] = keys.map((key) => (key?.length ?? 0) - depth - 1)
  if (columns === undefined || columns < 2 || columns > 12 || columns !== same) return undefined
  return indicesOf(columns) === children.length ? columns : undefined
}

/** A tuple store with a history keeps two tuple stores, named so. */
const CHANGES = 'changes'
const TUPLES = 'tuples'

async function walk(tx: Transaction): Promise<Guess[]> {
  const root = await firstChildren(tx, Buffer.alloc(0))
  const guesses = await nestedStores(tx, root)
  const documents = new Set(guesses.flatMap(({ kind, prefix }) => (kind === 'pstore' ? [formatTuple(prefix)] : [])))
  let visits = 0

  const visit = async (children: readonly Child[], prefix: WireTuple): Promise<void> => {
    visits += 1
    const tuples = children.find(({ item }) => item === TUPLES)
    if (tuples !== undefined && children.some(({ item }) => item === CHANGES)) {
      const key = await firstKey(tx, tuples.prefix)
      // The name of the part, the number of the index, and behind the items the change and whether it is alive.
      const columns = (key?.length ?? 0) - prefix.length - 4
      if (columns >= 1 && columns <= 10) guesses.push({ kind: 'vnstore', prefix, columns })
      return
    }
    const columns = await columnsOf(tx, prefix.length, children)
    if (columns !== undefined) {
      const words = bytesOf(prefix.at(-1)) === '01' && documents.has(formatTuple(prefix.slice(0, -1)))
      if (!words) guesses.push({ kind: 'nstore', prefix, columns })
      return
    }
    if (prefix.length === DEPTH_MAX) return
    for (const child of children) {
      if (!child.children || child.item === undefined || Array.isArray(child.item) || visits >= VISITS_MAX) continue
      await visit(await firstChildren(tx, child.prefix), [...prefix, child.item])
    }
  }
  await visit(root, [])
  return guesses
}

/** The stores that may be there. */
export const guess = call(Form({}), (db, _body, signal) => reading(db, signal, async (tx) => ({ stores: await walk(tx) })))
