/**
 * What all reads have in common: one transaction that ends in time, and pages that stay small.
 */

import { transactional, type Database, type Transaction } from '../../index.js'

/** A read gives up before FoundationDB would. */
const TIMEOUT = 4500
/** A page ends after so many bytes, however few rows it has. */
export const PAGE_BYTES = 1 << 20

/** Reads within one transaction, as a snapshot: it conflicts with nobody. */
export function reading<T>(db: Database, signal: AbortSignal, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return transactional(db, body, { snapshot: true, timeout: TIMEOUT, retryLimit: 5, signal })
}

/** A page of something. */
export interface Page<T> {
  /** What is on it. */
  readonly rows: T[]
  /** Whether there is more behind it. */
  readonly more: boolean
}

/** Passes over `offset` of what comes and takes up to `limit`, or fewer if they are large. */
export async function pageOf<From, T>(
  rows: AsyncIterable<From>,
  offset: number,
  limit: number,
  shape: (row: From) => T,
): Promise<Page<T>> {
  const page: T[] = []
  let passed = 0
  let bytes = 0
  for await (const row of rows) {
    if (passed < offset) {
      passed += 1
      continue
    }
    if (page.length === limit || bytes > PAGE_BYTES) return { rows: page, more: true }
    const shaped = shape(row)
    bytes += JSON.stringify(shaped).length
    page.push(shaped)
  }
  return { rows: page, more: false }
}
