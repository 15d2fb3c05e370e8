/** The names of what a query gives are those of the variables in its patterns. */

import { nstore, type Transaction, type UnpackedItem } from '../../index.js'
import { holds, type Exactly, type Given } from './exactly.js'

declare const tx: Transaction
declare const store: nstore.NStore
const v = nstore.var

export const one = nstore.select(tx, store, [v('post'), 'title', v('title')])
holds<Exactly<Given<typeof one>, { readonly post: UnpackedItem; readonly title: UnpackedItem }>>(true)

export const joined = nstore.query(tx, store, [
  [v('a'), 'knows', v('b')],
  [v('b'), 'knows', v('c')],
])
holds<Exactly<keyof Given<typeof joined>, 'a' | 'b' | 'c'>>(true)

export const none = nstore.query(tx, store, [['a', 'knows', null]], { snapshot: true })
holds<Exactly<keyof Given<typeof none>, never>>(true)

export const valued = nstore.query(tx, store, [[v('a'), 'knows', v('b')]], { values: true })
holds<Exactly<Given<typeof valued>['bindings'], { readonly a: UnpackedItem; readonly b: UnpackedItem }>>(true)
holds<Exactly<Given<typeof valued>['values'], Buffer[]>>(true)

export const further = nstore.where(tx, store, one, [v('post'), 'tag', v('tag')])
holds<Exactly<keyof Given<typeof further>, 'post' | 'title' | 'tag'>>(true)

export const given = nstore.where(tx, store, [{ post: 'P4X' }], [v('post'), 'tag', v('tag')])
holds<Exactly<keyof Given<typeof given>, 'post' | 'tag'>>(true)

declare const patterns: nstore.Pattern[]
export const unknown = nstore.query(tx, store, patterns)
holds<Exactly<Given<typeof unknown>, { readonly [name: string]: UnpackedItem }>>(true)

// @ts-expect-error a function is no item
nstore.select(tx, store, [v('a'), 'knows', () => 1])
// @ts-expect-error there is no such option
nstore.query(tx, store, [['a', 'b', 'c']], { reordered: true })
// @ts-expect-error variables are of patterns, not of tuples
nstore.add(tx, store, [v('a'), 'b', 'c'])
