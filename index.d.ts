/**
 * FoundationDB for Node: transactions over an ordered key-value store, on a cluster or on an embedded engine in this
 * process.
 *
 * ```js
 * import * as found from 'found-db'
 *
 * const db = await found.open('memory:')
 * await found.transactional(db, (tx) => found.set(tx, 'hello', 'world'))
 * ```
 */
export { addNetworkThreadCompletionHook, close, Database, databaseSetOption, getClientStatus, getClientVersion, networkSetOption, open, } from './lib/database.js';
export type { Hooks, OpenOptions, OptionArgument } from './lib/database.js';
export type { DatabaseOptions, NetworkOptions, TransactionOptionValues } from './lib/options.generated.js';
export { transaction, transactional } from './lib/transactional.js';
export type { AttemptOptions, Idempotency, TransactionalOptions } from './lib/transactional.js';
export type { TransactionRetry, TransactionTrace } from './lib/diagnostics.js';
export { cancel, commit, makeTransaction, onError, reset, setOption, Transaction } from './lib/transaction.js';
export type { MakeOptions, TransactionStats } from './lib/transaction.js';
export { estimatedSizeBytes, get, getAddressesForKey, getApproximateSize, getCommittedVersion, getKey, getRangeSplitPoints, readVersion, setReadVersion, } from './lib/reads.js';
export type { ReadOptions } from './lib/reads.js';
export { CommitVersionstamp, getVersionstamp, nextVersionstamp } from './lib/commit_versionstamp.js';
export { addConflictRange, CONFLICT_RANGE_TYPE_READ, CONFLICT_RANGE_TYPE_WRITE, getConflictingRanges, } from './lib/conflicts.js';
export type { ConflictRangeType } from './lib/conflicts.js';
export { add, appendIfFits, bitAnd, bitOr, bitXor, byteMax, byteMin, clear, compareAndClear, max, min, set, setVersionstampedKey, setVersionstampedValue, } from './lib/writes.js';
export { gt, gte, KeySelector, lt, lte, nextPrefix } from './lib/key_selector.js';
export type { KeyOrSelector } from './lib/key_selector.js';
export { all, limit, query, Rows, STREAMING_MODE, STREAMING_MODE_EXACT, STREAMING_MODE_ITERATOR, STREAMING_MODE_LARGE, STREAMING_MODE_MEDIUM, STREAMING_MODE_SERIAL, STREAMING_MODE_SMALL, STREAMING_MODE_WANT_ALL, } from './lib/range.js';
export type { QueryOptions, Row, StreamingMode } from './lib/range.js';
export { scan } from './lib/scan.js';
export type { ScanOptions } from './lib/scan.js';
export { Watch, watch, watchLoop } from './lib/watch.js';
export type { WatchOptions } from './lib/watch.js';
export { hasIncompleteVersionstamp, pack, packWithVersionstamp, range, unpack } from './lib/tuple.js';
export type { Tuple, TupleItem, UnpackedItem } from './lib/tuple.js';
export { Double, Float, Uuid, Versionstamp } from './lib/tuple_items.js';
export * as bstore from './lib/stores/bstore.js';
export * as eavstore from './lib/stores/eavstore.js';
export * as pstore from './lib/stores/pstore.js';
export * as nstore from './lib/stores/nstore.js';
export * as vnstore from './lib/stores/vnstore.js';
export { ERROR_PREDICATE_MAYBE_COMMITTED, ERROR_PREDICATE_RETRYABLE, ERROR_PREDICATE_RETRYABLE_NOT_COMMITTED, errorPredicate, FdbError, findFdbError, FoundError, isMaybeCommitted, isRetryable, } from './lib/errors.js';
export type { FoundErrorCode } from './lib/errors.js';
export type { FdbErrorName } from './lib/errors.generated.js';
export type { Bytes } from './lib/arguments.js';
