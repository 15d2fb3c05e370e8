/**
 * Iterations over what the native side gives in blocks: one crossing for each, items on this side.
 */

import { untilAborted } from './abort.js'

/**
 * Where the items come from, block by block. An empty block is not the end.
 *
 * @internal
 */
export interface Source<T> {
  /** The next block; undefined after the last. */
  next(): Promise<T[] | undefined>
  /** Whether it is known that there is no other block, so that none need be asked for. */
  readonly isSpent?: boolean
  /** No more blocks are wanted. */
  end(): void
}

/**
 * How many milliseconds blocks may come without a turn of the event loop: those that are ready at once come in
 * microtasks, and while there are such nothing else of the program runs.
 */
const TURN_AFTER = 10

/**
 * Items, read as they are asked for. Nothing is read before the first `next`; leaving a `for await` early ends the
 * reading. `all` takes them block by block, which is faster than one by one.
 */
export class Blocks<T> implements AsyncIterableIterator<T> {
  readonly #source: Source<T>
  readonly #signal: AbortSignal | undefined
  #block: T[] = []
  #at = 0
  #done = false
  /** When the reading began, or gave way the last time. */
  #turned: number | undefined
  /** The block under way, which calls of `next` that come meanwhile wait for as well. */
  #fetching: Promise<void> | undefined

  /** @internal */
  constructor(source: Source<T>, signal: AbortSignal | undefined) {
    this.#source = source
    this.#signal = signal
  }

  /** The next item. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#at < this.#block.length && this.#fetching === undefined) {
      return Promise.resolve({ done: false, value: this.#block[this.#at++] as T })
    }
    return this.#later()
  }

  async #later(): Promise<IteratorResult<T, undefined>> {
    while (this.#at >= this.#block.length) {
      if (this.#done) return { done: true, value: undefined }
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined
      })
      await this.#fetching
    }
    return { done: false, value: this.#block[this.#at++] as T }
  }

  async #fetch(): Promise<void> {
    const now = performance.now()
    this.#turned ??= now
    if (now - this.#turned > TURN_AFTER) {
      await new Promise((resolve) => setImmediate(resolve))
      this.#turned = performance.now()
    }
    if (this.#done) return
    try {
      const signal = this.#signal
      const block = await (signal === undefined ? this.#source.next() : untilAborted(signal, () => this.#source.next()))
      // It may have been ended meanwhile: then nobody wants a block, nor hears why there is none.
      if (this.#done) return
      this.#block = block ?? []
      this.#at = 0
      // With a signal it is asked once more: what is aborted while the last items are used ends with the reason.
      if (block === undefined || (signal === undefined && this.#source.isSpent === true)) this.#done = true
    } catch (error) {
      if (this.#done) return
      this.#finish()
      throw error
    }
  }

  #finish(): void {
    if (this.#done && this.#block.length === 0) return
    this.#done = true
    this.#block = []
    this.#at = 0
    this.#source.end()
  }

  /** Ends the reading. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#finish()
    return { done: true, value: undefined }
  }

  /** Ends the reading. */
  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#finish()
    throw error
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this
  }

  /** Ends the reading. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish()
  }

  /**
   * All items that are left.
   *
   * @internal
   */
  async rest(): Promise<T[]> {
    let items: T[] = []
    for (;;) {
      const block = this.#at === 0 ? this.#block : this.#block.slice(this.#at)
      // A block is nobody else's.
      if (items.length === 0) items = block
      else for (const item of block) items.push(item)
      this.#block = []
      this.#at = 0
      if (this.#done) return items
      await (this.#fetching ?? this.#fetch())
    }
  }
}
