/**
 * Ranges too long for one transaction.
 */

import { abortSignal, boolean, checkedOptions, keepBytes, type Bytes } from './arguments.js'
import { closedError, databaseState, openHandle, type Database, type DatabaseState } from './database.js'
import { failed } from './errors.js'
import { native, type ScanHandle } from './native.js'
import { count, cut, Rows, streamingMode, STREAMING_MODE_WANT_ALL } from './range.js'
import type { Row, StreamingMode } from './range.js'

/** How to scan. */
export interface ScanOptions {
  /** At most so many rows; 0, the default, is no limit. */
  readonly limit?: number | undefined
  /** From the end backwards. */
  readonly reverse?: boolean | undefined
  /** How large pages are; large if left out. */
  readonly mode?: StreamingMode | undefined
  /** Goes on behind this key: the last one that an earlier scan of the range has given. */
  readonly after?: Bytes | undefined
  /** Ends the scan when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined
}

const scanChecks = { limit: count, reverse: boolean, mode: streamingMode, after: keepBytes, signal: abortSignal }

/**
 * The rows from `begin` up to `end`, as an async iterable, however long it takes: it reads in as many transactions as
 * are needed, which retry by themselves.
 *
 * **It is not a snapshot.** Pages come from different versions: a key that is there all the while comes exactly once,
 * one that is written or cleared meanwhile comes or not, and what belongs together may come apart. It adds no read
 * conflicts.
 *
 * To go on later, or in another process, pass the last key that came as `after`.
 */
export function scan(db: Database, begin: Bytes, end: Bytes, options?: ScanOptions | undefined): Rows {
  openHandle(db)
  const range = [keepBytes(begin, 'begin'), keepBytes(end, 'end')] as const
  const checked = checkedOptions(options, scanChecks)
  const after = checked.after === undefined ? undefined : keepBytes(checked.after, 'options.after')
  return new Rows(new Scan(databaseState(db), range, { ...checked, after }), checked.signal)
}

class Scan {
  readonly #database: DatabaseState
  readonly #range: readonly [Bytes, Bytes]
  readonly #options: ScanOptions
  #handle: ScanHandle | undefined

  constructor(database: DatabaseState, range: readonly [Bytes, Bytes], options: ScanOptions) {
    this.#database = database
    this.#range = range
    this.#options = options
  }

  async next(): Promise<Row[] | undefined> {
    const { limit = 0, reverse = false, mode = STREAMING_MODE_WANT_ALL, after } = this.#options
    if (this.#database.closing !== undefined) throw closedError()
    try {
      this.#handle ??= native.scan(this.#database.handle, ...this.#range, after, limit, reverse, mode)
      const page = native.scanPage(this.#handle)
      if (page === undefined) return undefined
      const come = typeof page === 'number' ? page : await page
      return come === undefined ? undefined : cut(come).rows
    } catch (thrown) {
      if (this.#database.closing !== undefined) throw closedError()
      throw failed(thrown)
    }
  }

  end(): void {
    if (this.#handle !== undefined) native.endScan(this.#handle)
  }
}
