/**
 * The inverted index: documents found by the words in them. See docs/pstore.md.
 */

import { arrayOf, boolean, checkedOptions, text, wellFormed, wholeNumber } from '../arguments.js'
import { failed, FoundError } from '../errors.js'
import { native, taken, type PStoreHandle } from '../native.js'
import type { Transaction } from '../transaction.js'
import { pack, packPrefix, unpack, type Tuple, type TupleItem, type UnpackedItem } from '../tuple.js'
import { Reader } from '../tuple_reader.js'
import { asking } from './ask.js'
import { withPacked } from './patterns.js'

/**
 * The codes of an inverted index's own failures.
 *
 * | code                      | what it means                                                                    |
 * | ------------------------- | -------------------------------------------------------------------------------- |
 * | `FOUND_PSTORE_LIMIT`      | a word, a docuid, a counter or a document is too large; the message names it     |
 * | `FOUND_PSTORE_STATISTICS` | there are no statistics to rank by: nothing was indexed with `{ranking: 'bm25'}` |
 * | `FOUND_PSTORE_DAMAGED`    | keys of the store are not as they should be                                      |
 */
export type PStoreErrorCode = 'FOUND_PSTORE_LIMIT' | 'FOUND_PSTORE_STATISTICS' | 'FOUND_PSTORE_DAMAGED'

/** A failure of an inverted index. */
export class PStoreError extends FoundError {
  declare readonly code: PStoreErrorCode

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'PStoreError', configurable: true, writable: true })
  }
}

/**
 * How hits are scored: `count` by the sum of the counts of the words, as asyncio-foundationdb does, `bm25` by Okapi
 * BM25, for which rare words count more and long documents less.
 */
export type Ranking = 'count' | 'bm25'

let handleOf: (store: PStore) => PStoreHandle

/** An inverted index, from `make`. */
export class PStore {
  readonly #handle: PStoreHandle
  /** Its name, for messages. */
  readonly name: string
  /** How hits are scored where a search does not say. */
  readonly ranking: Ranking

  /** @internal */
  constructor(name: string, ranking: Ranking, handle: PStoreHandle) {
    this.name = name
    this.ranking = ranking
    this.#handle = handle
  }

