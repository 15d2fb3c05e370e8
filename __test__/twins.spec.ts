// Operations of the stores that read before they write, twice at a time in one transaction: one result, and nothing of
// an attempt that was in conflict.

import test from 'ava'

import * as found from '../index.js'
import { bstore, eavstore, pstore, vnstore } from '../index.js'
import { memory, write } from './support.js'

/** Runs `body` in a transaction whose first attempt conflicts with what another one commits meanwhile. */
async function again<T>(db: found.Database, body: (tx: found.Transaction) => Promise<T>): Promise<T> {
  let attempts = 0
  const result = await found.transactional(db, async (tx) => {
    await found.get(tx, 'turn')
    const result = await body(tx)
    if (attempts++ === 0) await write(db, 'turn', 'of another')
    return result
  })
  if (attempts !== 2) throw new Error(`${attempts} attempts`)
  return result
}

const twice = <T>(call: (number: number) => Promise<T>): Promise<T[]> => Promise.all([call(1), call(2)])

/** How many keys a store has. */
async function count(db: found.Database, prefix: string): Promise<number> {
  return found.transactional(db, async (tx) => {
    const rows = await found.all(found.query(tx, '', Buffer.of(0xff)))
    return rows.filter(([key]) => key.includes(prefix)).length
  })
}

test('twins that store the same blob have one', async (t) => {
  const db = await memory(t)
  const store = bstore.make('blobs', ['blobs'])
  const [one, two] = await again(db, (tx) => twice(() => bstore.getOrCreate(tx, store, 'the same')))
  t.true(one?.equals(two as found.Uuid))
  t.is(await count(db, 'blobs'), 2)
  t.is(String(await found.transactional(db, (tx) => bstore.get(tx, store, one as found.Uuid))), 'the same')
})

test('twins that index one document leave the words of the later one', async (t) => {
  const db = await memory(t)
  const store = pstore.make('search', ['search'], { ranking: 'bm25' })
  const words = (number: number): Record<string, number> => ({ both: number, [`only ${number}`]: 1 })
  await again(db, (tx) => twice((number) => pstore.index(tx, store, 'document', words(number))))
  const search = (...keywords: string[]): Promise<unknown> =>
    found.transactional(db, (tx) => pstore.search(tx, store, keywords, 10, { ranking: 'count' }))
  t.deepEqual(await search('both'), [['document', 2]])
  t.deepEqual(await search('only 1'), [])
  t.deepEqual(await search('only 2'), [['document', 1]])
  t.true(await found.transactional(db, (tx) => pstore.remove(tx, store, 'document')))
  t.is(await count(db, 'search'), 0, 'words, postings and statistics are gone')
})

test('twins that change one record leave an exact index, and one uid is given once', async (t) => {
  const db = await memory(t)
  const store = eavstore.make('records', ['records'])
  await again(db, (tx) => twice((number) => eavstore.update(tx, store, 'uid', { [`a${number}`]: 1, b: number })))
  t.deepEqual(await found.transactional(db, (tx) => eavstore.get(tx, store, 'uid')), { a2: 1, b: 2 })
  const outcomes = await again(db, (tx) =>
    Promise.allSettled([1, 2].map((number) => eavstore.create(tx, store, { b: number }, 'other'))),
  )
  t.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'rejected'])
  t.like(await eavstore.verify(db, store), { attributes: 3, entries: 3, stale: 0, missing: 0 })
})

test('twins that apply one change apply it once', async (t) => {
  const db = await memory(t)
  const store = vnstore.make('facts', ['facts'], ['name', 'value'])
  const change = await found.transactional(db, async (tx) => {
    const change = await vnstore.changeCreate(tx, store)
    await twice((number) => vnstore.add(tx, store, ['number', number]))
    return change
  })
  const outcomes = await again(db, (tx) =>
    Promise.allSettled([1, 2].map(() => vnstore.changeApply(tx, store, change))),
  )
  t.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'rejected'])
  await found.transactional(db, async (tx) => {
    const rows = await found.all(vnstore.select(tx, store, ['number', vnstore.var('n')]))
    t.deepEqual(rows.map(({ n }) => n), [1, 2])
    t.is((await vnstore.history(tx, store, ['number', 1])).length, 1)
  })
})
