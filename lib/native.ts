/**
 * The one door to the native module, and the types of what is behind it.
 *
 * What can wait answers at once where it can: with the answer itself, and only otherwise with a Promise of it. A
 * failure of FoundationDB is thrown, or rejects, as its number; `failed` in errors.ts makes the error of it.
 */

import { createRequire } from 'node:module'
import { markAsUntransferable } from 'node:worker_threads'

import { loadFailure } from './load_failure.js'

declare const kind: unique symbol
interface Handle<K extends string> {
  readonly [kind]: K
}

/** @internal */
export type DatabaseHandle = Handle<'database'>
/** @internal */
export type TransactionHandle = Handle<'transaction'>
/** @internal */
export type WatchHandle = Handle<'watch'>

/** @internal */
export type ScanHandle = Handle<'scan'>
/** @internal */
export type FollowHandle = Handle<'follow'>

/** @internal */
export type BStoreHandle = Handle<'bstore'>
/** @internal */
export type EavStoreHandle = Handle<'eavstore'>
/** @internal */
export type PStoreHandle = Handle<'pstore'>
/** @internal */
export type UploadHandle = Handle<'upload'>
/** @internal */
export type NStoreHandle = Handle<'nstore'>
/** @internal */
export type VNStoreHandle = Handle<'vnstore'>

/** An answer that may be there at once. */
type Answer<T> = T | Promise<T>
/** Bytes: their number, if they are in `scratch`. */
type Taken = number | Buffer | Promise<Buffer>
type Input = Uint8Array | string
type OptionInput = undefined | number | bigint | string | Uint8Array

/** @internal */
export interface Native {
  /**
   * Where answers that are there at once are written; to be copied out before the next call. A call that gives a Promise
   * has written there the number of the operation, 32 bits of each of two halves.
   */
  readonly scratch: Buffer
  giveUp(index: number, generation: number): void

  open(target: string | undefined): Answer<DatabaseHandle>
  close(db: DatabaseHandle): Answer<undefined>
  createTransaction(db: DatabaseHandle, snapshot: boolean, used?: TransactionHandle | undefined): TransactionHandle
  databaseOption(db: DatabaseHandle, name: string, value: OptionInput): void
  openHandles(db: DatabaseHandle): number
  timeoutText(db: DatabaseHandle): string
  silence(db: DatabaseHandle): number | undefined
  clientStatus(db: DatabaseHandle): Taken
  networkOption(name: string, value: OptionInput): void
  stopNetwork(): boolean
  settleClosings(): void

  release(tx: TransactionHandle): void
  endedTransaction(): TransactionHandle
  get(tx: TransactionHandle, key: Input, snapshot: boolean): undefined | Taken | Promise<Buffer | undefined>
  getKey(tx: TransactionHandle, key: Input, orEqual: boolean, offset: number, snapshot: boolean): Taken
  set(tx: TransactionHandle, key: Input, value: Input): void
  clear(tx: TransactionHandle, key: Input): void
  clearRange(tx: TransactionHandle, key: Input, other: Input): void
  atomic(tx: TransactionHandle, key: Input, param: Input, operation: number): void
  addConflictRange(tx: TransactionHandle, begin: Input, end: Input, write: boolean): void
  readVersion(tx: TransactionHandle): Answer<bigint>
  setReadVersion(tx: TransactionHandle, version: bigint): void
  committedVersion(tx: TransactionHandle): bigint
  approximateSize(tx: TransactionHandle): Answer<number>
  versionstamp(tx: TransactionHandle): Taken
  estimatedSize(tx: TransactionHandle, begin: Input, end: Input): Answer<number>
  splitPoints(tx: TransactionHandle, begin: Input, end: Input, chunkSize: number): Answer<Buffer[]>
  addresses(tx: TransactionHandle, key: Input): Answer<string[]>
  transactionOption(tx: TransactionHandle, name: string, value: OptionInput): void
  commit(tx: TransactionHandle): Answer<undefined>
  onError(tx: TransactionHandle, code: number): Answer<undefined>
  reset(tx: TransactionHandle): void
  cancel(tx: TransactionHandle): void
  conflictingRanges(tx: TransactionHandle): Buffer[]

  beginRun(
    db: DatabaseHandle,
    snapshot: boolean,
    used: TransactionHandle | undefined,
    idempotent?: boolean | undefined,
    timeout?: number | undefined,
    retryLimit?: number | undefined,
    maxRetryDelay?: number | undefined,
    prefix?: Input | undefined,
    maxAge?: number | undefined,
  ): TransactionHandle
  committedAttempt(tx: TransactionHandle): Answer<number | undefined>
  prepareRun(tx: TransactionHandle, measure: boolean): Answer<undefined>
  retryRun(tx: TransactionHandle, code: number): Answer<undefined>
  runStats(tx: TransactionHandle): [retries: number, elapsed: number, commitBytes: number]

