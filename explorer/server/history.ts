/**
 * The tuple store with a history: its changes, its states, and making a change.
 */

import { Type, type Static } from 'typebox'

import { transaction, transactional, Uuid, vnstore } from '../../index.js'
import type { Database, Transaction } from '../../index.js'
import { call } from './call.js'
import { Form, Limit, Offset, Patterns, Tuple, UuidText, VNStore } from './forms.js'
import { fromWirePattern, fromWireTuple, toWireTuple } from './items.js'
import { pageOf, reading } from './reading.js'
import { rowOf, variablesOf } from './stores.js'

const storeOf = ({ prefix, items }: Static<typeof VNStore>): vnstore.VNStore =>
  vnstore.make('explorer', fromWireTuple(prefix), items)

/** A change as JSON. */
function changeOf({ uid, significance, message }: vnstore.Change) {
  return { uid: String(uid), significance: significance && String(significance), message, time: timeOf(significance) }
}

const HEX_OF_A_TIME = 12
/** The first 48 bits of the draft's form are this or more; see crates/found/src/stores/vnstore/significance.rs. */
const DRAFTS_FROM = 0x0600_0000_0000

/**
 * When a change was applied, by the clock of who did it: milliseconds since 1970. A UUID of version 7 begins with it; the
 * draft that the reference follows has seconds in 36 bits.
 */
function timeOf(significance: Uuid | null): number | null {
  if (significance === null) return null
  const hex = significance.bytes.toString('hex')
  const time = Number.parseInt(hex.slice(0, HEX_OF_A_TIME), 16)
  return time < DRAFTS_FROM ? time : Math.floor(time / 2 ** 12) * 1000
}

/** All changes: those that are pending, then the applied ones in their order. */
export const changes = call(Form({ store: VNStore, offset: Offset, limit: Limit }), (db, { store, offset, limit }, signal) =>
  reading(db, signal, (tx) => pageOf(vnstore.changeList(tx, storeOf(store)), offset, limit, changeOf)),
)

/** A change, and what it adds and removes. */
export const change = call(
  Form({ store: VNStore, change: UuidText, offset: Offset, limit: Limit }),
  (db, { store, change, offset, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const made = storeOf(store)
      const uid = new Uuid(change)
      const known = await vnstore.changeGet(tx, made, uid)
      if (known === undefined) return { change: undefined, rows: [], more: false }
      const page = await pageOf(vnstore.changeChanges(tx, made, uid), offset, limit, touched)
      return { change: changeOf(known), ...page }
    }),
)

const touched = ({ items, alive }: vnstore.Touched) => ({ items: toWireTuple(items), alive })

/** A state: as of a change, or of a time in milliseconds since 1970. */
const State = Type.Union([Form({ change: UuidText }), Form({ time: Type.Number({ minimum: 0, maximum: 8.64e15 }) })])
const Read = { asOf: Type.Optional(State), pending: Type.Optional(UuidText) }

const stateOf = (state: Static<typeof State>): Uuid | Date =>
  'change' in state ? new Uuid(state.change) : new Date(state.time)

function readOptions({ asOf, pending }: { asOf?: Static<typeof State>; pending?: string }): vnstore.ReadOptions {
  return { asOf: asOf && stateOf(asOf), pending: pending === undefined ? undefined : new Uuid(pending) }
}

/** The living tuples that match patterns, in a state. */
export const select = call(
  Form({ store: VNStore, patterns: Patterns, ...Read, offset: Offset, limit: Limit }),
  (db, { store, patterns, offset, limit, ...state }, signal) =>
    reading(db, signal, async (tx) => {
      const variables = variablesOf(patterns)
      const terms = patterns.map(fromWirePattern)
      const solutions = vnstore.query(tx, storeOf(store), terms, { ...readOptions(state), signal })
      return { variables, ...(await pageOf(solutions, offset, limit, (bindings) => rowOf(variables, bindings))) }
    }),
)

/** The changes that have touched a tuple. */
export const history = call(Form({ store: VNStore, items: Tuple, ...Read }), (db, { store, items, ...state }, signal) =>
  reading(db, signal, async (tx) => {
    const events = await vnstore.history(tx, storeOf(store), fromWireTuple(items), readOptions(state))
    return {
      events: events.map(({ change, significance, message, alive }) => ({
        change: String(change),
        significance: significance && String(significance),
        time: timeOf(significance),
        message,
        alive,
      })),
    }
  }),
)

