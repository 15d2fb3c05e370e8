/** The names of what a query gives are those of the variables in its patterns, also for states of the past. */

import { vnstore, type Transaction, type UnpackedItem, type Uuid } from '../../index.js'
import { holds, type Exactly, type Given } from './exactly.js'

declare const tx: Transaction
declare const store: vnstore.VNStore
declare const change: Uuid
const v = vnstore.var

export const past = vnstore.select(tx, store, ['P4X', v('key'), v('value')], { asOf: change })
holds<Exactly<Given<typeof past>, { readonly key: UnpackedItem; readonly value: UnpackedItem }>>(true)

export const joined = vnstore.query(
  tx,
  store,
  [
    [v('a'), 'knows', v('b')],
    [v('b'), 'knows', v('c')],
  ],
  { asOf: new Date(), pending: change, values: true },
)
holds<Exactly<keyof Given<typeof joined>['bindings'], 'a' | 'b' | 'c'>>(true)

export const changes = vnstore.diff(tx, store, 'beginning', change)
holds<Exactly<Given<typeof changes>, vnstore.Touched>>(true)

// @ts-expect-error a state is a change, a significance or a Date
vnstore.select(tx, store, ['a', 'b', v('c')], { asOf: 1 })
// @ts-expect-error there is no such way
void vnstore.changeApply(tx, store, change, { onConflict: 'merge' })
