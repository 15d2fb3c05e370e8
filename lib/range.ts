/**
 * Ranges. The native side gives pages, one crossing for each; they are cut into rows here.
 */

import { abortSignal, boolean, checkedOptions, wholeNumber } from './arguments.js'
import { Blocks, type Source } from './blocks.js'
import { asSelector, type KeySelector, type KeyOrSelector } from './key_selector.js'
import { Leavable } from './leavable.js'
import { native, taken, view } from './native.js'
import { Pending } from './pending.js'
import { activeState, failedIn, overError, type Transaction, type TransactionState } from './transaction.js'

/** All rows at once, in large pages. */
export const STREAMING_MODE_WANT_ALL = -2 as const
/** Pages that begin small and grow: for who may stop early. */
export const STREAMING_MODE_ITERATOR = -1 as const
/** Exactly the `limit`, which must be given. */
export const STREAMING_MODE_EXACT = 0 as const
/** Small pages. */
export const STREAMING_MODE_SMALL = 1 as const
/** Pages of middle size. */
export const STREAMING_MODE_MEDIUM = 2 as const
/** Large pages. */
export const STREAMING_MODE_LARGE = 3 as const
/** Pages for one reader who wants it all as fast as can be. */
export const STREAMING_MODE_SERIAL = 4 as const

/** How large pages are; what rows come does not depend on it. */
export const STREAMING_MODE = Object.freeze({
  WANT_ALL: STREAMING_MODE_WANT_ALL,
  ITERATOR: STREAMING_MODE_ITERATOR,
  EXACT: STREAMING_MODE_EXACT,
  SMALL: STREAMING_MODE_SMALL,
  MEDIUM: STREAMING_MODE_MEDIUM,
  LARGE: STREAMING_MODE_LARGE,
  SERIAL: STREAMING_MODE_SERIAL,
})

/** One of the streaming modes. */
export type StreamingMode = (typeof STREAMING_MODE)[keyof typeof STREAMING_MODE]

/** A key and its value. */
export type Row = [key: Buffer, value: Buffer]

/** How to read a range. */
export interface QueryOptions {
  /** At most so many rows, counted in the direction of the read; 0, the default, is no limit. */
  readonly limit?: number | undefined
  /** The direction; left out, it follows from the keys. */
  readonly reverse?: boolean | undefined
  /** How large pages are; `STREAMING_MODE_ITERATOR` if left out. */
  readonly mode?: StreamingMode | undefined
  /** A page ends after about so many bytes; 0, the default, leaves it to `mode`. */
  readonly targetBytes?: number | undefined
  /** A snapshot read: it adds no read conflict. */
  readonly snapshot?: boolean | undefined
  /** Ends the reading when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** @internal */
export const streamingMode = (value: unknown, name: string): number =>
  wholeNumber(value, name, STREAMING_MODE_WANT_ALL, STREAMING_MODE_SERIAL)

/** @internal */
export const count = (value: unknown, name: string): number => wholeNumber(value, name, 0, 0x7fffffff)

const queryChecks = {
  limit: count,
  reverse: boolean,
  mode: streamingMode,
  targetBytes: count,
  snapshot: boolean,
  signal: abortSignal,
}

/**
 * Rows, read as they are asked for. Nothing is read before the first `next`; leaving a `for await` early ends the
 * reading. `all` takes them page by page, which is faster than one by one.
 */
export class Rows extends Blocks<Row> {}

/**
 * The rows of a range, as an async iterable. Which they are, shown with the keys a b c d e:
 *
 * | call                                   | rows  |                                                                |
 * | -------------------------------------- | ----- | -------------------------------------------------------------- |
 * | `query(tx, 'b', 'd')`                  | b c   | from `key` up to `other`, which is not among them              |
 * | `query(tx, 'd', 'b')`                  | d c b | backwards, if `key` is greater: both ends are among them       |
 * | `query(tx, 'd', 'd')`                  | d     |                                                                |
 * | `query(tx, 'b', 'd', {reverse: true})` | c b   | with `reverse` given, `key` begins and `other` ends the range  |
 *
 * Key selectors can stand in both places; a key is short for `gte(key)`. `limit` counts in the direction of the read.
 * All keys are from `''` to `Buffer.of(0xff)`; the string '\xff' is another key, since strings are taken as UTF-8.
 *
 * The rows are read in the transaction while it lasts: after it, the iteration fails (`FOUND_TRANSACTION_OVER`). One
 * that takes longer than the 5 s a transaction can read fails with 1007; `scan` goes on.
 */
export function query(
  tx: Transaction,
  key: KeyOrSelector,
  other: KeyOrSelector,
  options?: QueryOptions | undefined,
): Rows {
  const state = activeState(tx)
  const checked = checkedOptions(options, queryChecks)
  return new Rows(new Range(state, asSelector(key, 'key'), asSelector(other, 'other'), checked), checked.signal)
}

/** A range of a transaction. */
class Range implements Source<Row> {
  readonly #state: TransactionState
  readonly #epoch: number
  readonly #key: KeySelector
  readonly #other: KeySelector
  readonly #options: QueryOptions
  /** The number of the next page; undefined before the first, 0 after the last. */
  #next: number | undefined
  readonly #page = new Pending()

