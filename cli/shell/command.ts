/**
 * What a command of the shell is.
 */

import type { Printer } from './printer.js'
import type { Session } from './session.js'

/** What a word of a command is, for completion. */
export type ArgumentKind = 'key' | 'value' | 'number' | 'option' | 'topic' | readonly string[]

/** A command of the shell. */
export interface ShellCommand {
  readonly name: string
  /** Its arguments, as its help shows them; those in brackets may be left out. */
  readonly usage: string
  /** What it does, in a few words. */
  readonly summary: string
  /** What else there is to know of it. */
  readonly details?: string | undefined
  readonly examples?: readonly string[] | undefined
  /** How many arguments it takes, at least and at most. */
  readonly count: readonly [number, number]
  /** What they are. */
  readonly kinds: readonly ArgumentKind[]
  run(session: Session, words: readonly string[], printer: Printer): Promise<void> | void
}
