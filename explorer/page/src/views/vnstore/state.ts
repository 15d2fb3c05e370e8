/**
 * States of a store with a history, as an address tells them: `head`, `beginning`, a change, or a time.
 */

import type { Body } from '../../api.js'
import type { Store } from '../../stores.js'

/** A state to compare. */
export type Point = Body<'vnstore/diff'>['from']
/** A state to read. */
export type State = Body<'vnstore/select'>['asOf']

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A state to compare; `otherwise` where the address has none. */
export function pointOf(text: string | undefined, otherwise: 'head' | 'beginning'): Point {
  if (text === undefined || text === 'head' || text === 'beginning') return text ?? otherwise
  return stateOf(text) ?? otherwise
}

/** A state to read; undefined for the newest. */
export function stateOf(text: string | undefined): State {
  if (text === undefined) return undefined
  if (UUID.test(text)) return { change: text }
  const time = Number(text)
  return Number.isFinite(time) && time >= 0 ? { time } : undefined
}

/** A store as the server takes it. */
export function storeOf(store: Store): Body<'vnstore/changes'>['store'] {
  return { prefix: [...store.prefix], items: [...store.columns] }
}
