/**
 * All calls by name. The page has their types from here.
 */

import * as edits from './edits.js'
import { guess } from './guess.js'
import * as history from './history.js'
import * as keys from './keys.js'
import * as stores from './stores.js'

/** Calls that change nothing. They can be followed: see live.ts. */
export const reads = {
  'keys/tree': keys.tree,
  'keys/value': keys.value,
  'keys/pack': edits.packed,
  stores: guess,
  'nstore/query': stores.nstoreQuery,
  'pstore/search': stores.pstoreSearch,
  'pstore/document': stores.pstoreDocument,
  'eavstore/records': stores.eavstoreRecords,
  'eavstore/query': stores.eavstoreQuery,
  'bstore/blobs': stores.bstoreBlobs,
  'bstore/piece': stores.bstorePiece,
  'vnstore/changes': history.changes,
  'vnstore/change': history.change,
  'vnstore/select': history.select,
  'vnstore/history': history.history,
  'vnstore/diff': history.diff,
  'vnstore/conflicts': history.conflicts,
}

/** Calls that change the database. Without leave to write they are not there. */
export const writes = {
  'keys/commit': edits.commit,
  'vnstore/create': history.create,
  'vnstore/message': history.message,
  'vnstore/add': history.add,
  'vnstore/remove': history.remove,
  'vnstore/apply': history.apply,
}

/** The calls and their types. */
export type Reads = typeof reads
/** The calls and their types. */
export type Calls = typeof reads & typeof writes

/** What there is to know of the server. */
export interface Session {
  /** What the database is called. */
  readonly label: string
  /** Whether it may be changed. */
  readonly write: boolean
}