  constructor(state: TransactionState, key: KeySelector, other: KeySelector, options: QueryOptions) {
    this.#state = state
    this.#epoch = state.epoch
    this.#key = key
    this.#other = other
    this.#options = options
  }

  async next(): Promise<Row[] | undefined> {
    if (this.#next === 0) return undefined
    const state = activeStateOf(this.#state, this.#epoch)
    try {
      const page = this.#next === undefined ? this.#first() : native.nextPage(state.handle, this.#next)
      // While it is under way it has no number.
      this.#next = undefined
      const { rows, next } = cut(typeof page === 'number' ? page : await this.#page.for(page))
      const ended = this.#isEnded()
      this.#next = next
      if (ended) this.end()
      return rows
    } catch (thrown) {
      throw failedIn(state, thrown)
    }
  }

  get isSpent(): boolean {
    return this.#next === 0
  }

  #first(): number | Buffer | Promise<Buffer> {
    const { limit = 0, reverse, mode = STREAMING_MODE_ITERATOR, targetBytes = 0, snapshot = false } = this.#options
    const [key, other] = [this.#key, this.#other]
    return native.range(
      this.#state.handle,
      key.key,
      key.orEqual,
      key.offset,
      other.key,
      other.orEqual,
      other.offset,
      reverse,
      limit,
      mode,
      targetBytes,
      snapshot,
    )
  }

  /** Whether it was ended, by now. */
  #isEnded(): boolean {
    return this.#next === 0
  }

  end(): void {
    this.#page.giveUp()
    if (this.#next && !this.#state.over) native.endRange(this.#state.handle, this.#next)
    this.#next = 0
  }
}

/**
 * The state of a transaction that may be used, in the same attempt as before.
 *
 * @internal
 */
export function activeStateOf(state: TransactionState, epoch: number): TransactionState {
  if (state.epoch !== epoch) throw overError('what is being read belongs to an earlier attempt of the transaction')
  return state.checked()
}

const HEAD_BYTES = 8

/**
 * Cuts a page (its form is drawn in crates/node/src/range.rs) into rows. They share one piece of memory, which is
 * theirs alone.
 *
 * @internal
 */
export function cut(page: number | Buffer): { rows: Row[]; next: number } {
  // What is in the scratch memory is copied out, as the next call writes there again.
  const bytes = typeof page === 'number' ? taken(page) : page
  const { buffer, byteOffset } = bytes
  const head = new DataView(buffer, byteOffset, bytes.length)
  const length = head.getUint32(0, true)
  const next = head.getUint32(4, true)
  const rows = new Array<Row>(length)
  let at = byteOffset + HEAD_BYTES + 8 * length
  for (let index = 0; index < length; index++) {
    const keyLength = head.getUint32(HEAD_BYTES + 8 * index, true)
    const valueLength = head.getUint32(HEAD_BYTES + 8 * index + 4, true)
    rows[index] = [view(buffer, at, keyLength), view(buffer, at + keyLength, valueLength)]
    at += keyLength + valueLength
  }
  return { rows, next }
}

/** All that an async iterable gives, as an array. What comes in blocks is taken block by block. */
export async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  if (iterable instanceof Blocks) return (await iterable.rest()) as T[]
  checkIterable(iterable)
  const items: T[] = []
  for await (const item of iterable) items.push(item)
  return items
}

/** The first `length` that an async iterable gives; then it is ended. */
export function limit<T>(iterable: AsyncIterable<T>, length: number): AsyncGenerator<T, void, undefined> {
  count(length, 'length')
  checkIterable(iterable)
  const iterator = iterable[Symbol.asyncIterator]()
  const leave = (): void => void Promise.resolve(iterator.return?.()).catch(() => {})
  return new Leavable(first(iterator, length), leave)
}

async function* first<T>(iterator: AsyncIterator<T>, length: number): AsyncGenerator<T, void, undefined> {
  if (length === 0) return
  let given = 0
  for await (const item of { [Symbol.asyncIterator]: () => iterator }) {
    yield item
    given += 1
    if (given === length) return
  }
}

function checkIterable(iterable: AsyncIterable<unknown>): void {
  if (typeof iterable !== 'object' || iterable === null || !(Symbol.asyncIterator in iterable)) {
    throw new TypeError('iterable: expected an async iterable')
  }
}