  static {
    handleOf = (store) => {
      if (typeof store !== 'object' || store === null || !(#handle in store)) {
        throw new TypeError('store: expected an inverted index, which pstore.make gives')
      }
      return store.#handle
    }
  }
}

const rankingCheck = (value: unknown, name: string): void => {
  if (value !== 'count' && value !== 'bm25') throw new TypeError(`${name}: expected 'count' or 'bm25'`)
}

/** How hits are scored. */
export interface RankingOptions {
  /** In `make`: `count` if left out; with `bm25`, indexing keeps the statistics for it. In `search`: the store's. */
  readonly ranking?: Ranking | undefined
}

/**
 * Describes an inverted index. It touches no database and may be used with any.
 *
 * @param name for messages
 * @param prefix a tuple that the keys of no other store begin with
 */
export function make(name: string, prefix: Tuple, options?: RankingOptions | undefined): PStore {
  text(name, 'name')
  const { ranking = 'count' } = checkedOptions(options, { ranking: rankingCheck })
  try {
    return new PStore(name, ranking, native.pstoreMake(name, packPrefix(prefix), ranking === 'bm25'))
  } catch (thrown) {
    throw failed(thrown)
  }
}

const ask = asking((store: PStore) => handleOf(store), 'FOUND_PSTORE_', PStoreError)

/** Words and how often each occurs: an object, or a Map. */
export type Counter = Readonly<Record<string, number>> | ReadonlyMap<string, number>

/**
 * Has a document be found by the words of `counter`, and by no other: what was indexed of it before is replaced.
 *
 * @param docuid any tuple item
 * @param counter words and how often each occurs, 1 at least; empty, the document is known and never found
 * @throws PStoreError FOUND_PSTORE_LIMIT that names the word or the document. Nothing is written then
 */
export async function index(tx: Transaction, store: PStore, docuid: TupleItem, counter: Counter): Promise<void> {
  const packed = packCounter(counter)
  await ask(tx, store, (transaction, handle) =>
    withPacked([docuid], 'docuid', (uid) => native.pstoreIndex(transaction, handle, uid, packed)),
  )
}

function packCounter(counter: Counter): Buffer {
  if (typeof counter !== 'object' || counter === null || Array.isArray(counter)) {
    throw new TypeError('counter: expected an object or a Map of counts by word')
  }
  const flat: TupleItem[] = []
  for (const [word, count] of counter instanceof Map ? counter : Object.entries(counter)) {
    flat.push(
      wellFormed(text(word, 'counter'), 'counter'),
      wholeNumber(count, `counter[${JSON.stringify(word)}]`, 1, Number.MAX_SAFE_INTEGER),
    )
  }
  return pack(flat)
}

/** The words of a document and how often each occurs; undefined if it is not indexed. */
export async function counter(
  tx: Transaction,
  store: PStore,
  docuid: TupleItem,
): Promise<Map<string, number> | undefined> {
  const bytes = await ask(tx, store, (transaction, handle) =>
    withPacked([docuid], 'docuid', (uid) => {
      const answer = native.pstoreCounter(transaction, handle, uid)
      return typeof answer === 'number' ? taken(answer) : answer
    }),
  )
  if (bytes === undefined) return undefined
  const items = unpack(bytes)
  const words = new Map<string, number>()
  for (let at = 0; at < items.length; at += 2) words.set(items[at] as string, Number(items[at + 1]))
  return words
}

/** Removes a document, from all words; says whether there was one. */
export async function remove(tx: Transaction, store: PStore, docuid: TupleItem): Promise<boolean> {
  return ask(tx, store, (transaction, handle) =>
    withPacked([docuid], 'docuid', (uid) => native.pstoreRemove(transaction, handle, uid)),
  )
}

const searchChecks = { ranking: rankingCheck, snapshot: boolean }

/** A document that was found, and its score. */
export type Hit<D extends UnpackedItem = UnpackedItem> = [docuid: D, score: number]

/** How to search. */
export interface SearchOptions extends RankingOptions {
  /** Snapshot reads: they add no read conflicts. */
  readonly snapshot?: boolean | undefined
}

/**
 * The best `limit` of the documents in which every keyword occurs: by score, the highest first, then by docuid. Every
 * document that has them is scored, so the same documents give the same hits, whatever the limit.
 *
 * Without keywords there are no hits. The docuids are of the types that were given to `index`: say which, as in
 * `search<string>(...)`.
 *
 * @throws PStoreError FOUND_PSTORE_STATISTICS for `bm25` where no statistics are kept
 */
export async function search<D extends UnpackedItem = UnpackedItem>(
  tx: Transaction,
  store: PStore,
  keywords: readonly string[],
  limit: number,
  options?: SearchOptions | undefined,
): Promise<Hit<D>[]> {
  handleOf(store)
  const words = arrayOf(keywords, 'keywords', text)
  wholeNumber(limit, 'limit', 1, 0x7fffffff)
  const { ranking = store.ranking, snapshot = false } = checkedOptions(options, searchChecks)
  const bytes = await ask(tx, store, (transaction, handle) =>
    withPacked(words, 'keywords', (packed) => {
      const answer = native.pstoreSearch(transaction, handle, packed, limit, ranking === 'bm25', snapshot)
      return typeof answer === 'number' ? taken(answer) : answer
    }),
  )
  const length = bytes.readUInt32LE(0)
  const docuids = new Reader(bytes, 4 + 8 * length).items(0) as D[]
  return docuids.map((docuid, at) => [docuid, bytes.readDoubleLE(4 + 8 * at)])
}