const Point = Type.Union([State, Type.Literal('head'), Type.Literal('beginning')])
const pointOf = (point: Static<typeof Point>): vnstore.State => (typeof point === 'string' ? point : stateOf(point))

/** What is alive in one of two states only. */
export const diff = call(
  Form({ store: VNStore, from: Point, to: Point, offset: Offset, limit: Limit }),
  (db, { store, from, to, offset, limit }, signal) =>
    reading(db, signal, (tx) =>
      pageOf(vnstore.diff(tx, storeOf(store), pointOf(from), pointOf(to)), offset, limit, touched),
    ),
)

/**
 * What would be in conflict if a pending change were applied: it is, in a transaction that is not committed. `base` is
 * false where it is not known since when to look, `pending` where it has been applied already.
 */
export const conflicts = call(Form({ store: VNStore, change: UuidText }), async (db, { store, change }, signal) => {
  const tx = await transaction(db, { timeout: 4500, signal })
  try {
    await vnstore.changeApply(tx, storeOf(store), new Uuid(change), { onConflict: 'error' })
    return { pending: true, base: true, conflicts: [] }
  } catch (error) {
    if (!(error instanceof vnstore.VNStoreError)) throw error
    if (error.code === 'FOUND_VNSTORE_APPLIED') return { pending: false, base: true, conflicts: [] }
    if (error.code === 'FOUND_VNSTORE_NO_BASE') return { pending: true, base: false, conflicts: [] }
    if (error.code !== 'FOUND_VNSTORE_CONFLICT') throw error
    const found = error.conflicts.map(({ items, change }) => ({ items: toWireTuple(items), change: String(change) }))
    return { pending: true, base: true, conflicts: found }
  } finally {
    await tx[Symbol.asyncDispose]()
  }
})

/** Writes in one transaction, which retries. */
function writing<T>(db: Database, signal: AbortSignal, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return transactional(db, body, { timeout: 10_000, retryLimit: 20, signal })
}

const Message = Type.String({ minLength: 1, maxLength: 10_000 })

/** Makes a change. */
export const create = call(Form({ store: VNStore, message: Message }), (db, { store, message }, signal) =>
  writing(db, signal, async (tx) => {
    const made = storeOf(store)
    const uid = await vnstore.changeCreate(tx, made)
    await vnstore.changeMessage(tx, made, uid, message)
    return { change: String(uid) }
  }),
)

/** Says something else of a change. */
export const message = call(
  Form({ store: VNStore, change: UuidText, message: Message }),
  (db, { store, change, message }, signal) =>
    writing(db, signal, async (tx) => {
      await vnstore.changeMessage(tx, storeOf(store), new Uuid(change), message)
      return {}
    }),
)

const Touch = Form({ store: VNStore, change: UuidText, items: Tuple })

/** Has a change add a tuple. */
export const add = call(Touch, (db, { store, change, items }, signal) =>
  writing(db, signal, async (tx) => {
    const made = storeOf(store)
    vnstore.changeContinue(tx, made, new Uuid(change))
    await vnstore.add(tx, made, fromWireTuple(items))
    return {}
  }),
)

/** Has a change remove a tuple; says whether it was alive. */
export const remove = call(Touch, (db, { store, change, items }, signal) =>
  writing(db, signal, async (tx) => {
    const made = storeOf(store)
    vnstore.changeContinue(tx, made, new Uuid(change))
    return { alive: await vnstore.remove(tx, made, fromWireTuple(items)) }
  }),
)

/** Applies a change, unless it is in conflict or `overwrite` says to let it win. */
export const apply = call(
  Form({ store: VNStore, change: UuidText, overwrite: Type.Boolean() }),
  (db, { store, change, overwrite }, signal) =>
    writing(db, signal, async (tx) => {
      const onConflict = overwrite ? 'overwrite' : 'error'
      return { significance: String(await vnstore.changeApply(tx, storeOf(store), new Uuid(change), { onConflict })) }
    }),
)
