/**
 * Edits that are prepared, to be committed in one transaction.
 */

import { computed, signal } from '@preact/signals'

import type { WireTuple } from '../../../../wire/items.js'
import { formatBytes, formatTuple } from '../../../../wire/text.js'
import { ask, type Body } from '../../api.js'

/** What a key is to be given; undefined clears it. */
export type NewValue = Body<'keys/commit'>['edits'][number]['set']

/** An edit. */
export interface Edit {
  readonly key: string
  readonly tuple: WireTuple | undefined
  /** The value it had when it was looked at; null if there was none. */
  readonly expected: string | null
  readonly set: NewValue
  /** The value that others have given it since, null if they have cleared it; undefined if they have not. */
  readonly theirs?: string | null
}

/** The edits by key. */
export const edits = signal<ReadonlyMap<string, Edit>>(new Map())
/** Whether one of them is in conflict. */
export const inConflict = computed(() => [...edits.value.values()].some(({ theirs }) => theirs !== undefined))

/** Prepares an edit. What was looked at before stays what it is checked against. */
export function stage(edit: Edit): void {
  const before = edits.value.get(edit.key)
  edits.value = new Map(edits.value).set(edit.key, before === undefined ? edit : { ...edit, expected: before.expected })
}

/** Drops an edit. */
export function drop(key: string): void {
  const rest = new Map(edits.value)
  rest.delete(key)
  edits.value = rest
}

/** Drops all. */
export function dropAll(): void {
  edits.value = new Map()
}

/** Keeps an edit although others have changed its key. */
export function insist({ theirs, ...edit }: Edit): void {
  if (theirs === undefined) return
  edits.value = new Map(edits.value).set(edit.key, { ...edit, expected: theirs })
}

/** Commits all of them, or tells which are in conflict; gives how many were committed. */
export async function commit(): Promise<number> {
  const list = [...edits.value.values()]
  const sent = list.map(({ key, expected, set }) => (set === undefined ? { key, expected } : { key, expected, set }))
  const { committed, conflicts } = await ask('keys/commit', { edits: sent })
  if (committed) {
    dropAll()
    return list.length
  }
  const theirs = new Map(conflicts.map(({ key, value }) => [key, value?.hex ?? null]))
  edits.value = new Map(
    list.map((edit) => [edit.key, theirs.has(edit.key) ? { ...edit, theirs: theirs.get(edit.key) ?? null } : edit]),
  )
  return 0
}

/** A key as text. */
export function keyText(key: string, tuple: WireTuple | undefined): string {
  return tuple === undefined ? formatBytes(key) : formatTuple(tuple)
}

/** A new value as text. */
export function newText(set: NewValue): string {
  if (set === undefined) return 'cleared'
  return 'tuple' in set ? formatTuple(set.tuple) : formatBytes(set.hex)
}
