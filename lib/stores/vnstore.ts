/**
 * The tuple store with a history: tuples are changed in named changes, prepared apart and applied as a whole, and every
 * state of the past can be read. See docs/vnstore.md.
 */

import { types } from 'node:util'

import { abortSignal, arrayOf, boolean, bytesOrText, checkedOptions, text, wellFormed, type Bytes } from '../arguments.js'
import { failed } from '../errors.js'
import { native, taken, type VNStoreHandle } from '../native.js'
import { activeState, type Transaction, type TransactionState } from '../transaction.js'
import { pack, packNamed, packPrefix, unpack, type Tuple, type TupleItem, type UnpackedItem } from '../tuple.js'
import { Uuid } from '../tuple_items.js'
import { joined, lookedUp, type Begin } from './joins.js'
import { checkedPatterns, Var, withPacked } from './patterns.js'
import type { Bindings, NamesOf, Pattern } from './patterns.js'
import { QuerySource, Solutions, type Solution, type Valued } from './solutions.js'
import { failedHere, VNStoreError } from './vnstore_error.js'

export { Solutions, Var, VNStoreError }
export type { Conflict, VNStoreErrorCode } from './vnstore_error.js'
export { variable as var } from './patterns.js'
export type { Bindings, NamesOf, Pattern, Solution, Valued }
export type { Term } from './patterns.js'

let handleOf: (store: VNStore) => VNStoreHandle

/** A tuple store with a history, from `make`. */
export class VNStore {
  readonly #handle: VNStoreHandle
  /** Its name, for messages. */
  readonly name: string
  /** The names of the columns. */
  readonly items: readonly string[]

  /** @internal */
  constructor(name: string, items: readonly string[], handle: VNStoreHandle) {
    this.name = name
    this.items = items
    this.#handle = handle
  }

