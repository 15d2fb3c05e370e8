/**
 * Edits of keys: several at once, in one transaction, and only if nobody else has changed them since they were looked at.
 */

import { Type } from 'typebox'

import { clear, get, pack, set, transactional } from '../../index.js'
import { call } from './call.js'
import { Form, Key, Tuple } from './forms.js'
import { fromWireTuple, hex } from './items.js'
import { describe } from './keys.js'

const HEX_MAX = 200_000
const Value = Type.String({ pattern: '^([0-9a-f]{2})*$', maxLength: HEX_MAX })

/** A value as it was when it was looked at; null for a key that was not there. */
const Expected = Type.Union([Value, Type.Null()])

/** What to do with a key: give it a value, in hex or as a tuple, or clear it. */
const Edit = Form({
  key: Key,
  expected: Expected,
  set: Type.Optional(Type.Union([Form({ hex: Value }), Form({ tuple: Tuple })])),
})

/**
 * Commits edits. If a key has another value than the one expected nothing is written, and the answer tells the keys as
 * they are.
 */
export const commit = call(Form({ edits: Type.Array(Edit, { minItems: 1, maxItems: 500 }) }), (db, { edits }, signal) =>
  transactional(
    db,
    async (tx) => {
      const keys = edits.map(({ key }) => Buffer.from(key, 'hex'))
      const values = await Promise.all(keys.map((key) => get(tx, key)))
      const conflicts = edits.flatMap(({ expected }, at) => {
        const now = values[at]
        const same = now === undefined ? expected === null : expected === hex(now)
        return same ? [] : [describe(keys[at] as Buffer, now)]
      })
      if (conflicts.length > 0) return { committed: false, conflicts }
      edits.forEach((edit, at) => {
        const key = keys[at] as Buffer
        if (edit.set === undefined) clear(tx, key)
        else set(tx, key, 'tuple' in edit.set ? pack(fromWireTuple(edit.set.tuple)) : Buffer.from(edit.set.hex, 'hex'))
      })
      return { committed: true, conflicts }
    },
    { timeout: 10_000, retryLimit: 20, signal },
  ),
)

/** The key or the value that a tuple is packed as: for the forms of the page. */
export const packed = call(Form({ tuple: Tuple }), async (_db, { tuple }) => ({ hex: hex(pack(fromWireTuple(tuple))) }))
