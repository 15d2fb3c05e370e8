/**
 * Bytes of a stream, taken by count or by line.
 */

const DISCARD_BYTES = 1 << 20

/** Reads a stream of bytes piece by piece. */
export class ByteSource {
  readonly #pieces: AsyncIterator<Buffer>
  #held: Buffer[] = []
  #heldBytes = 0
  #ended = false
  /** How many bytes were taken so far. */
  at = 0

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false
    const { done, value } = await this.#pieces.next()
    if (done) {
      this.#ended = true
      return false
    }
    this.#held.push(value)
    this.#heldBytes += value.length
    return true
  }

  /** The next `count` bytes, not taken yet; fewer if the stream ends before. */
  async peek(count: number): Promise<Buffer> {
    while (this.#heldBytes < count && (await this.#more()));
    if (this.#held.length > 1 && (this.#held[0] as Buffer).length < count) this.#held = [Buffer.concat(this.#held)]
    return (this.#held[0] ?? Buffer.alloc(0)).subarray(0, count)
  }

  /** Takes `count` bytes; fewer if the stream ends before. */
  async take(count: number): Promise<Buffer> {
    const taken = await this.peek(count)
    this.#drop(taken.length)
    return taken
  }

  /** Takes `count` bytes and forgets them. */
  async discard(count: number): Promise<void> {
    while (count > 0) {
      const { length } = await this.take(Math.min(count, DISCARD_BYTES))
      if (length === 0) return
      count -= length
    }
  }

  /**
   * Takes the bytes up to the next line feed, without it; undefined at the end of the stream. `whole` is false for
   * a last line that no line feed ends, and for one that is longer than `most`.
   */
  async takeLine(most: number): Promise<{ line: Buffer; whole: boolean } | undefined> {
    let searched = 0
    for (;;) {
      const first = this.#held[0]
      const end = first === undefined ? -1 : first.indexOf(0x0a, searched)
      if (first !== undefined && end >= 0) {
        const line = first.subarray(0, end)
        this.#drop(end + 1)
        return { line, whole: true }
      }
      searched = first?.length ?? 0
      if (searched > most || !(await this.#more())) {
        const line = await this.take(this.#heldBytes)
        return line.length === 0 ? undefined : { line, whole: false }
      }
      if (this.#held.length > 1) this.#held = [Buffer.concat(this.#held)]
    }
  }

  #drop(count: number): void {
    this.at += count
    this.#heldBytes -= count
    const first = this.#held[0]
    if (first === undefined) return
    if (first.length === count) this.#held.shift()
    else this.#held[0] = first.subarray(count)
  }

  /** No more is wanted. */
  async end(): Promise<void> {
    await this.#pieces.return?.()
  }
}
