/**
 * Errors. Every failure that is not a wrong argument is a FoundError; one that FoundationDB gave is an FdbError.
 * `code` tells what failed and does not change between versions; the message may.
 */

import { native } from './native.js'
import { text, wholeNumber } from './arguments.js'
import type { FdbErrorName } from './errors.generated.js'

/**
 * The codes of this package's own failures.
 *
 * | code                     | what it means                                                                   |
 * | ------------------------ | ------------------------------------------------------------------------------- |
 * | `FOUND_CLOSED`           | the database is closed                                                          |
 * | `FOUND_TRANSACTION_OVER` | the transaction, or the attempt that a range or a watch belongs to, has ended   |
 * | `FOUND_WOULD_DEADLOCK`   | to wait for it now is to wait for ever: it comes with the commit, which waits too |
 * | `FOUND_TUPLE`            | bytes that are no packed tuple                                                  |
 * | `FOUND_INTERNAL`         | a defect of this package                                                        |
 *
 * Importing the package fails with the code `FOUND_NO_NATIVE_MODULE` where there is none for the machine.
 */
export type FoundErrorCode =
  'FOUND_CLOSED' | 'FOUND_TRANSACTION_OVER' | 'FOUND_WOULD_DEADLOCK' | 'FOUND_TUPLE' | 'FOUND_INTERNAL'

/** How FdbErrors of other copies of this package and of other realms are known. */
const BRAND = Symbol.for('found-db.FdbError')
/** A chain of causes may be a circle. */
const CAUSES_MAX = 100

/** A failure. `code` says which, and `errno` is FoundationDB's number where there is one. */
export class FoundError extends Error {
  /** What failed: one of ours, which begin with `FOUND_`, or FoundationDB's name for it, such as `not_committed`. */
  readonly code: FoundErrorCode | FdbErrorName | (string & {})
  /** FoundationDB's number, if it has one for this. */
  declare readonly errno?: number

  /**
   * @param code what failed
   * @param message for people
   */
  constructor(code: string, message: string, options?: ErrorOptions & { errno?: number | undefined }) {
    super(message, options)
    this.code = code
    if (options?.errno !== undefined) {
      Object.defineProperty(this, 'errno', { value: options.errno, enumerable: true, configurable: true })
    }
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'FoundError', configurable: true, writable: true })
  }
}

/**
 * A number that an error may have.
 *
 * @internal
 */
export const errorNumber = (value: unknown, name: string): number => wholeNumber(value, name, -0x80000000, 0x7fffffff)

/**
 * An error that FoundationDB gave. `transactional` runs its body again after one that is retryable, wherever it came
 * from, and also where it is the `cause` of another error.
 */
export class FdbError extends FoundError {
  declare readonly code: FdbErrorName
  declare readonly errno: number

  /**
   * @param errno FoundationDB's number, such as 1020
   * @param message FoundationDB's text for it if left out
   */
  constructor(errno: number, message?: string | undefined, options?: ErrorOptions | undefined) {
    errorNumber(errno, 'errno')
    if (message !== undefined) text(message, 'message')
    super(native.errorName(errno), message ?? `${native.errorText(errno)} (${errno})`, { ...options, errno })
  }

  /** Whether running the transaction again may help. */
  get retryable(): boolean {
    return errorPredicate(ERROR_PREDICATE_RETRYABLE, this.errno)
  }

  /** Whether the transaction may have committed although this error came. */
  get maybeCommitted(): boolean {
    return errorPredicate(ERROR_PREDICATE_MAYBE_COMMITTED, this.errno)
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'FdbError', configurable: true, writable: true })
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }
}

/** Running the transaction again may help. */
export const ERROR_PREDICATE_RETRYABLE = 50000
/** The transaction may have committed. */
export const ERROR_PREDICATE_MAYBE_COMMITTED = 50001
/** Running the transaction again may help, and it has not committed. */
export const ERROR_PREDICATE_RETRYABLE_NOT_COMMITTED = 50002

/** What FoundationDB says of an error's number. */
export function errorPredicate(predicate: number, code: number): boolean {
  wholeNumber(predicate, 'predicate', ERROR_PREDICATE_RETRYABLE, ERROR_PREDICATE_RETRYABLE_NOT_COMMITTED)
  errorNumber(code, 'code')
  return ((native.errorPredicates(code) >> (predicate - ERROR_PREDICATE_RETRYABLE)) & 1) === 1
}

/**
 * The FdbError in an error or in what caused it, however deeply it is wrapped; also one of another copy of this
 * package or of another realm.
 */
export function findFdbError(error: unknown): FdbError | undefined {
  let next = error
  for (let depth = 0; depth < CAUSES_MAX && typeof next === 'object' && next !== null; depth++) {
    if (isFdbError(next)) return next
    next = (next as { cause?: unknown }).cause
  }
  return undefined
}

/** Whether a transaction that failed with this error, or one it was caused by, may be run again. */
export function isRetryable(error: unknown): boolean {
  const found = findFdbError(error)
  return found !== undefined && errorPredicate(ERROR_PREDICATE_RETRYABLE, found.errno)
}

/** Whether a transaction that failed with this error, or one it was caused by, may have committed. */
export function isMaybeCommitted(error: unknown): boolean {
  const found = findFdbError(error)
  return found !== undefined && errorPredicate(ERROR_PREDICATE_MAYBE_COMMITTED, found.errno)
}

function isFdbError(value: object): value is FdbError {
  const branded = value as { [BRAND]?: unknown; errno?: unknown }
  return branded[BRAND] === true && Number.isInteger(branded.errno)
}

/**
 * The error of what the native side threw: FoundationDB's number, or an Error with a code. Made here, so that its
 * stack leads to the caller.
 *
 * @internal
 */
export function failed(thrown: unknown): unknown {
  if (typeof thrown === 'number') return new FdbError(thrown)
  if (!(thrown instanceof Error) || thrown instanceof FoundError) return thrown
  const { code, errno, message } = thrown as Error & { code?: unknown; errno?: unknown }
  if (typeof code !== 'string') return thrown
  // Others' errors, such as those of a stream that a blob is read from, have codes and numbers too.
  if (typeof errno === 'number') return native.errorName(errno) === code ? new FdbError(errno, message) : thrown
  return code.startsWith('FOUND_') ? new FoundError(code, message) : thrown
}
