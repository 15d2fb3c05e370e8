/**
 * How far an import is, kept in the database it goes to: each batch sets it in its own transaction, and the last one
 * clears it. So what it says is always true, wherever the import is killed.
 */

import { createHash } from 'node:crypto'

import { clear, get, pack, set, transactional, unpack } from '../../index.js'
import type { Database, Transaction } from '../../index.js'

import type { ByteSource } from './byte_source.js'
import { BlockReader, type RowReader } from './reader.js'

/** How much of an export was read, or is imported. */
export interface Done {
  /** How many batches: of an export in blocks, its blocks. */
  readonly batches: number
  readonly rows: number
  /** The bytes of their keys and values. */
  readonly bytes: number
  /** Where the next batch begins in the export, in bytes, and the lines before it. */
  readonly at: number
  readonly lines: number
}

/** An export without an id of its own is known by its first bytes. */
const KNOWN_BY_BYTES = 1 << 16

/** The marker of the import of one export. */
export class Marker {
  readonly #key: Buffer

  constructor(id: Uint8Array) {
    this.#key = pack(['found', 'import', id])
  }

  /** The marker for what a reader reads; none of it must have been read yet, but the header. */
  static async of(reader: RowReader, source: ByteSource): Promise<Marker> {
    if (reader instanceof BlockReader) return new Marker(reader.header.id.bytes)
    return new Marker(
      createHash('sha256')
        .update(await source.peek(KNOWN_BY_BYTES))
        .digest(),
    )
  }

  /** What an import of the same export has done, if one was begun and not ended. */
  async read(db: Database, signal: AbortSignal): Promise<Done | undefined> {
    const value = await transactional(db, (tx) => get(tx, this.#key), { signal })
    if (value === undefined) return undefined
    const [batches = 0, rows = 0, bytes = 0, at = 0, lines = 0] = unpack(value).map(Number)
    return { batches, rows, bytes, at, lines }
  }

  set(tx: Transaction, { batches, rows, bytes, at, lines }: Done): void {
    set(tx, this.#key, pack([batches, rows, bytes, at, lines]))
  }

  clear(tx: Transaction): void {
    clear(tx, this.#key)
  }
}
