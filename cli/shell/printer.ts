/**
 * How the shell shows things.
 */

import { writeLine, type Context } from '../context.js'
import { show, type Form } from '../format/forms.js'

/** Shows keys, values and lines, in colours where there are some. */
export class Printer {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** A line as it is. */
  line(text: string): Promise<void> {
    return writeLine(this.#context, text)
  }

  /** A line that is no data. It begins with a parenthesis, as no key or value but a tuple does. */
  note(text: string): Promise<void> {
    return this.line(this.#context.colours.dim(`(${text})`))
  }

  /** A value, or that there is none. */
  value(value: Buffer | undefined, form: Form = 'text'): Promise<void> {
    return value === undefined ? this.note('not found') : this.line(show(value, form, 'value'))
  }

  /** A key. */
  key(key: Buffer): Promise<void> {
    return this.line(this.#key(key))
  }

  /** A key and its value. */
  row(key: Buffer, value: Buffer): Promise<void> {
    return this.line(`${this.#key(key)} ${this.#context.colours.dim('=')} ${show(value, 'text', 'value')}`)
  }

  /** What came of a write: the version of its commit, undefined if it waits for the commit of a transaction. */
  async committed(version: bigint | undefined): Promise<void> {
    if (version === undefined) return
    await this.note(version < 0n ? 'nothing to commit' : `committed at version ${version}`)
  }

  #key(key: Buffer): string {
    return this.#context.colours.cyan(show(key, 'text', 'key'))
  }
}
