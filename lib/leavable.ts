/**
 * Async generators that can be left while a value is waited for.
 */

/**
 * A generator of the language, but for that: there `return` waits for the `next` under way, which may never come. Here
 * that is told to `leave` first, and comes then.
 *
 * @internal
 */
export class Leavable<T> implements AsyncGenerator<T, void, undefined> {
  readonly #values: AsyncGenerator<T, void, undefined>
  readonly #leave: () => void
  /** How many calls of `next` are under way. */
  #waiting = 0

  /** @param leave has what `values` waits for come, or fail in a way that it takes for its end */
  constructor(values: AsyncGenerator<T, void, undefined>, leave: () => void) {
    this.#values = values
    this.#leave = leave
  }

  async next(): Promise<IteratorResult<T, void>> {
    this.#waiting += 1
    try {
      return await this.#values.next()
    } finally {
      this.#waiting -= 1
    }
  }

  return(): Promise<IteratorResult<T, void>> {
    if (this.#waiting > 0) this.#leave()
    return this.#values.return()
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    if (this.#waiting > 0) this.#leave()
    return this.#values.throw(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}
