/**
 * The records store: records of named values, found by their values. See docs/eavstore.md.
 */

import { abortSignal, boolean, checkedOptions, text } from '../arguments.js'
import { Blocks, type Source } from '../blocks.js'
import { databaseState, openHandle, type Database } from '../database.js'
import { failed, FoundError } from '../errors.js'
import { native, taken, type EavStoreHandle } from '../native.js'
import { Pending } from '../pending.js'
import { activeStateOf } from '../range.js'
import { activeState, type Transaction, type TransactionState } from '../transaction.js'
import { Double, Float, Uuid, Versionstamp } from '../tuple_items.js'
import { packPrefix, unpack, type Tuple, type TupleItem, type UnpackedItem } from '../tuple.js'
import { Reader } from '../tuple_reader.js'
import { Writer } from '../tuple_writer.js'
import { asking } from './ask.js'
import { storeError, storeFailed } from './errors.js'
import { failedOutside } from './own_transactions.js'

/**
 * The codes of a records store's own failures.
 *
 * | code                     | what it means                                                                       |
 * | ------------------------ | ----------------------------------------------------------------------------------- |
 * | `FOUND_EAVSTORE_LIMIT`   | a value is too large to be stored or indexed; the message names its attribute        |
 * | `FOUND_EAVSTORE_EXISTS`  | there is a record of that uid                                                       |
 * | `FOUND_EAVSTORE_DAMAGED` | keys of the store are not as they should be                                         |
 */
export type EavStoreErrorCode = 'FOUND_EAVSTORE_LIMIT' | 'FOUND_EAVSTORE_EXISTS' | 'FOUND_EAVSTORE_DAMAGED'

/** A failure of a records store. */
export class EavStoreError extends FoundError {
  declare readonly code: EavStoreErrorCode

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'EavStoreError', configurable: true, writable: true })
  }
}

const CODES = 'FOUND_EAVSTORE_'

let handleOf: (store: EavStore) => EavStoreHandle

/** A records store, from `make`. */
export class EavStore {
  readonly #handle: EavStoreHandle
  /** Its name, for messages. */
  readonly name: string

  /** @internal */
  constructor(name: string, handle: EavStoreHandle) {
    this.name = name
    this.#handle = handle
  }

