/**
 * The blob store: bytes of any size by uid, equal bytes stored once. See docs/bstore.md.
 */

import { Readable } from 'node:stream'
import { types } from 'node:util'

import { untilAborted } from '../abort.js'
import { abortSignal, bytesOf, checkedOptions, text, wholeNumber, type Bytes } from '../arguments.js'
import { Database, databaseState, openHandle, type DatabaseState } from '../database.js'
import { failed, FoundError } from '../errors.js'
import { native, taken, type BStoreHandle, type UploadHandle } from '../native.js'
import { Pending } from '../pending.js'
import { activeState, type Transaction } from '../transaction.js'
import { transactional } from '../transactional.js'
import { Uuid } from '../tuple_items.js'
import { packPrefix, type Tuple } from '../tuple.js'
import { asking } from './ask.js'
import { storeError } from './errors.js'
import { failedOutside, step } from './own_transactions.js'

/**
 * The codes of a blob store's own failures.
 *
 * | code                   | what it means                                                            |
 * | ---------------------- | ------------------------------------------------------------------------ |
 * | `FOUND_BSTORE_LIMIT`   | the blob does not fit into the transaction: `write` takes any size       |
 * | `FOUND_BSTORE_MISSING` | there is no blob of that uid to stream, or it was removed meanwhile      |
 * | `FOUND_BSTORE_SWEPT`   | a `sweep` has cleared what a `write` under way had written               |
 * | `FOUND_BSTORE_DAMAGED` | keys of the store are not as they should be                              |
 */
export type BStoreErrorCode =
  | 'FOUND_BSTORE_LIMIT'
  | 'FOUND_BSTORE_MISSING'
  | 'FOUND_BSTORE_SWEPT'
  | 'FOUND_BSTORE_DAMAGED'

/** A failure of a blob store. */
export class BStoreError extends FoundError {
  declare readonly code: BStoreErrorCode

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'BStoreError', configurable: true, writable: true })
  }
}

const CODES = 'FOUND_BSTORE_'

let handleOf: (store: BStore) => BStoreHandle

/** A blob store, from `make`. */
export class BStore {
  readonly #handle: BStoreHandle
  /** Its name, for messages. */
  readonly name: string

  /** @internal */
  constructor(name: string, handle: BStoreHandle) {
    this.name = name
    this.#handle = handle
  }

