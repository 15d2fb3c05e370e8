/**
 * The stores that the page knows: those someone has named, which the browser keeps for each database, and those the
 * server has guessed.
 */

import { signal } from '@preact/signals'

import type { WireTuple } from '../../wire/items.js'
import { formatItem, formatTuple, parseTuple } from '../../wire/text.js'
import { address, route } from './route.js'

/** The kinds of stores. */
export const KINDS = ['nstore', 'vnstore', 'eavstore', 'pstore', 'bstore'] as const
/** A kind of store. */
export type Kind = (typeof KINDS)[number]

/** What each kind keeps. */
export const KEEPS: Readonly<Record<Kind, string>> = {
  nstore: 'tuples',
  vnstore: 'tuples with a history',
  eavstore: 'records',
  pstore: 'documents by their words',
  bstore: 'blobs',
}

/** A store. */
export interface Store {
  readonly kind: Kind
  readonly name: string
  readonly prefix: WireTuple
  /** The names of its columns, if it has such. */
  readonly columns: readonly string[]
  /** Whether someone has named it, or the server has guessed it. */
  readonly kept: boolean
}

/** The stores that are kept. */
export const kept = signal<readonly Store[]>([])
/** The stores that were guessed. */
export const guessed = signal<readonly Store[]>([])

let key = ''

/** Reads what the browser has kept for a database. */
export function load(label: string): void {
  key = `found-explorer:stores:${label}`
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? '[]') as Store[]
    kept.value = list.filter(({ kind }) => KINDS.includes(kind))
  } catch {
    kept.value = []
  }
}

function save(list: readonly Store[]): void {
  kept.value = list
  localStorage.setItem(key, JSON.stringify(list))
}

/** Keeps a store, instead of one of the same kind and prefix. */
export function keep(store: Store): void {
  save([...kept.value.filter((other) => !same(other, store)), { ...store, kept: true }])
}

/** Keeps a store no longer. */
export function forget(store: Store): void {
  save(kept.value.filter((other) => !same(other, store)))
}

const same = (one: Store, other: Store): boolean =>
  one.kind === other.kind && formatTuple(one.prefix) === formatTuple(other.prefix)

/** All stores: those that are kept, those guessed, and the one that the address names. */
export function all(): readonly Store[] {
  const stores = [...kept.value]
  const here = ofRoute()
  for (const store of [...guessed.value, ...(here ? [here] : [])]) {
    if (!stores.some((other) => same(other, store))) stores.push(store)
  }
  return stores
}

/** The columns of a store for which nobody has named them. */
export function columnNames(kind: Kind, count: number): string[] {
  // What the web server of asyncio-foundationdb calls its three.
  if (kind === 'vnstore' && count === 3) return ['uid', 'key', 'value']
  return Array.from({ length: count }, (_, at) => `column ${at + 1}`)
}

/** A name for a store that was guessed. */
export function nameOf(prefix: WireTuple): string {
  const last = prefix.at(-1)
  return last === undefined ? '()' : formatItem(last)
}

/** What tells a store in an address. */
export function parametersOf({ name, prefix, columns }: Store): Record<string, string> {
  const told = { name, prefix: formatTuple(prefix) }
  return columns.length === 0 ? told : { ...told, columns: columns.join(',') }
}

/** The address of a store. */
export function addressOf(store: Store): string {
  return address(store.kind, parametersOf(store))
}

/** The store that the address names. */
export function ofRoute(): Store | undefined {
  const { view, parameters } = route.value
  const kind = KINDS.find((kind) => kind === view)
  if (kind === undefined) return undefined
  try {
    const columns = (parameters.columns ?? '').split(',').filter((name) => name !== '')
    const prefix = parseTuple(parameters.prefix ?? '')
    return { kind, name: parameters.name ?? nameOf(prefix), prefix, columns, kept: false }
  } catch {
    return undefined
  }
}

/** Whether it is the store that the address names. */
export function isHere(store: Store): boolean {
  const here = ofRoute()
  return here !== undefined && same(here, store)
}
