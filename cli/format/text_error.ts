/**
 * What is wrong with text that stands for bytes.
 */

/** Text that does not follow the syntax; the message says what is wrong, and where if that is known. */
export class TextError extends Error {
  constructor(message: string, at?: number | undefined) {
    super(at === undefined ? message : `${message}, at character ${at + 1}`)
    this.name = 'TextError'
  }
}