  static {
    handleOf = (store) => {
      if (typeof store !== 'object' || store === null || !(#handle in store)) {
        throw new TypeError('store: expected a blob store, which bstore.make gives')
      }
      return store.#handle
    }
  }
}

/**
 * Describes a blob store. It touches no database and may be used with any.
 *
 * @param name for messages
 * @param prefix a tuple that the keys of no other store begin with
 */
export function make(name: string, prefix: Tuple): BStore {
  text(name, 'name')
  try {
    return new BStore(name, native.bstoreMake(name, packPrefix(prefix)))
  } catch (thrown) {
    throw failed(thrown)
  }
}

const ask = asking((store: BStore) => handleOf(store), CODES, BStoreError)

function uidBytes(uid: Uuid): Buffer {
  if (!(uid instanceof Uuid)) throw new TypeError('uid: expected a Uuid')
  return uid.bytes
}

/**
 * The uid of the blob with these bytes, which is stored if there is none yet. Blobs of up to about 9.9 MB fit into an
 * empty transaction; `write` takes any size.
 *
 * @throws BStoreError FOUND_BSTORE_LIMIT for a blob that does not fit; nothing is written then
 */
export async function getOrCreate(tx: Transaction, store: BStore, blob: Bytes): Promise<Uuid> {
  const uid = await ask(tx, store, (transaction, handle) => {
    const answer = native.bstoreGetOrCreate(transaction, handle, blob)
    return typeof answer === 'number' ? taken(answer) : answer
  })
  return new Uuid(uid)
}

/** The bytes of a blob; undefined if there is none of that uid. */
export function get(tx: Transaction, store: BStore, uid: Uuid): Promise<Buffer | undefined> {
  return read(tx, store, uid)
}

/**
 * The bytes of a blob from `start` up to `end`, which is not among them: as many as there are. Undefined if there is no
 * blob of that uid.
 */
export function read(
  tx: Transaction,
  store: BStore,
  uid: Uuid,
  start = 0,
  end = Number.MAX_SAFE_INTEGER,
): Promise<Buffer | undefined> {
  return readPending(tx, store, uid, start, end, new Pending())
}

async function readPending(
  tx: Transaction,
  store: BStore,
  uid: Uuid,
  start: number,
  end: number,
  pending: Pending,
): Promise<Buffer | undefined> {
  const bytes = uidBytes(uid)
  position(start, 'start')
  position(end, 'end')
  return ask(tx, store, (transaction, handle) => {
    const answer = native.bstoreRead(transaction, handle, bytes, start, end)
    return typeof answer === 'number' ? taken(answer) : pending.for(answer)
  })
}

const position = (value: unknown, name: string): number => wholeNumber(value, name, 0, Number.MAX_SAFE_INTEGER)

/** How many bytes a blob has; undefined if there is none of that uid. */
export async function size(tx: Transaction, store: BStore, uid: Uuid): Promise<number | undefined> {
  const bytes = uidBytes(uid)
  return ask(tx, store, (transaction, handle) => native.bstoreSize(transaction, handle, bytes))
}

/** Whether there is a blob of that uid. */
export async function has(tx: Transaction, store: BStore, uid: Uuid): Promise<boolean> {
  return (await size(tx, store, uid)) !== undefined
}

/**
 * Removes a blob and every key of it; says whether there was one.
 *
 * It removes the bytes, for all who have the uid: equal blobs are one blob, and the store does not count who refers to
 * it.
 */
export async function remove(tx: Transaction, store: BStore, uid: Uuid): Promise<boolean> {
  const bytes = uidBytes(uid)
  return ask(tx, store, (transaction, handle) => native.bstoreRemove(transaction, handle, bytes))
}

/** How to stream a blob. */
export interface ReadStreamOptions {
  /** Where to begin; 0 if left out. */
  readonly start?: number | undefined
  /** Where to end: the first byte that is not wanted; the blob's end if left out. */
  readonly end?: number | undefined
  /** How many bytes are read at a time, and held; 1,000,000 if left out. */
  readonly highWaterMark?: number | undefined
  /** Destroys the stream when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

const streamChecks = {
  start: position,
  end: position,
  highWaterMark: (value: unknown, name: string) => wholeNumber(value, name, 1, 0x3fffffff),
  signal: abortSignal,
}

/**
 * A blob as a Node stream. With a database it reads in as many transactions as it takes, which is right because blobs
 * do not change; with a transaction it must be done in the 5 s that one lasts.
 *
 * The stream fails with a BStoreError, FOUND_BSTORE_MISSING, if there is no blob of that uid, also if it is removed
 * while it is being read.
 */
export function createReadStream(
  from: Database | Transaction,
  store: BStore,
  uid: Uuid,
  options?: ReadStreamOptions | undefined,
): Readable {
  checkReadable(from)
  handleOf(store)
  uidBytes(uid)
  const { start = 0, end = Number.MAX_SAFE_INTEGER, highWaterMark = 1_000_000, signal } = checkedOptions(
    options,
    streamChecks,
  )
  let at = start
  const reading = new AbortController()
  const pending = new Pending()
  const piece = async (length: number): Promise<Buffer | null> => {
    const to = Math.min(end, at + length)
    const bytes =
      from instanceof Database
        ? await transactional(from, (tx) => read(tx, store, uid, at, to), { snapshot: true, signal: reading.signal })
        : await readPending(from, store, uid, at, to, pending)
    if (bytes === undefined) {
      throw new BStoreError('FOUND_BSTORE_MISSING', `${store.name}: there is no such blob; uid=${uid}`)
    }
    at += bytes.length
    return bytes.length === 0 ? null : bytes
  }
  return new Readable({
    highWaterMark,
    ...(signal === undefined ? {} : { signal }),
    read(length) {
      piece(Math.max(length, 1)).then(
        (bytes) => this.push(bytes),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, done) {
      // What is being read is not wanted any more.
      reading.abort()
      pending.giveUp()
      done(error)
    },
  })
}

function checkReadable(from: Database | Transaction): void {
  try {
    if (from instanceof Database) openHandle(from)
    else activeState(from)
  } catch (error) {
    throw error instanceof TypeError ? new TypeError('from: expected a Database or a Transaction') : error
  }
}

/** What a blob can be written from. Text stands for its UTF-8. */
export type BlobSource = Bytes | Blob | AsyncIterable<Bytes> | Iterable<Uint8Array>

/** How to write a blob. */
export interface WriteOptions {
  /** Gives up when it is aborted, with its reason, and clears what was written. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Stores a blob of any size and gives its uid, or that of the blob that has the same bytes.
 *
 * A small one takes one transaction. A larger one takes several, of 2 MB each, and is visible only when it is whole. If
 * the source fails, what was written is cleared; if the process ends, `sweep` finds what it has left. The transactions
 * are the store's own: no hooks run.
 *
 * @param source a Node stream, any other async iterable of bytes, a Blob, or bytes, which are copied
 */
export async function write(
  db: Database,
  store: BStore,
  source: BlobSource,
  options?: WriteOptions | undefined,
): Promise<Uuid> {
  const database = databaseState(db)
  const upload = native.bstoreUpload(openHandle(db), handleOf(store))
  const { signal } = checkedOptions(options, { signal: abortSignal })
  signal?.throwIfAborted()
  const chunks = iterate(source)
  const writing = new Writing(database, upload, signal)
  try {
    for (;;) {
      const { done, value } = await untilAborted(signal, async () => chunks.next())
      if (done) break
      await writing.chunk(value)
    }
    return new Uuid(await writing.finish())
  } catch (thrown) {
    stop(source, chunks)
    await writing.abort()
    throw storeError(failedOutside(database, thrown), CODES, BStoreError)
  }
}

/** How many milliseconds clearing may take; what is not cleared then is left to a sweep. */
const CLEARING_PATIENCE = 1000

/** How many bytes cross at a time. */
const PIECE_BYTES = 1 << 22

/** The steps of an upload. The signal ends the one that is under way. */
class Writing {
  readonly #database: DatabaseState
  readonly #upload: UploadHandle
  readonly #signal: AbortSignal | undefined

  constructor(database: DatabaseState, upload: UploadHandle, signal: AbortSignal | undefined) {
    this.#database = database
    this.#upload = upload
    this.#signal = signal
  }

  async chunk(chunk: Bytes): Promise<void> {
    // What is neither bytes nor text is refused over there.
    if (!types.isUint8Array(chunk) || chunk.length <= PIECE_BYTES) {
      await this.#step(() => native.uploadWrite(this.#upload, chunk))
      return
    }
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      await this.#step(() => native.uploadWrite(this.#upload, chunk.subarray(at, at + PIECE_BYTES)))
    }
  }

  /** The bytes of the uid. */
  async finish(): Promise<Buffer> {
    return this.#step(() => {
      const answer = native.uploadFinish(this.#upload)
      return typeof answer === 'number' ? taken(answer) : answer
    })
  }

  /** Clears what was written, as far as that can be done now. */
  async abort(): Promise<void> {
    const clear = (): undefined | Promise<undefined> => native.uploadAbort(this.#upload)
    await this.#step(clear, AbortSignal.timeout(CLEARING_PATIENCE)).catch(() => {})
  }

  #step<T>(call: () => T | Promise<T>, signal = this.#signal): Promise<T> {
    const pending = new Pending()
    const take = (): Promise<T> => step(this.#database, () => pending.for(call()))
    return untilAborted(signal, take, () => pending.giveUp())
  }
}

type Chunks = AsyncIterator<Bytes> | Iterator<Bytes>

function iterate(source: BlobSource): Chunks {
  if (typeof source === 'string') return [source][Symbol.iterator]()
  // It is written piece by piece, while the caller may do with its bytes what it likes.
  if (types.isUint8Array(source)) return [bytesOf(source, 'source')][Symbol.iterator]()
  if (source instanceof Blob) return source.stream()[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
    if (Symbol.iterator in source) return source[Symbol.iterator]()
  }
  throw new TypeError('source: expected a stream, an async iterable, a Blob, a Uint8Array or a string')
}

/** Lets go of a source that is not wanted any more, without waiting for it. */
function stop(source: BlobSource, chunks: Chunks): void {
  if (source instanceof Readable) source.destroy()
  void Promise.resolve(chunks.return?.()).catch(() => {})
}

/** What to sweep. */
export interface SweepOptions {
  /** Milliseconds since an upload was last heard of; an hour if left out. 0 clears also those that go on. */
  readonly olderThan?: number | undefined
}

/**
 * Clears what interrupted calls of `write` have left, and says how many they were.
 *
 * Time is told by the database's versions, so that clocks do not matter. A `write` that is swept while it goes on fails
 * with FOUND_BSTORE_SWEPT and can be tried again.
 */
export async function sweep(db: Database, store: BStore, options?: SweepOptions | undefined): Promise<number> {
  const database = openHandle(db)
  const handle = handleOf(store)
  const { olderThan = 3_600_000 } = checkedOptions(options, { olderThan: position })
  try {
    return await native.bstoreSweep(database, handle, olderThan)
  } catch (thrown) {
    throw storeError(failedOutside(databaseState(db), thrown), CODES, BStoreError)
  }
}
