// Random numbers from a seed, so that what a seed has shown can be shown again.

/** A generator: numbers below a bound, and choices. */
export class Random {
  #state

  constructor(seed) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 up to `bound`, which is not among them (the generator mulberry32). */
  below(bound) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }

  /** True once in so many times. */
  oneIn(times) {
    return this.below(times) === 0
  }

  /** One of several. */
  of(choices) {
    return choices[this.below(choices.length)]
  }
}

/** Bytes that are told by a seed and a length. */
export function bytesOf(seed, length) {
  const random = new Random(seed)
  return Buffer.from(Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.below(2 ** 32)).buffer, 0, length)
}
