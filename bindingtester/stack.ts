/**
 * The stack: items, or what will give one, each with the number of the instruction that made it.
 *
 * What is pending is waited for when it is popped, and its failure becomes an item too.
 */

import * as found from '../index.js'

/** What an instruction works with: the items of tuples. */
export type Item = found.UnpackedItem

/** What will give an item; undefined stands for a value that is not there, or for nothing to give. */
export type Pending = () => PromiseLike<Item | undefined | void>

export interface Entry {
  readonly index: number
  readonly item: Item
}

const RESULT_NOT_PRESENT = Buffer.from('RESULT_NOT_PRESENT')

/** The item that stands for an error of FoundationDB; any other error is thrown on. */
export function errorItem(error: unknown): Buffer {
  if (!(error instanceof found.FdbError)) throw error
  return found.pack([Buffer.from('ERROR'), Buffer.from(String(error.errno))])
}

export class Stack {
  /** The newest entry last. */
  #entries: { index: number; item: Item | Pending }[] = []

  get length(): number {
    return this.#entries.length
  }

  push(index: number, item: Item): void {
    this.#entries.push({ index, item })
  }

  pushPending(index: number, pending: Pending): void {
    this.#entries.push({ index, item: pending })
  }

  async pop(): Promise<Entry> {
    const entry = this.#entries.pop()
    if (entry === undefined) throw new Error('the stack is empty')
    const { index, item } = entry
    if (typeof item !== 'function') return { index, item }
    try {
      return { index, item: (await item()) ?? RESULT_NOT_PRESENT }
    } catch (error) {
      return { index, item: errorItem(error) }
    }
  }

  /** Exchanges the newest entry and the one `depth` below it. */
  swap(depth: number): void {
    const [top, other] = [this.#at(0), this.#at(depth)]
    this.#entries[this.#entries.length - 1] = other
    this.#entries[this.#entries.length - 1 - depth] = top
  }

  /** Pushes the newest entry once more, with the number it has. */
  duplicate(): void {
    this.#entries.push(this.#at(0))
  }

  clear(): void {
    this.#entries = []
  }

  #at(depth: number): { index: number; item: Item | Pending } {
    const entry = this.#entries[this.#entries.length - 1 - depth]
    if (entry === undefined) throw new Error(`the stack has ${this.#entries.length} items, none at depth ${depth}`)
    return entry
  }
}
