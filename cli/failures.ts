/**
 * How the command ends: what is said of a failure, and the number that the shell gets.
 */

import { FoundError } from '../index.js'

import { TextError } from './format/text_error.js'

/** The numbers that the command ends with, as docs/cli.md tells them. */
export const EXIT = Object.freeze({
  /** It did what it was asked. */
  OK: 0,
  /** It failed. */
  FAILED: 1,
  /** It was asked wrongly; nothing was done. */
  USAGE: 2,
  /** `get`: there is no such key. */
  ABSENT: 3,
  /** Ctrl-C. */
  INTERRUPTED: 130,
})

/** A failure that the message explains fully. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.FAILED, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}

/** The command was asked wrongly. */
export class UsageError extends Failure {
  constructor(message: string) {
    super(message, EXIT.USAGE)
  }
}

/** Ctrl-C. */
export class Interrupted extends Failure {
  constructor() {
    super('interrupted', EXIT.INTERRUPTED)
  }
}

/** What ends the command although it did what it was asked: its number is the answer. */
export class Answer extends Failure {}

/** The number to end with after an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Failure ? error.exitCode : EXIT.FAILED
}

/** What to say of an error: its message, where that is enough; a defect of this program comes with its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof Failure || error instanceof TextError || error instanceof FoundError) return error.message
  if (isSystemError(error)) return error.message
  return `a defect of this program: ${error instanceof Error ? error.stack : String(error)}`
}

/** An error of the system, such as a file that is not there. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

/** Does something with an argument; what is wrong with its text is said with its name. */
export function named<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof TextError) throw new UsageError(`${name}: ${error.message}`)
    throw error
  }
}