  static {
    handleOf = (store) => {
      if (typeof store !== 'object' || store === null || !(#handle in store)) {
        throw new TypeError('store: expected a tuple store with a history, which vnstore.make gives')
      }
      return store.#handle
    }
  }
}

/**
 * Describes a store. It touches no database and may be used with any.
 *
 * @param name for messages
 * @param prefix a tuple that the keys of no other store begin with
 * @param items the names of the columns, 1 to 10, all different
 */
export function make(name: string, prefix: Tuple, items: readonly string[]): VNStore {
  text(name, 'name')
  const names = arrayOf(items, 'items', text)
  try {
    return new VNStore(name, Object.freeze(names), native.vnstoreMake(name, packPrefix(prefix), packNamed(names, () => 'items')))
  } catch (thrown) {
    throw failed(thrown)
  }
}

/** Waits for what a call gives. */
async function answer<T>(tx: Transaction, call: (state: TransactionState) => T | Promise<T>): Promise<T> {
  const state = activeState(tx)
  try {
    return await call(state)
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** Waits for the bytes that a call gives. */
async function bytes(tx: Transaction, call: (state: TransactionState) => number | Buffer | Promise<Buffer>): Promise<Buffer> {
  const state = activeState(tx)
  try {
    const answer = call(state)
    return typeof answer === 'number' ? taken(answer) : await answer
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

function idOf(change: unknown, name = 'change'): Buffer {
  if (!(change instanceof Uuid)) throw new TypeError(`${name}: expected a Uuid`)
  return change.bytes
}

/** The active changes of the attempts that are under way: `tx.vars` is another object in each. */
const active = new WeakMap<object, Map<VNStore, Buffer>>()

function setActive(state: TransactionState, store: VNStore, change: Buffer): void {
  const changes = active.get(state.vars) ?? new Map<VNStore, Buffer>()
  active.set(state.vars, changes.set(store, change))
}

function activeChange(state: TransactionState, store: VNStore): Buffer {
  const change = active.get(state.vars)?.get(store)
  if (change === undefined) {
    throw new VNStoreError(
      'FOUND_VNSTORE_NO_ACTIVE',
      `vnstore ${store.name}: the transaction has no change of this store; use changeCreate or changeContinue first`,
    )
  }
  return change
}

/**
 * Creates a change and makes it the active one of the transaction: `add` and `remove` go to it. It is pending until
 * `changeApply`, which may be in another transaction.
 */
export async function changeCreate(tx: Transaction, store: VNStore): Promise<Uuid> {
  const handle = handleOf(store)
  const state = activeState(tx)
  const { epoch } = state
  const change = new Uuid(await bytes(tx, () => native.vnstoreCreate(state.handle, handle)))
  if (state.epoch === epoch) setActive(state, store, change.bytes)
  return change
}

/** Makes a change that was created before the active one of the transaction. */
export function changeContinue(tx: Transaction, store: VNStore, change: Uuid): void {
  handleOf(store)
  setActive(activeState(tx), store, idOf(change))
}

/** What is known of a change. */
export interface Change {
  /** Its id. */
  readonly uid: Uuid
  /** What kind it is; there is one. */
  readonly type: 'change'
  /** Its place in the order of applied changes: a UUID greater than those before; null while it is pending. */
  readonly significance: Uuid | null
  /** What was said of it. */
  readonly message: string | null
}

/** All changes: those that are pending, then the applied ones in their order. */
export function changeList(tx: Transaction, store: VNStore): Solutions<Change> {
  const state = activeState(tx)
  const handle = handleOf(store)
  return new Solutions(
    rows<Change>(
      state,
      (tx) => native.vnstoreList(tx, handle),
      ([uid, significance, message]) => ({ uid, type: 'change', significance, message }) as Change,
      3,
    ),
    undefined,
  )
}

/** What is known of a change; undefined if there is none of that id. */
export async function changeGet(tx: Transaction, store: VNStore, change: Uuid): Promise<Change | undefined> {
  const handle = handleOf(store)
  const id = idOf(change)
  return answer(tx, async (state) => {
    const got = native.vnstoreChange(state.handle, handle, id)
    const packed = typeof got === 'number' ? taken(got) : await got
    if (packed === undefined) return undefined
    const [significance, message] = unpack(packed) as [Uuid | null, string | null]
    return { uid: change, type: 'change', significance, message }
  })
}

/**
 * Replaces the message of a change; null takes it away.
 *
 * @throws VNStoreError FOUND_VNSTORE_NO_CHANGE
 */
export async function changeMessage(tx: Transaction, store: VNStore, change: Uuid, message: string | null): Promise<void> {
  const handle = handleOf(store)
  const id = idOf(change)
  const said = message === null ? undefined : wellFormed(text(message, 'message'), 'message')
  await answer(tx, (state) => native.vnstoreMessage(state.handle, handle, id, said))
}

/** A tuple, and whether it is alive. */
export interface Touched {
  /** The tuple. */
  readonly items: UnpackedItem[]
  /** Whether it is added, or removed. */
  readonly alive: boolean
}

/** What a change does, applied or not: each tuple that it adds or removes. */
export function changeChanges(tx: Transaction, store: VNStore, change: Uuid): Solutions<Touched> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const id = idOf(change)
  return new Solutions(
    rows(state, (tx) => native.vnstoreContent(tx, handle, id), touched, store.items.length + 1),
    undefined,
  )
}

const touched = (row: UnpackedItem[]): Touched => ({ alive: row.pop() as boolean, items: row })

/** Rows of so many items, each made into something. */
function rows<T>(
  state: TransactionState,
  begin: (tx: TransactionState['handle']) => number | Buffer | Promise<Buffer>,
  row: (items: UnpackedItem[]) => T,
  width: number,
): QuerySource<T> {
  let begun = false
  return new QuerySource<T>(state, failedHere(state), async () => {
    if (begun) return undefined
    begun = true
    return { shape: { width, row }, begin }
  })
}

/** How to apply. */
export interface ApplyOptions {
  /**
   * What to do about tuples that changes applied since this one was created have touched as well: `'overwrite'`, the
   * default, lets this one win; `'error'` refuses it and names them.
   */
  readonly onConflict?: 'overwrite' | 'error' | undefined
}

const applyChecks = {
  onConflict: (value: unknown, name: string): void => {
    if (value !== 'overwrite' && value !== 'error') throw new RangeError(`${name}: expected 'overwrite' or 'error'`)
  },
}

/**
 * Applies a change: from the commit on, all see what it adds and removes. Gives its significance, which is greater than
 * every earlier one: applies are ordered as they are committed, whatever the clocks of their processes say.
 *
 * @throws VNStoreError FOUND_VNSTORE_NO_CHANGE; FOUND_VNSTORE_APPLIED if it was applied before; FOUND_VNSTORE_CONFLICT
 *   and FOUND_VNSTORE_NO_BASE with `onConflict: 'error'`
 */
export async function changeApply(
  tx: Transaction,
  store: VNStore,
  change: Uuid,
  options?: ApplyOptions | undefined,
): Promise<Uuid> {
  const handle = handleOf(store)
  const id = idOf(change)
  const { onConflict } = checkedOptions(options, applyChecks)
  return new Uuid(await bytes(tx, (state) => native.vnstoreApply(state.handle, handle, id, onConflict === 'error')))
}

/** How to add. */
export interface AddOptions {
  /** What the tuple is to carry; nothing if left out. */
  readonly value?: Bytes | undefined
}

const addChecks = { value: bytesOrText }

/**
 * Has the active change add a tuple.
 *
 * @throws VNStoreError FOUND_VNSTORE_NO_ACTIVE, FOUND_VNSTORE_NO_CHANGE, FOUND_VNSTORE_APPLIED, FOUND_VNSTORE_LIMIT
 */
export async function add(tx: Transaction, store: VNStore, items: Tuple, options?: AddOptions | undefined): Promise<void> {
  const handle = handleOf(store)
  const { value = '' } = checkedOptions(options, addChecks)
  await answer(tx, (state) => {
    const change = activeChange(state, store)
    return withPacked(items, 'items', (packed) => native.vnstoreAdd(state.handle, handle, change, packed, value))
  })
}

/**
 * Has the active change remove a tuple: true if it was alive, as seen with the change applied. What only this change
 * has added is as if it had not been.
 *
 * @throws as `add`
 */
export async function remove(tx: Transaction, store: VNStore, items: Tuple): Promise<boolean> {
  const handle = handleOf(store)
  return answer(tx, (state) => {
    const change = activeChange(state, store)
    return withPacked(items, 'items', (packed) => native.vnstoreRemove(state.handle, handle, change, packed))
  })
}

/** What to read. */
export interface ReadOptions {
  /**
   * A state of the past: as it was when this change had been applied, or up to this significance, or this time, which
   * must not be yet to come. What it names is included. The newest state if left out.
   */
  readonly asOf?: Uuid | Date | undefined
  /** Reads as if this change had been applied on top. */
  readonly pending?: Uuid | undefined
  /** Snapshot reads: they add no read conflicts. */
  readonly snapshot?: boolean | undefined
}

/** What to look for. */
export interface SelectOptions extends ReadOptions {
  /** Also gives the values of the tuples: `{bindings, values}` instead of the bindings alone. */
  readonly values?: boolean | undefined
  /** Ends the reading when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined
}

const readChecks = { asOf: packedState, pending: idOf, snapshot: boolean }
const selectChecks = { ...readChecks, values: boolean, signal: abortSignal }
const whereChecks = { ...readChecks, signal: abortSignal }

/** A state as the native side takes it. */
function packedState(state: unknown, name: string): Buffer | undefined {
  if (state === undefined) return undefined
  if (state instanceof Uuid) return pack([state])
  if (!types.isDate(state)) throw new TypeError(`${name}: expected a Uuid or a Date`)
  const time = state.getTime()
  if (Number.isNaN(time)) throw new RangeError(`${name}: the date is invalid`)
  // Nothing was before 1970.
  return pack([Math.max(0, time)])
}

/** The last three arguments of the native side's reads. */
function reading({ asOf, pending, snapshot }: ReadOptions): [Buffer | undefined, Buffer | undefined, boolean] {
  return [packedState(asOf, 'options.asOf'), pending === undefined ? undefined : idOf(pending), snapshot ?? false]
}

/** Whether a tuple is alive. */
export async function ask(tx: Transaction, store: VNStore, items: Tuple, options?: ReadOptions | undefined): Promise<boolean> {
  const handle = handleOf(store)
  const how = reading(checkedOptions(options, readChecks))
  const state = activeState(tx)
  try {
    const value = asked(state, handle, items, how)
    // Where it is there at once it is left where it is.
    return (value instanceof Promise ? await value : value) !== undefined
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** The value of a tuple; undefined if it is not alive. */
export async function get(
  tx: Transaction,
  store: VNStore,
  items: Tuple,
  options?: ReadOptions | undefined,
): Promise<Buffer | undefined> {
  const handle = handleOf(store)
  const how = reading(checkedOptions(options, readChecks))
  const state = activeState(tx)
  try {
    const value = asked(state, handle, items, how)
    return typeof value === 'number' ? taken(value) : await value
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

function asked(
  state: TransactionState,
  store: VNStoreHandle,
  items: Tuple,
  [asOf, pending, snapshot]: ReturnType<typeof reading>,
): ReturnType<typeof native.vnstoreGet> {
  return withPacked(items, 'items', (packed) => native.vnstoreGet(state.handle, store, packed, asOf, pending, snapshot))
}

function beginIn(store: VNStoreHandle, options: SelectOptions): Begin {
  const how = reading(options)
  const { values = false } = options
  return (tx, join) =>
    native.vnstoreQuery(tx, store, join.patterns, join.names, join.rows, join.seed, values, ...how)
}

/** The living tuples that match a pattern, as what its variables stand for. Each comes once. */
export function select<const P extends Pattern, const O extends SelectOptions = {}>(
  tx: Transaction,
  store: VNStore,
  pattern: P,
  options?: O | undefined,
): Solutions<Solution<NamesOf<P>, O>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions<SelectOptions>(options, selectChecks)
  const terms = checkedPatterns([pattern], store.items.length, ['pattern'])
  const begin = beginIn(handle, checked)
  const source = joined<Solution<NamesOf<P>, O>>(state, failedHere(state), terms, ['pattern'], checked.values, begin)
  return new Solutions(source, checked.signal)
}

/** The combinations of living tuples that match all patterns, as what their variables stand for: see `nstore.query`. */
export function query<const P extends readonly Pattern[], const O extends SelectOptions = {}>(
  tx: Transaction,
  store: VNStore,
  patterns: P,
  options?: O | undefined,
): Solutions<Solution<NamesOf<P[number]>, O>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions<SelectOptions>(options, selectChecks)
  const terms = checkedPatterns(patterns, store.items.length, [])
  const begin = beginIn(handle, checked)
  const source = joined<Solution<NamesOf<P[number]>, O>>(state, failedHere(state), terms, [], checked.values, begin)
  return new Solutions(source, checked.signal)
}

/** Looks for a pattern once for each of the bindings: see `nstore.where`. */
export function where<B extends Bindings | Readonly<Record<string, TupleItem>>, const P extends Pattern>(
  tx: Transaction,
  store: VNStore,
  bindings: AsyncIterable<B> | Iterable<B>,
  pattern: P,
  options?: Omit<SelectOptions, 'values'> | undefined,
): Solutions<Bindings<(keyof B & string) | NamesOf<P>>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions<Omit<SelectOptions, 'values'>>(options, whereChecks)
  const terms = checkedPatterns([pattern], store.items.length, ['pattern'])
  const source = lookedUp<B, P>(state, failedHere(state), bindings, terms, beginIn(handle, checked))
  return new Solutions(source, checked.signal)
}

/** A change that has touched a tuple. */
export interface HistoryEvent {
  /** The change. */
  readonly change: Uuid
  /** Its significance; null for the pending change that was asked for. */
  readonly significance: Uuid | null
  /** Its message. */
  readonly message: string | null
  /** Whether it added the tuple, or removed it. */
  readonly alive: boolean
  /** The value that it gave the tuple. */
  readonly value: Buffer
}

/** The changes that have touched a tuple, in the order they were applied. */
export async function history(
  tx: Transaction,
  store: VNStore,
  items: Tuple,
  options?: ReadOptions | undefined,
): Promise<HistoryEvent[]> {
  const handle = handleOf(store)
  const how = reading(checkedOptions(options, readChecks))
  const packed = await bytes(tx, (state) =>
    withPacked(items, 'items', (packed) => native.vnstoreHistory(state.handle, handle, packed, ...how)),
  )
  const events = unpack(packed) as [Uuid, Uuid | null, string | null, boolean, Buffer][]
  return events.map(([change, significance, message, alive, value]) => ({ change, significance, message, alive, value }))
}

/** A state to compare: a change or a significance, a time, the newest (`'head'`), or before all (`'beginning'`). */
export type State = Uuid | Date | 'head' | 'beginning'

/**
 * What is different in `to`, seen from `from`: the tuples that are alive in one of them and not in the other, in the
 * order in which they were touched last. `alive` is true for those that are alive in `to`.
 */
export function diff(tx: Transaction, store: VNStore, from: State, to: State): Solutions<Touched> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const [earlier, later] = [packedPoint(from, 'from'), packedPoint(to, 'to')]
  return new Solutions(
    rows(state, (tx) => native.vnstoreDiff(tx, handle, earlier, later), touched, store.items.length + 1),
    undefined,
  )
}

function packedPoint(state: State, name: string): Buffer | undefined {
  if (state === 'head') return undefined
  if (state === 'beginning') return pack([state])
  if (!(state instanceof Uuid) && !types.isDate(state)) {
    throw new TypeError(`${name}: expected a Uuid, a Date, 'head' or 'beginning'`)
  }
  return packedState(state, name)
}
