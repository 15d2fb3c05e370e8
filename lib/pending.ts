/**
 * Answers of the native side that whoever asked may stop waiting for.
 */

import { native } from './native.js'

/**
 * What is waited for, one answer after the other. An answer that is given up is not waited for by the process either: an
 * operation under way keeps it alive.
 *
 * @internal
 */
export class Pending {
  /** The number of the operation, in two halves, as the native side knows it. */
  #operation: readonly [number, number] | undefined

  /** Waits for what a call has just given, if it has to be waited for. Nothing may be called between. */
  for<T>(answer: T | Promise<T>): T | Promise<T> {
    return answer instanceof Promise ? this.#wait(answer as Promise<T>) : answer
  }

  async #wait<T>(answer: Promise<T>): Promise<T> {
    const { scratch } = native
    const operation = [scratch.readUInt32LE(0), scratch.readUInt32LE(4)] as const
    this.#operation = operation
    try {
      return await answer
    } finally {
      if (this.#operation === operation) this.#operation = undefined
    }
  }

  /** Gives up what is under way: whoever waits for it gets 1101. */
  giveUp(): void {
    const operation = this.#operation
    if (operation === undefined) return
    this.#operation = undefined
    native.giveUp(...operation)
  }
}
