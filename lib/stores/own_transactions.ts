/**
 * Calls that have transactions of their own, and what the closing of the database means for them.
 */

import { closedError, type DatabaseState } from '../database.js'
import { failed } from '../errors.js'

/**
 * One step of a call, of few transactions: refused once the database is being closed; one under way is waited for by
 * the closing.
 *
 * @internal
 */
export async function step<T>(database: DatabaseState, call: () => T | Promise<T>): Promise<T> {
  if (database.closing !== undefined) throw closedError()
  const answer = call()
  if (!(answer instanceof Promise)) return answer
  database.commits.add(answer)
  try {
    return await answer
  } finally {
    database.commits.delete(answer)
  }
}

/**
 * The error of such a call: one that was cut short by the closing of the database says so.
 *
 * @internal
 */
export function failedOutside(database: DatabaseState, thrown: unknown): unknown {
  if (thrown === TRANSACTION_CANCELLED && database.closing !== undefined) return closedError()
  return failed(thrown)
}

const TRANSACTION_CANCELLED = 1025