  range(
    tx: TransactionHandle,
    key: Input,
    keyOrEqual: boolean,
    keyOffset: number,
    other: Input,
    otherOrEqual: boolean,
    otherOffset: number,
    reverse: boolean | undefined,
    limit: number,
    mode: number,
    targetBytes: number,
    snapshot: boolean,
  ): Taken
  nextPage(tx: TransactionHandle, next: number): Taken
  endRange(tx: TransactionHandle, next: number): void

  scan(
    db: DatabaseHandle,
    begin: Input,
    end: Input,
    after: Input | undefined,
    limit: number,
    reverse: boolean,
    mode: number,
  ): ScanHandle
  scanPage(scan: ScanHandle): undefined | Taken | Promise<Buffer | undefined>
  endScan(scan: ScanHandle): void

  watch(tx: TransactionHandle, key: Input): [WatchHandle, Answer<undefined>]
  cancelWatch(watch: WatchHandle): void
  follow(db: DatabaseHandle, key: Input): FollowHandle
  followNext(follow: FollowHandle): undefined | Taken | Promise<Buffer | undefined>
  endFollow(follow: FollowHandle): void

  bstoreMake(name: string, prefix: Uint8Array): BStoreHandle
  bstoreGetOrCreate(tx: TransactionHandle, store: BStoreHandle, blob: Input): Taken
  bstoreRead(
    tx: TransactionHandle,
    store: BStoreHandle,
    uid: Uint8Array,
    start: number,
    end: number,
  ): undefined | Taken | Promise<Buffer | undefined>
  bstoreSize(tx: TransactionHandle, store: BStoreHandle, uid: Uint8Array): Answer<number | undefined>
  bstoreRemove(tx: TransactionHandle, store: BStoreHandle, uid: Uint8Array): Answer<boolean>
  bstoreUpload(db: DatabaseHandle, store: BStoreHandle): UploadHandle
  uploadWrite(upload: UploadHandle, bytes: Input): Answer<undefined>
  uploadFinish(upload: UploadHandle): Taken
  uploadAbort(upload: UploadHandle): Answer<undefined>
  bstoreSweep(db: DatabaseHandle, store: BStoreHandle, olderThan: number): Answer<number>
  eavstoreMake(name: string, prefix: Uint8Array): EavStoreHandle
  eavstoreCreate(tx: TransactionHandle, store: EavStoreHandle, record: Uint8Array, uid: Uint8Array | undefined): Taken
  eavstoreGet(
    tx: TransactionHandle,
    store: EavStoreHandle,
    uid: Uint8Array,
  ): undefined | Taken | Promise<Buffer | undefined>
  eavstoreUpdate(tx: TransactionHandle, store: EavStoreHandle, uid: Uint8Array, record: Uint8Array): Answer<undefined>
  eavstoreChange(
    tx: TransactionHandle,
    store: EavStoreHandle,
    uid: Uint8Array,
    record: Uint8Array,
    removed: Uint8Array,
  ): Answer<undefined>
  eavstoreRemove(tx: TransactionHandle, store: EavStoreHandle, uid: Uint8Array): Answer<boolean>
  eavstoreQuery(tx: TransactionHandle, store: EavStoreHandle, conditions: Uint8Array, snapshot: boolean): Taken
  eavstoreNext(tx: TransactionHandle, next: number): Taken
  eavstoreEnd(tx: TransactionHandle, next: number): void
  eavstoreVerify(
    db: DatabaseHandle,
    store: EavStoreHandle,
    repair: boolean,
  ): Answer<[attributes: number, entries: number, stale: number, missing: number]>
  pstoreMake(name: string, prefix: Uint8Array, statistics: boolean): PStoreHandle
  pstoreIndex(tx: TransactionHandle, store: PStoreHandle, docuid: Uint8Array, counter: Uint8Array): Answer<undefined>
  pstoreCounter(
    tx: TransactionHandle,
    store: PStoreHandle,
    docuid: Uint8Array,
  ): undefined | Taken | Promise<Buffer | undefined>
  pstoreRemove(tx: TransactionHandle, store: PStoreHandle, docuid: Uint8Array): Answer<boolean>
  pstoreSearch(
    tx: TransactionHandle,
    store: PStoreHandle,
    keywords: Uint8Array,
    limit: number,
    bm25: boolean,
    snapshot: boolean,
  ): Taken
  nstoreMake(name: string, prefix: Uint8Array, columns: number): NStoreHandle
  nstoreAdd(tx: TransactionHandle, store: NStoreHandle, items: Uint8Array, value: Input): void
  nstoreRemove(tx: TransactionHandle, store: NStoreHandle, items: Uint8Array): void
  nstoreGet(tx: TransactionHandle, store: NStoreHandle, items: Uint8Array): undefined | Taken | Promise<Buffer | undefined>
  nstoreQuery(
    tx: TransactionHandle,
    store: NStoreHandle,
    patterns: Uint8Array,
    names: Uint8Array,
    rows: number,
    seed: Uint8Array,
    values: boolean,
    snapshot: boolean,
  ): Taken
  nstoreCount(tx: TransactionHandle, store: NStoreHandle, patterns: Uint8Array, snapshot: boolean): Answer<number>
  nstoreOrder(tx: TransactionHandle, store: NStoreHandle, patterns: Uint8Array): Taken
  nstoreExplain(tx: TransactionHandle, store: NStoreHandle, patterns: Uint8Array, reorder: boolean, run: boolean): Taken
  vnstoreMake(name: string, prefix: Uint8Array, items: Uint8Array): VNStoreHandle
  vnstoreCreate(tx: TransactionHandle, store: VNStoreHandle): Taken
  vnstoreChange(tx: TransactionHandle, store: VNStoreHandle, change: Uint8Array): undefined | Taken | Promise<Buffer | undefined>
  vnstoreList(tx: TransactionHandle, store: VNStoreHandle): Taken
  vnstoreContent(tx: TransactionHandle, store: VNStoreHandle, change: Uint8Array): Taken
  vnstoreMessage(tx: TransactionHandle, store: VNStoreHandle, change: Uint8Array, message: string | undefined): Answer<undefined>
  vnstoreApply(tx: TransactionHandle, store: VNStoreHandle, change: Uint8Array, refuse: boolean): Taken
  vnstoreAdd(
    tx: TransactionHandle,
    store: VNStoreHandle,
    change: Uint8Array,
    items: Uint8Array,
    value: Input,
  ): Answer<undefined>
  vnstoreRemove(tx: TransactionHandle, store: VNStoreHandle, change: Uint8Array, items: Uint8Array): Answer<boolean>
  vnstoreGet(
    tx: TransactionHandle,
    store: VNStoreHandle,
    items: Uint8Array,
    asOf: Uint8Array | undefined,
    pending: Uint8Array | undefined,
    snapshot: boolean,
  ): undefined | Taken | Promise<Buffer | undefined>
  vnstoreQuery(
    tx: TransactionHandle,
    store: VNStoreHandle,
    patterns: Uint8Array,
    names: Uint8Array,
    rows: number,
    seed: Uint8Array,
    values: boolean,
    asOf: Uint8Array | undefined,
    pending: Uint8Array | undefined,
    snapshot: boolean,
  ): Taken
  vnstoreHistory(
    tx: TransactionHandle,
    store: VNStoreHandle,
    items: Uint8Array,
    asOf: Uint8Array | undefined,
    pending: Uint8Array | undefined,
    snapshot: boolean,
  ): Taken
  vnstoreDiff(
    tx: TransactionHandle,
    store: VNStoreHandle,
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
  ): Taken
  nextBlock(tx: TransactionHandle, next: number): Taken
  endQuery(tx: TransactionHandle, next: number): void