  static {
    handleOf = (store) => {
      if (typeof store !== 'object' || store === null || !(#handle in store)) {
        throw new TypeError('store: expected a records store, which eavstore.make gives')
      }
      return store.#handle
    }
  }
}

/** A record to be stored. A value that is undefined is none; null is one. */
export type Attributes = Readonly<Record<string, TupleItem | undefined>>

/** A record as it is stored. */
export type Stored = Record<string, UnpackedItem>

/**
 * Describes a records store. It touches no database and may be used with any.
 *
 * @param name for messages
 * @param prefix a tuple that the keys of no other store begin with
 */
export function make(name: string, prefix: Tuple): EavStore {
  text(name, 'name')
  try {
    return new EavStore(name, native.eavstoreMake(name, packPrefix(prefix)))
  } catch (thrown) {
    throw failed(thrown)
  }
}

const ask = asking((store: EavStore) => handleOf(store), CODES, EavStoreError)

/**
 * Stores a new record and gives its uid: the one given, which may be any tuple item, or a new random `Uuid`. A record
 * without attributes has no rows, so it is not there afterwards.
 *
 * @throws EavStoreError FOUND_EAVSTORE_EXISTS if there is a record of that uid, FOUND_EAVSTORE_LIMIT for a value that
 *   is too large: packed, a value and its attribute, uid and prefix have 10,000 bytes. Nothing is written then
 */
export function create(tx: Transaction, store: EavStore, record: Attributes): Promise<Uuid>
export function create<U extends TupleItem>(
  tx: Transaction,
  store: EavStore,
  record: Attributes,
  uid: U,
): Promise<U>
export async function create(
  tx: Transaction,
  store: EavStore,
  record: Attributes,
  uid?: TupleItem | undefined,
): Promise<TupleItem> {
  const packed = packRecord(record, 'record').set
  const given = uid === undefined ? undefined : packUid(uid)
  const answer = await ask(tx, store, (transaction, handle) => {
    const bytes = native.eavstoreCreate(transaction, handle, packed, given)
    return typeof bytes === 'number' ? taken(bytes) : bytes
  })
  return uid ?? (unpack(answer)[0] as Uuid)
}

/** The record of that uid; undefined if there is none. */
export async function get(tx: Transaction, store: EavStore, uid: TupleItem): Promise<Stored | undefined> {
  const packed = packUid(uid)
  const bytes = await ask(tx, store, (transaction, handle) => {
    const answer = native.eavstoreGet(transaction, handle, packed)
    return typeof answer === 'number' ? taken(answer) : answer
  })
  if (bytes === undefined) return undefined
  const items = unpack(bytes)
  const record: Stored = {}
  for (let index = 0; index < items.length; index += 2) {
    const attribute = items[index]
    if (typeof attribute !== 'string') {
      throw new EavStoreError('FOUND_EAVSTORE_DAMAGED', `${store.name}: an attribute's name is not text`)
    }
    // Whatever its name: a plain assignment to __proto__ would make no property.
    Object.defineProperty(record, attribute, {
      value: items[index + 1],
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
  return record
}

/** How to update. */
export interface UpdateOptions {
  /** Leaves the attributes that are not given as they are, and removes those that are given as undefined. */
  readonly merge?: boolean | undefined
}

/**
 * Makes the record of that uid into `record`, or stores it if there is none; with `merge` only what is given changes.
 * What is written is only what differs, the index included.
 *
 * @throws EavStoreError FOUND_EAVSTORE_LIMIT, as `create` does
 */
export async function update(
  tx: Transaction,
  store: EavStore,
  uid: TupleItem,
  record: Attributes,
  options?: UpdateOptions | undefined,
): Promise<void> {
  const { merge = false } = checkedOptions(options, { merge: boolean })
  const packedUid = packUid(uid)
  const { set, removed } = packRecord(record, 'record')
  await ask(tx, store, (transaction, handle) =>
    merge
      ? native.eavstoreChange(transaction, handle, packedUid, set, removed)
      : native.eavstoreUpdate(transaction, handle, packedUid, set),
  )
}

/** Removes the record of that uid; says whether there was one. */
export async function remove(tx: Transaction, store: EavStore, uid: TupleItem): Promise<boolean> {
  const packed = packUid(uid)
  return ask(tx, store, (transaction, handle) => native.eavstoreRemove(transaction, handle, packed))
}

/** A range of values: of one type, numbers of all types counting as one. */
export interface Within {
  /** Greater than this. */
  readonly gt?: TupleItem | undefined
  /** This or greater. */
  readonly gte?: TupleItem | undefined
  /** Less than this. */
  readonly lt?: TupleItem | undefined
  /** This or less. */
  readonly lte?: TupleItem | undefined
}

/** What a value is asked to be: this very item, within a range, or anything at all. */
export type Condition = TupleItem | Within | { readonly exists: true }

/** Conditions by attribute; all must hold. */
export type Conditions = Readonly<Record<string, Condition>>

/** How to query. */
export interface QueryOptions {
  /** Snapshot reads: they add no read conflicts. */
  readonly snapshot?: boolean | undefined
  /** Ends the reading when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Uids, read as they are asked for. Nothing is read before the first `next`; leaving a `for await` early ends the
 * reading. `all` takes them block by block, which is faster than one by one.
 */
export class Uids<U> extends Blocks<U> {}

/**
 * The uids of the records that fulfil conditions: of one attribute, or of several together.
 *
 * ```js
 * query(tx, people, 'city', 'Paris')
 * query(tx, people, 'age', { gte: 18, lt: 65 })
 * query(tx, people, { city: 'Paris', age: { gte: 18 }, email: { exists: true } })
 * ```
 *
 * Equality is that of tuple items: 1 is not `new Double(1)`, a nested tuple is found as a whole. Ranges compare numbers
 * by what they are. Where there is a condition of equality the uids come in their order; of a range alone they come in
 * the order of its values, integers before floats.
 *
 * The uids are Uuids unless others were given to `create`: say which, as in `query<string>(...)`.
 */
export function query<U extends UnpackedItem = Uuid>(
  tx: Transaction,
  store: EavStore,
  conditions: Conditions,
  options?: QueryOptions | undefined,
): Uids<U>
export function query<U extends UnpackedItem = Uuid>(
  tx: Transaction,
  store: EavStore,
  attribute: string,
  condition: Condition,
  options?: QueryOptions | undefined,
): Uids<U>
export function query<U extends UnpackedItem = Uuid>(
  tx: Transaction,
  store: EavStore,
  about: string | Conditions,
  ...rest: readonly unknown[]
): Uids<U> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const single = typeof about === 'string'
  const packed = packConditions(single ? { [about]: rest[0] as Condition } : about)
  const options = (single ? rest[1] : rest[0]) as QueryOptions | undefined
  const { snapshot = false, signal } = checkedOptions(options, { snapshot: boolean, signal: abortSignal })
  return new Uids(new Found<U>(state, handle, packed, snapshot), signal)
}

/** A query of a transaction. */
class Found<U> implements Source<U> {
  readonly #state: TransactionState
  readonly #epoch: number
  readonly #store: EavStoreHandle
  readonly #conditions: Buffer
  readonly #snapshot: boolean
  /** The number of the next block; undefined before the first, 0 after the last. */
  #next: number | undefined
  readonly #block = new Pending()

  constructor(state: TransactionState, store: EavStoreHandle, conditions: Buffer, snapshot: boolean) {
    this.#state = state
    this.#epoch = state.epoch
    this.#store = store
    this.#conditions = conditions
    this.#snapshot = snapshot
  }

  async next(): Promise<U[] | undefined> {
    if (this.#next === 0) return undefined
    const { handle } = activeStateOf(this.#state, this.#epoch)
    try {
      const answer =
        this.#next === undefined
          ? native.eavstoreQuery(handle, this.#store, this.#conditions, this.#snapshot)
          : native.eavstoreNext(handle, this.#next)
      // While it is under way it has no number.
      this.#next = undefined
      // What is in the scratch memory is read before anything else can be written there: nothing is awaited between.
      const isThere = typeof answer === 'number'
      const block = isThere ? native.scratch : await this.#block.for(answer)
      const ended = this.#isEnded()
      this.#next = block.readUInt32LE(0)
      // What the reader gives is copied out of the bytes.
      const uids = new Reader(block, 4, isThere ? answer : block.length).items(0) as U[]
      if (ended) this.end()
      return uids
    } catch (thrown) {
      throw storeFailed(this.#state, thrown, CODES, EavStoreError)
    }
  }

  get isSpent(): boolean {
    return this.#next === 0
  }

  /** Whether it was ended, by now. */
  #isEnded(): boolean {
    return this.#next === 0
  }

  end(): void {
    this.#block.giveUp()
    if (this.#next && !this.#state.over && this.#state.epoch === this.#epoch) {
      native.eavstoreEnd(this.#state.handle, this.#next)
    }
    this.#next = 0
  }
}

/** How to verify. */
export interface VerifyOptions {
  /** Also mends the index. */
  readonly repair?: boolean | undefined
}

/** What was found. */
export interface Verified {
  /** Attributes of records. */
  readonly attributes: number
  /** Entries of the index. */
  readonly entries: number
  /** Entries that no record has: a query would find what is gone. */
  readonly stale: number
  /** Attributes that the index does not have: a query would not find them. */
  readonly missing: number
}

/**
 * Compares the index with the records and, with `repair`, removes what is stale and adds what is missing.
 *
 * asyncio-foundationdb leaves stale entries behind when it updates or removes. It takes as many transactions as it
 * needs and may run while others write; no hooks run for them.
 */
export async function verify(
  db: Database,
  store: EavStore,
  options?: VerifyOptions | undefined,
): Promise<Verified> {
  const database = openHandle(db)
  const handle = handleOf(store)
  const { repair = false } = checkedOptions(options, { repair: boolean })
  try {
    const [attributes, entries, stale, missing] = await native.eavstoreVerify(database, handle, repair)
    return { attributes, entries, stale, missing }
  } catch (thrown) {
    throw storeError(failedOutside(databaseState(db), thrown), CODES, EavStoreError)
  }
}

/** Packs with a writer of one's own. */
function packed(write: (writer: Writer) => void): Buffer {
  const writer = Writer.take()
  try {
    write(writer)
    return writer.taken()
  } finally {
    writer.give()
  }
}

const packUid = (uid: TupleItem): Buffer => packed((writer) => writer.items([uid], 0, () => 'uid'))

function objectOf<T extends object>(value: T, name: string): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError(`${name}: expected an object by attribute`)
  }
  return value
}

/** Attribute and value by turns of those that have one, and the attributes of the others. */
function packRecord(record: Attributes, name: string): { set: Buffer; removed: Buffer } {
  const entries = Object.entries(objectOf(record, name))
  const outer = (): string => name
  const set = packed((writer) => {
    for (const [attribute, value] of entries) {
      if (value === undefined) continue
      writer.item(attribute, 'attribute', 0, outer)
      writer.item(value, JSON.stringify(attribute), 0, outer)
    }
  })
  const removed = entries.flatMap(([attribute, value]) => (value === undefined ? [attribute] : []))
  return { set, removed: packed((writer) => writer.items(removed, 0, outer)) }
}

const OPERATORS = ['gt', 'gte', 'lt', 'lte'] as const

/** For each condition the attribute, a number of terms, and that many operators and values. */
function packConditions(conditions: Conditions): Buffer {
  const entries = Object.entries(objectOf(conditions, 'conditions'))
  if (entries.length === 0) throw new TypeError('conditions: expected one at least')
  const outer = (): string => 'conditions'
  return packed((writer) => {
    for (const [attribute, condition] of entries) {
      const name = JSON.stringify(attribute)
      const of = `conditions[${name}]`
      writer.item(attribute, name, 0, outer)
      if (!isObject(condition)) {
        writer.items([1, 'eq'], 0, outer)
        writer.item(condition, name, 0, outer)
        continue
      }
      const within = checkedOptions(condition as Within & { exists?: true }, withinChecks, of)
      const given = OPERATORS.filter((operator) => within[operator] !== undefined)
      if (within.exists === undefined ? given.length === 0 : given.length > 0) {
        throw new TypeError(`${of}: expected {exists: true}, or a range of ${OPERATORS.join(', ')}`)
      }
      if (['g', 'l'].some((side) => given.filter((operator) => operator.startsWith(side)).length > 1)) {
        throw new TypeError(`${of}: expected one bound on each side`)
      }
      writer.item(given.length, name, 0, outer)
      for (const operator of given) {
        writer.item(operator, name, 0, outer)
        writer.item(within[operator], operator, 0, () => of)
      }
    }
  })
}

const anything = (): void => undefined
const withinChecks = {
  gt: anything,
  gte: anything,
  lt: anything,
  lte: anything,
  exists: (value: unknown, name: string) => {
    if (value !== true) throw new TypeError(`${name}: expected true`)
  },
}

/** Whether it is an object that stands for no item of a tuple. */
function isObject(condition: Condition): boolean {
  return (
    typeof condition === 'object' &&
    condition !== null &&
    !Array.isArray(condition) &&
    !(condition instanceof Uint8Array) &&
    !(condition instanceof Uuid) &&
    !(condition instanceof Versionstamp) &&
    !(condition instanceof Double) &&
    !(condition instanceof Float)
  )
}
