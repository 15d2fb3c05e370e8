/**
 * The tuple store: a set of tuples of a fixed number of columns, found by any pattern of known and unknown columns.
 * See docs/nstore.md.
 */

import { abortSignal, boolean, bytesOrText, checkedOptions, text, wholeNumber, type Bytes } from '../arguments.js'
import { failed, FoundError } from '../errors.js'
import { native, taken, type NStoreHandle } from '../native.js'
import type { Pending } from '../pending.js'
import { activeState, type Transaction, type TransactionState } from '../transaction.js'
import { packPrefix, unpack, type Tuple, type TupleItem } from '../tuple.js'
import { storeFailed } from './errors.js'
import { joined, lookedUp, type Begin } from './joins.js'
import { checkedPatterns, packPatterns, Var, withPacked } from './patterns.js'
import type { Bindings, NamesOf, Pattern } from './patterns.js'
import { Solutions, type Solution, type Valued } from './solutions.js'

export { Solutions, Var }
export type { Bindings, NamesOf, Pattern, Solution, Valued }
export type { Term } from './patterns.js'

/**
 * The codes of a tuple store's own failures.
 *
 * | code                       | what it means                                                                    |
 * | -------------------------- | -------------------------------------------------------------------------------- |
 * | `FOUND_NSTORE_LIMIT`       | a key or a value would be larger than FoundationDB takes; nothing was written    |
 * | `FOUND_NSTORE_FOREIGN_KEY` | a key under the store's prefix is none of its tuples: something else writes there |
 */
export type NStoreErrorCode = 'FOUND_NSTORE_LIMIT' | 'FOUND_NSTORE_FOREIGN_KEY'

/** A failure of a tuple store. */
export class NStoreError extends FoundError {
  declare readonly code: NStoreErrorCode

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'NStoreError', configurable: true, writable: true })
  }
}

const failedHere = (state: TransactionState) => (thrown: unknown) =>
  storeFailed(state, thrown, 'FOUND_NSTORE_', NStoreError)

/** The most columns a store can have. */
export const COLUMNS_MAX = 12

let handleOf: (store: NStore) => NStoreHandle

/** A tuple store, from `make`. */
export class NStore {
  readonly #handle: NStoreHandle
  /** Its name, for messages. */
  readonly name: string
  /** How many items its tuples have. */
  readonly columns: number

  /** @internal */
  constructor(name: string, columns: number, handle: NStoreHandle) {
    this.name = name
    this.columns = columns
    this.#handle = handle
  }

