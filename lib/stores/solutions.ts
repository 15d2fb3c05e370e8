/**
 * What queries give, block by block. The native side joins; here packed rows become objects.
 */

import { Blocks, type Source } from '../blocks.js'
import { native, type TransactionHandle } from '../native.js'
import { Pending } from '../pending.js'
import { activeStateOf } from '../range.js'
import type { TransactionState } from '../transaction.js'
import { Reader, type UnpackedItem } from '../tuple_reader.js'
import type { Bindings } from './patterns.js'

/** What variables stand for, and the values of the tuples that were found, one for each pattern. */
export interface Valued<B> {
  /** What the variables stand for. */
  readonly bindings: B
  /** The value of the tuple that each pattern has found. */
  readonly values: Buffer[]
}

/** What a query gives: bindings, or bindings with values. */
export type Solution<Name extends string, O> = O extends { readonly values: true }
  ? Valued<Bindings<Name>>
  : O extends { readonly values: boolean }
    ? Bindings<Name> | Valued<Bindings<Name>>
    : Bindings<Name>

/**
 * The solutions of a query, read as they are asked for. Nothing is read before the first `next`; leaving a `for await`
 * early ends the reading. `all` takes them block by block, which is faster than one by one.
 */
export class Solutions<T> extends Blocks<T> {}

/**
 * A query that is ready to begin.
 *
 * @internal
 */
export interface Ready<T = unknown> {
  /** The form of its rows. */
  readonly shape: Shape<T>
  /** Begins it: its first block, or the length of that, if it is in `scratch`. */
  begin(handle: TransactionHandle): number | Buffer | Promise<Buffer>
}

/** @internal */
export interface Slots {
  /** What each slot of a row holds: the name of a variable, or the number of a pattern, whose value it is. */
  readonly slots: readonly (string | number)[]
  /** How many values a row has; undefined if none were asked for. */
  readonly values: number | undefined
}

/** @internal */
export interface Fields<T> {
  /** How many items a row has. */
  readonly width: number
  /** What a row becomes. */
  row(items: UnpackedItem[]): T
}

/**
 * What rows are made of, and what they become.
 *
 * @internal
 */
export type Shape<T> = Slots | Fields<T>

/**
 * A query that is ready to begin.
 *
 * @internal
 */
export interface Ready<T = unknown> {
  /** The form of its rows. */
  readonly shape: Shape<T>
  /** Begins it: its first block, or the length of that, if it is in `scratch`. */
  begin(handle: TransactionHandle): number | Buffer | Promise<Buffer>
}

const HEAD_BYTES = 8

/** Cuts a block (its form is drawn in crates/node/src/stores/blocks.rs) into rows. */
function cut<T>(block: number | Buffer, shape: Shape<T>): { rows: T[]; next: number } {
  const isThere = typeof block === 'number'
  const bytes = isThere ? native.scratch : block
  const length = bytes.readUInt32LE(0)
  const next = bytes.readUInt32LE(4)
  // What the reader gives is copied out of the bytes.
  const items = new Reader(bytes, HEAD_BYTES, isThere ? block : bytes.length).items(0)
  return { rows: 'slots' in shape ? solutions(items, length, shape) : fields(items, length, shape), next }
}

function fields<T>(items: UnpackedItem[], length: number, { width, row }: Fields<T>): T[] {
  return Array.from({ length }, (_, index) => row(items.slice(index * width, (index + 1) * width)))
}

function solutions<T>(items: UnpackedItem[], length: number, { slots, values }: Slots): T[] {
  const rows = new Array<T>(length)
  let at = 0
  for (let index = 0; index < length; index++) {
    const bindings: Record<string, UnpackedItem> = {}
    if (values === undefined) {
      for (const slot of slots) bindings[slot] = items[at++] as UnpackedItem
      rows[index] = bindings as T
      continue
    }
    const found = new Array<Buffer>(values)
    for (const slot of slots) {
      const item = items[at++] as UnpackedItem
      if (typeof slot === 'string') bindings[slot] = item
      else found[slot] = item as Buffer
    }
    rows[index] = { bindings, values: found } as T
  }
  return rows
}

/**
 * One query of a transaction after the other.
 *
 * @internal
 */
export class QuerySource<T> implements Source<T> {
  readonly #state: TransactionState
  readonly #epoch: number
  readonly #failed: (thrown: unknown) => unknown
  readonly #prepare: (pending: Pending) => Promise<Ready<T> | undefined>
  readonly #leave: (() => Promise<unknown>) | undefined
  #shape: Shape<T> | undefined
  /** The number of the next block; 0 if the next query is to be begun. */
  #next = 0
  readonly #block = new Pending()
  #ended = false

  /**
   * @param failed makes the error of what was thrown
   * @param prepare the next query; undefined if there are no more. What it asks of the native side goes through `pending`
   * @param leave what is to be done when the reading ends
   */
  constructor(
    state: TransactionState,
    failed: (thrown: unknown) => unknown,
    prepare: (pending: Pending) => Promise<Ready<T> | undefined>,
    leave?: () => Promise<unknown>,
  ) {
    this.#state = state
    this.#epoch = state.epoch
    this.#failed = failed
    this.#prepare = prepare
    this.#leave = leave
  }

  async next(): Promise<T[] | undefined> {
    if (this.#ended) return undefined
    activeStateOf(this.#state, this.#epoch)
    try {
      let ready: Ready<T> | undefined
      if (this.#next === 0) {
        ready = await this.#prepare(this.#block)
        if (ready === undefined) {
          this.#ended = true
          return undefined
        }
        this.#shape = ready.shape
      }
      const { handle } = activeStateOf(this.#state, this.#epoch)
      const number = this.#next
      this.#next = 0
      // What is in the scratch memory is read before anything else can be written there: nothing is awaited between.
      const block = ready === undefined ? native.nextBlock(handle, number) : ready.begin(handle)
      const { rows, next } = cut<T>(typeof block === 'number' ? block : await this.#block.for(block), this.#shape as Shape<T>)
      this.#next = next
      if (this.#ended) this.#stop()
      return rows
    } catch (thrown) {
      throw this.#failed(thrown)
    }
  }

  #stop(): void {
    if (this.#next !== 0 && !this.#state.over && this.#state.epoch === this.#epoch) {
      native.endQuery(this.#state.handle, this.#next)
    }
    this.#next = 0
  }

  end(): void {
    this.#ended = true
    this.#block.giveUp()
    this.#stop()
    // What it fails with has nobody to hear it: the reading is over.
    void this.#leave?.().catch(() => undefined)
  }
}
