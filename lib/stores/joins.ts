/**
 * What the queries of all stores of tuples share: how patterns become a query of the native side, and its rows
 * solutions.
 */

import type { TransactionHandle } from '../native.js'
import type { Pending } from '../pending.js'
import type { TransactionState } from '../transaction.js'
import { pack, packNamed, type TupleItem } from '../tuple.js'
import { packPatterns, slotsOf, type Bindings, type NamesOf, type Pattern } from './patterns.js'
import { QuerySource, type Ready } from './solutions.js'

/**
 * A query for the native side.
 *
 * @internal
 */
export interface Join {
  readonly patterns: Buffer
  /** The names of the variables that are bound before, packed. */
  readonly names: Buffer
  /** How many bindings there are to begin with. */
  readonly rows: number
  /** What the names stand for in each of them, packed. */
  readonly seed: Buffer
}

/**
 * Begins a query: its first block, or the length of that, if it is in `scratch`.
 *
 * @internal
 */
export type Begin = (tx: TransactionHandle, join: Join) => number | Buffer | Promise<Buffer>

const NOTHING = Buffer.alloc(0)

/**
 * A query for patterns.
 *
 * @param names what the patterns are called in messages
 * @param plan finds the order to look for the packed patterns in; as they are, if left out
 * @internal
 */
export function joined<T>(
  state: TransactionState,
  failed: (thrown: unknown) => unknown,
  patterns: readonly Pattern[],
  names: readonly string[],
  values: boolean | undefined,
  begin: Begin,
  plan?: (packed: Buffer, pending: Pending) => Promise<number[]>,
): QuerySource<T> {
  const packed = packPatterns(patterns, names)
  // For another order each by itself, and now: what the caller makes of its bytes later is not to be seen.
  const each = plan === undefined ? [] : patterns.map((pattern) => packPatterns([pattern], names))
  let begun = false
  return new QuerySource<T>(state, failed, async (pending) => {
    if (begun) return undefined
    begun = true
    const order = plan === undefined ? [...patterns.keys()] : await plan(packed, pending)
    const ordered = plan === undefined ? packed : Buffer.concat(order.map((number) => each[number] as Buffer))
    return {
      shape: { slots: slotsOf([], patterns, order, values ?? false), values: values ? patterns.length : undefined },
      begin: (tx) => begin(tx, { patterns: ordered, names: NOTHING, rows: 1, seed: NOTHING }),
    }
  })
}

/**
 * A query for one pattern, looked for with each of the bindings.
 *
 * @param pattern the one pattern, in an array
 * @internal
 */
export function lookedUp<B, P extends Pattern>(
  state: TransactionState,
  failed: (thrown: unknown) => unknown,
  bindings: AsyncIterable<B> | Iterable<B>,
  pattern: readonly Pattern[],
  begin: Begin,
): QuerySource<Bindings<(keyof B & string) | NamesOf<P>>> {
  const patterns = packPatterns(pattern, ['pattern'])
  const source = sourceOf(bindings)
  const batches = batchesOf(source.again)
  let asking = false
  const prepare = async (): Promise<Ready<never> | undefined> => {
    asking = true
    const { value: batch } = await batches.next()
    asking = false
    if (batch === undefined) return undefined
    const { names, rows } = batch
    const join = { patterns, names: pack(names), rows: rows.length, seed: Buffer.concat(rows) }
    const shape = { slots: slotsOf(names, pattern, [0], false), values: undefined }
    return { shape, begin: (tx) => begin(tx, join) }
  }
  const leave = async (): Promise<void> => {
    // A generator that waits does not hear that it is left: what it waits for is left first.
    if (asking) await source.iterator.return?.()
    await batches.return(undefined)
  }
  return new QuerySource(state, failed, prepare, leave)
}

/** The iterator of an iterable, and an iterable that gives that one. */
function sourceOf<B>(bindings: AsyncIterable<B> | Iterable<B>): {
  iterator: AsyncIterator<B> | Iterator<B>
  again: AsyncIterable<B> | Iterable<B>
} {
  if (typeof bindings === 'object' && bindings !== null) {
    if (Symbol.asyncIterator in bindings) {
      const iterator = bindings[Symbol.asyncIterator]()
      return { iterator, again: { [Symbol.asyncIterator]: () => iterator } }
    }
    if (Symbol.iterator in bindings) {
      const iterator = bindings[Symbol.iterator]()
      return { iterator, again: { [Symbol.iterator]: () => iterator } }
    }
  }
  throw new TypeError('bindings: expected an iterable or an async iterable of objects')
}

/** How many bindings are looked up at a time. */
const BATCH = 256

/** Bindings of the same variables: their names, and packed what they stand for in each. */
interface Batch {
  readonly names: readonly string[]
  readonly rows: Buffer[]
}

/** Bindings of the same variables that follow each other, packed as they come: who gives them may use their bytes again. */
async function* batchesOf<B>(bindings: AsyncIterable<B> | Iterable<B>): AsyncGenerator<Batch, undefined, undefined> {
  let batch: Batch = { names: [], rows: [] }
  for await (const each of bindings) {
    if (typeof each !== 'object' || each === null) throw new TypeError('bindings: expected objects')
    const names = Object.keys(each)
    const same = names.length === batch.names.length && names.every((name, index) => name === batch.names[index])
    if (!same || batch.rows.length === BATCH) {
      if (batch.rows.length > 0) yield batch
      batch = { names, rows: [] }
    }
    batch.rows.push(packNamed(names.map((name) => (each as Record<string, TupleItem>)[name] as TupleItem), () => 'bindings'))
  }
  if (batch.rows.length > 0) yield batch
  return undefined
}
