/**
 * What the page is told of what failed.
 */

import { FdbError, FoundError, vnstore } from '../../index.js'
import type { WireTuple } from '../wire/items.js'
import { toWireTuple } from './items.js'

/** A failure as JSON. */
export interface Failure {
  /** The status of the answer. */
  readonly status: number
  readonly error: {
    /** The code of found-db's error, or one in capitals. */
    readonly code: string
    /** For people. */
    readonly message: string
    /** Tuples in conflict, of a change that could not be applied. */
    readonly conflicts?: readonly { readonly items: WireTuple; readonly change: string }[]
  }
}

/** What takes too long for one transaction. */
const TOO_LONG = ['transaction_timed_out', 'transaction_too_old']

/** The failure that an error is. */
export function failureOf(error: unknown): Failure {
  if (error instanceof vnstore.VNStoreError && error.conflicts.length > 0) {
    const conflicts = error.conflicts.map(({ items, change }) => ({ items: toWireTuple(items), change: String(change) }))
    return { status: 409, error: { code: error.code, message: error.message, conflicts } }
  }
  if (error instanceof FdbError && TOO_LONG.includes(error.code)) {
    return failure(503, error.code, 'this takes longer than a transaction lasts: ask for less')
  }
  if (error instanceof FoundError) return failure(error.code === 'FOUND_CLOSED' ? 503 : 422, error.code, error.message)
  const { name, statusCode, message } = (error ?? {}) as { name?: unknown; statusCode?: unknown; message?: unknown }
  if (name === 'AbortError') return failure(499, 'ABORTED', 'nobody waits for the answer')
  // Fastify's own: what was sent has not the form it should have, or is too large.
  if (typeof statusCode === 'number' && statusCode < 500) return failure(statusCode, 'INVALID', String(message))
  if (error instanceof TypeError || error instanceof RangeError) return failure(400, 'INVALID', error.message)
  return failure(500, 'FOUND_INTERNAL', 'a defect of the explorer')
}

function failure(status: number, code: string, message: string): Failure {
  return { status, error: { code, message } }
}