  clientVersion(): string
  errorName(code: number): string
  errorText(code: number): string
  errorPredicates(code: number): number
  tupleEcho(bytes: Uint8Array): Taken
  liveHandles(): number
  waitingOperations(): number
  traffic(): [calls: number, wakeUps: number, turns: number, settled: number]
  panicForTest(place: string): Answer<unknown>
  wakeForTest(): Promise<undefined>
}

function load(): Native {
  const require = createRequire(import.meta.url)
  let loader: { load(): Native }
  try {
    // CommonJS, so that what it throws can be caught and told in our words.
    loader = require('../native.cjs') as typeof loader
  } catch (error) {
    throw loadFailure(error)
  }
  return loader.load()
}

/** @internal */
export const native: Native = load()

const { scratch } = native
// Whoever transferred it would take the memory that the native side writes to.
markAsUntransferable(scratch.buffer)

/** Views of the first bytes of `scratch`, by their number: making one takes as long as copying what it shows. */
const firstBytes: Buffer[] = []
const FIRST_BYTES_MAX = 1024

/**
 * The bytes that a call has left in `scratch`.
 *
 * @internal
 */
export function taken(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  if (length <= SHORT) for (let index = 0; index < length; index++) bytes[index] = scratch[index] as number
  else if (length > FIRST_BYTES_MAX) scratch.copy(bytes, 0, 0, length)
  else bytes.set((firstBytes[length] ??= scratch.subarray(0, length)))
  return bytes
}

/** So many bytes are as quickly copied one by one. */
const SHORT = 16

/** What makes a Buffer that shows a part of some memory. */
type View = new (memory: ArrayBufferLike, start: number, length: number) => Buffer

/**
 * The class that Node makes the views of `subarray` with. Called by itself it takes less than half the time, as there is
 * nothing to be checked and added up. Where there is no such class it is `Buffer.from`.
 */
const NodeView = (Buffer as unknown as Record<symbol, View | undefined>)[Symbol.species]
const hasView = NodeView !== undefined && (NodeView as unknown) !== Buffer && NodeView.prototype === Buffer.prototype

/**
 * A Buffer that shows `length` bytes of some memory, from `start` on.
 *
 * @internal
 */
export const view: (memory: ArrayBufferLike, start: number, length: number) => Buffer = hasView
  ? (memory, start, length) => new (NodeView as View)(memory, start, length)
  : (memory, start, length) => Buffer.from(memory as ArrayBuffer, start, length)