  static {
    handleOf = (store) => {
      if (typeof store !== 'object' || store === null || !(#handle in store)) {
        throw new TypeError('store: expected a tuple store, which nstore.make gives')
      }
      return store.#handle
    }
  }
}

/**
 * Describes a tuple store. It touches no database and may be used with any.
 *
 * @param name for messages
 * @param prefix a tuple that the keys of no other store begin with
 * @param columns how many items its tuples have: 1 to 12. Each tuple is a row in 1, 2, 3, 6, 10, 20, 35, 70, 126, 252,
 *   462 or 924 indices, so few columns are best
 */
export function make(name: string, prefix: Tuple, columns: number): NStore {
  text(name, 'name')
  wholeNumber(columns, 'columns', 1, COLUMNS_MAX)
  try {
    return new NStore(name, columns, native.nstoreMake(name, packPrefix(prefix), columns))
  } catch (thrown) {
    throw failed(thrown)
  }
}

export { variable as var } from './patterns.js'

/** How to add. */
export interface AddOptions {
  /** What the tuple is to carry; nothing if left out. */
  readonly value?: Bytes | undefined
}

const addChecks = { value: bytesOrText }

/**
 * Adds a tuple. One that is there already gets the new value. An incomplete versionstamp among the items becomes that
 * of the commit.
 *
 * @throws NStoreError FOUND_NSTORE_LIMIT that names what is too large
 */
export function add(tx: Transaction, store: NStore, items: Tuple, options?: AddOptions | undefined): void {
  const state = activeState(tx)
  const handle = handleOf(store)
  const value = options === undefined ? undefined : checkedOptions(options, addChecks).value
  try {
    withPacked(items, 'items', (packed) => native.nstoreAdd(state.handle, handle, packed, value ?? ''))
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** Removes a tuple, if it is there. */
export function remove(tx: Transaction, store: NStore, items: Tuple): void {
  const state = activeState(tx)
  const handle = handleOf(store)
  try {
    withPacked(items, 'items', (packed) => native.nstoreRemove(state.handle, handle, packed))
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** The value of a tuple; undefined if it is not in the store. */
export async function get(tx: Transaction, store: NStore, items: Tuple): Promise<Buffer | undefined> {
  const state = activeState(tx)
  const handle = handleOf(store)
  try {
    const value = withPacked(items, 'items', (packed) => native.nstoreGet(state.handle, handle, packed))
    return typeof value === 'number' ? taken(value) : await value
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** How to look for one pattern. */
export interface SelectOptions {
  /** Also gives the values of the tuples: `{bindings, values}` instead of the bindings alone. */
  readonly values?: boolean | undefined
  /** Snapshot reads: they add no read conflicts. */
  readonly snapshot?: boolean | undefined
  /** Ends the reading when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** How to look for several patterns. */
export interface QueryOptions extends SelectOptions {
  /**
   * Looks for the patterns in the order that is cheapest by estimates, instead of the one they are written in. The
   * solutions are the same, in another order.
   */
  readonly reorder?: boolean | undefined
}

const selectChecks = { values: boolean, snapshot: boolean, signal: abortSignal }
const queryChecks = { ...selectChecks, reorder: boolean }

/**
 * The tuples that match a pattern, as what its variables stand for, in the order of the index that answers it.
 *
 * A variable that is there twice stands for one value both times. (The reference binds it to the last.)
 */
export function select<const P extends Pattern, const O extends SelectOptions = {}>(
  tx: Transaction,
  store: NStore,
  pattern: P,
  options?: O | undefined,
): Solutions<Solution<NamesOf<P>, O>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions<SelectOptions>(options, selectChecks)
  const terms = checkedPatterns([pattern], store.columns, ['pattern'])
  const source = joined<Solution<NamesOf<P>, O>>(
    state,
    failedHere(state),
    terms,
    ['pattern'],
    checked.values,
    beginIn(handle, checked),
  )
  return new Solutions(source, checked.signal)
}

/**
 * The combinations of tuples that match all patterns, as what their variables stand for: the first pattern's in the
 * order of its index, for each of them the second one's, and so on.
 *
 * Many reads are in flight at a time, and memory is bounded: the native side holds at most 256 reads with the
 * beginning of what they give, and a page and a block for each pattern.
 */
export function query<const P extends readonly Pattern[], const O extends QueryOptions = {}>(
  tx: Transaction,
  store: NStore,
  patterns: P,
  options?: O | undefined,
): Solutions<Solution<NamesOf<P[number]>, O>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions<QueryOptions>(options, queryChecks)
  const terms = checkedPatterns(patterns, store.columns, [])
  const plan = checked.reorder === true ? cheapest(state, handle) : undefined
  const source = joined<Solution<NamesOf<P[number]>, O>>(
    state,
    failedHere(state),
    terms,
    [],
    checked.values,
    beginIn(handle, checked),
    plan,
  )
  return new Solutions(source, checked.signal)
}

function beginIn(store: NStoreHandle, { values = false, snapshot = false }: SelectOptions): Begin {
  return (tx, join) =>
    native.nstoreQuery(tx, store, join.patterns, join.names, join.rows, join.seed, values, snapshot)
}

function cheapest(state: TransactionState, store: NStoreHandle) {
  return async (packed: Buffer, pending: Pending): Promise<number[]> => {
    const order = native.nstoreOrder(state.handle, store, packed)
    return unpack(typeof order === 'number' ? taken(order) : await pending.for(order)) as number[]
  }
}

/**
 * Looks for a pattern once for each of the bindings, and gives them with what the pattern binds: the second half of a
 * query, for bindings from elsewhere.
 *
 * @param bindings objects of variables' names and what they stand for, such as `select` gives
 */
export function where<B extends Bindings | Readonly<Record<string, TupleItem>>, const P extends Pattern>(
  tx: Transaction,
  store: NStore,
  bindings: AsyncIterable<B> | Iterable<B>,
  pattern: P,
  options?: Omit<SelectOptions, 'values'> | undefined,
): Solutions<Bindings<(keyof B & string) | NamesOf<P>>> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const checked = checkedOptions(options, whereChecks)
  const { snapshot = false } = checked
  const terms = checkedPatterns([pattern], store.columns, ['pattern'])
  const begin: Begin = (tx, join) =>
    native.nstoreQuery(tx, handle, join.patterns, join.names, join.rows, join.seed, false, snapshot)
  return new Solutions(lookedUp(state, failedHere(state), bindings, terms, begin), checked.signal)
}

const whereChecks = { snapshot: boolean, signal: abortSignal }

/** How to count. */
export interface CountOptions {
  /** Snapshot reads: they add no read conflicts. */
  readonly snapshot?: boolean | undefined
}

const countChecks = { snapshot: boolean }

/** How many solutions `query` gives. */
export async function count(
  tx: Transaction,
  store: NStore,
  patterns: readonly Pattern[],
  options?: CountOptions | undefined,
): Promise<number> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const { snapshot = false } = checkedOptions(options, countChecks)
  const packed = packPatterns(checkedPatterns(patterns, store.columns, []), [])
  try {
    return await native.nstoreCount(state.handle, handle, packed, snapshot)
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}

/** How to explain. */
export interface ExplainOptions {
  /** As for `query`. */
  readonly reorder?: boolean | undefined
  /** Also runs the query, to say how many rows and reads each step has taken. */
  readonly run?: boolean | undefined
}

/** How one pattern is answered. */
export interface ExplainedStep {
  /** Which of the patterns given, from 0. */
  readonly pattern: number
  /** The number of the index that is read. */
  readonly index: number
  /** The index's order of columns: the tuples come sorted by those that are not known. */
  readonly columns: number[]
  /** How many of its first columns are known when it is read. If it is all, it takes one key and no range. */
  readonly known: number
  /** About how many tuples match the pattern by itself; exact up to 1,000. */
  readonly estimated: number
  /** How many rows it gave, if the query was run. */
  readonly rows?: number
  /** How many reads it took, if the query was run. */
  readonly reads?: number
}

const explainChecks = { reorder: boolean, run: boolean }

/** How `query` answers patterns: its steps in the order they are taken. */
export async function explain(
  tx: Transaction,
  store: NStore,
  patterns: readonly Pattern[],
  options?: ExplainOptions | undefined,
): Promise<ExplainedStep[]> {
  const state = activeState(tx)
  const handle = handleOf(store)
  const { reorder = false, run = false } = checkedOptions(options, explainChecks)
  const packed = packPatterns(checkedPatterns(patterns, store.columns, []), [])
  try {
    const answer = native.nstoreExplain(state.handle, handle, packed, reorder, run)
    const steps = unpack(typeof answer === 'number' ? taken(answer) : await answer)
    return (steps as [number, number, number[], number, number, number?, number?][]).map((step) => {
      const [pattern, index, columns, known, estimated, rows, reads] = step
      const planned = { pattern, index, columns, known, estimated }
      return rows === undefined || reads === undefined ? planned : { ...planned, rows, reads }
    })
  } catch (thrown) {
    throw failedHere(state)(thrown)
  }
}
