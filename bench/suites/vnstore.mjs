/**
 * Tuples with a history: asking for one, and finding ten, that 1, 10 and 100 changes have touched; and whether what has
 * nothing to do with them matters.
 */

import { existsSync } from 'node:fs'
import * as found from '../../index.js'
import { expect, measure } from '../lib/measure.mjs'

const { vnstore } = found
const TOUCHED = [1, 10, 100]
const RESULTS = 10

const make = () => vnstore.make('facts', ['facts'], ['uid', 'key', 'value'])
const tuple = (touched, n) => [`thing${n}`, `touched ${touched}`, 'so often']

async function change(db, store, body) {
  await found.transactional(db, async (tx) => {
    const uid = await vnstore.changeCreate(tx, store)
    await body(tx)
    await vnstore.changeApply(tx, store, uid)
  })
}

async function fill(db, store) {
  for (const touched of TOUCHED) {
    for (let round = 0; round < touched; round++) {
      await change(db, store, async (tx) => {
        for (let n = 0; n < RESULTS; n++) await vnstore.add(tx, store, tuple(touched, n))
      })
    }
  }
}

/** Changes that touch other tuples. */
async function others(db, store, from, to) {
  for (let n = from; n < to; n++) {
    await change(db, store, async (tx) => {
      for (let m = 0; m < 10; m++) await vnstore.add(tx, store, [`other${n}`, `key${m}`, 'value'])
    })
  }
}

async function ask(db, store, touched) {
  return measure(async (n) => {
    for (let i = 0; i < n; i++) {
      const alive = await found.transactional(db, (tx) => vnstore.ask(tx, store, tuple(touched, i % RESULTS)))
      expect(alive, 'the tuple is alive')
    }
  })
}

async function query(db, store, touched) {
  return measure(async (n) => {
    for (let i = 0; i < n; i++) {
      const pattern = [vnstore.var('uid'), `touched ${touched}`, 'so often']
      const solutions = await found.transactional(db, (tx) => found.all(vnstore.select(tx, store, pattern)))
      expect(solutions.length === RESULTS, `${solutions.length} results of ${RESULTS}`)
    }
  })
}

export const peers = {
  /** On a file, which the reference reads afterwards. */
  found: async ({ sizes, scratch }) => {
    const path = `${scratch}/vnstore`
    const empty = !existsSync(path)
    const db = await found.open(`file:${path}`)
    const store = make()
    if (empty) await fill(db, store)
    const values = {}
    for (const touched of TOUCHED) {
      values[`ask${touched}`] = await ask(db, store, touched)
      values[`query${touched}`] = await query(db, store, touched)
    }
    await found.close(db)

    const memory = await found.open('memory:')
    await fill(memory, store)
    await others(memory, store, 0, sizes.changes)
    values.fewer = await query(memory, store, 10)
    await others(memory, store, sizes.changes, 10 * sizes.changes)
    values.more = await query(memory, store, 10)
    await found.close(memory)
    return { values }
  },
}
