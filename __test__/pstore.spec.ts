// The inverted index: which documents are found, in which order, and that nothing is found that is gone.

import test from 'ava'

import * as found from '../index.js'
import { pstore, transactional } from '../index.js'
import { memory, turnsDuring } from './support.js'

const store = pstore.make('search', ['search'])
const ranked = pstore.make('ranked', ['search'], { ranking: 'bm25' })

function index(db: found.Database, of: pstore.PStore, docuid: found.TupleItem, counter: pstore.Counter): Promise<void> {
  return transactional(db, (tx) => pstore.index(tx, of, docuid, counter))
}

function search(db: found.Database, of: pstore.PStore, ...keywords: string[]): Promise<pstore.Hit[]> {
  return transactional(db, (tx) => pstore.search(tx, of, keywords, 100))
}

async function count(db: found.Database): Promise<number> {
  return (await transactional(db, (tx) => found.all(found.query(tx, '', '\xff')))).length
}

test('documents are found by all words, the best first', async (t) => {
  const db = await memory(t)
  await index(db, store, 'doc1', { foundation: 2, database: 1 })
  await index(db, store, 2, new Map([['database', 3], ['node', 1], ['__proto__', 1]]))
  await index(db, store, ['a', 3], { database: 3 })
  t.deepEqual(await search(db, store, 'database'), [[['a', 3], 3], [2, 3], ['doc1', 1]])
  t.deepEqual(await search(db, store, 'node', 'database'), [[2, 4]])
  t.deepEqual(await search(db, store, '__proto__'), [[2, 1]])
  t.deepEqual(await search(db, store, 'data'), [])
  t.deepEqual(await search(db, store, 'database', 'nothing'), [])
  t.deepEqual(await search(db, store), [])
  await transactional(db, async (tx) => {
    t.deepEqual(await pstore.search(tx, store, ['database'], 1), [[['a', 3], 3]])
    t.deepEqual(await pstore.counter(tx, store, 'doc1'), new Map([['foundation', 2], ['database', 1]]))
    t.is(await pstore.counter(tx, store, 'doc2'), undefined)
  })
})

test('a document indexed again loses its old words, and one removed all', async (t) => {
  const db = await memory(t)
  await index(db, store, 1, { bees: 1 })
  await index(db, store, 1, { beex: 1 })
  t.deepEqual(await search(db, store, 'bees'), [])
  t.deepEqual(await search(db, store, 'beex'), [[1, 1]])
  await transactional(db, async (tx) => {
    await Promise.all([pstore.index(tx, store, 1, { a: 1 }), pstore.index(tx, store, 1, { b: 1 })])
    await Promise.all([pstore.index(tx, store, 2, { c: 1 }), pstore.index(tx, store, 3, { c: 1 })])
  })
  t.is((await search(db, store, 'a')).length + (await search(db, store, 'b')).length, 1)
  t.deepEqual(await search(db, store, 'c'), [[2, 1], [3, 1]])
  await transactional(db, async (tx) => {
    for (const docuid of [1, 2, 3]) t.true(await pstore.remove(tx, store, docuid))
    t.false(await pstore.remove(tx, store, 1))
  })
  t.is(await count(db), 0)
})

test('bm25 prefers rare words and short documents', async (t) => {
  const db = await memory(t)
  await index(db, store, 0, { uncounted: 1 })
  await t.throwsAsync(
    transactional(db, (tx) => pstore.search(tx, store, ['uncounted'], 1, { ranking: 'bm25' })),
    { instanceOf: pstore.PStoreError, code: 'FOUND_PSTORE_STATISTICS' },
  )
  await index(db, ranked, 'long', { tea: 2, filler: 500 })
  await index(db, ranked, 'short', { tea: 2, milk: 1 })
  for (let docuid = 0; docuid < 20; docuid++) await index(db, ranked, docuid, { milk: 1 })
  t.deepEqual((await search(db, ranked, 'tea')).map(([docuid]) => docuid), ['short', 'long'])
  const [[, tea], [, milk]] = [(await search(db, ranked, 'tea'))[0]!, (await search(db, ranked, 'milk'))[0]!]
  t.true(tea > milk)
  const before = await search(db, ranked, 'milk')
  await index(db, ranked, 7, { milk: 1 })
  t.deepEqual(await search(db, ranked, 'milk'), before)
  t.deepEqual((await search(db, store, 'tea')).map(([, score]) => score), [2, 2])
  await transactional(db, async (tx) => {
    for (const docuid of ['long', 'short', ...Array(20).keys()]) await pstore.remove(tx, ranked, docuid)
  })
  t.is(await count(db), 0)
})

test('many documents are searched without holding up the event loop', async (t) => {
  const db = await memory(t)
  for (let start = 0; start < 6000; start += 1000) {
    await transactional(db, async (tx) => {
      for (let docuid = start; docuid < start + 1000; docuid++) {
        await pstore.index(tx, store, docuid, { all: 1 + ((docuid * 7919) % 13), half: docuid % 2 === 0 ? 1 : 2 })
      }
    })
  }
  const { result: all, turns } = await turnsDuring(() =>
    transactional(db, (tx) => pstore.search<number>(tx, store, ['all', 'half'], 10_000)),
  )
  t.is(all.length, 6000)
  t.true(turns > 0, `the event loop came round ${turns} times`)
  for (let run = 0; run < 5; run++) {
    const best = await transactional(db, (tx) => pstore.search<number>(tx, store, ['half', 'all'], 10))
    t.deepEqual(best, all.slice(0, 10))
  }
})

test('a snapshot search adds no conflict, another one does', async (t) => {
  const db = await memory(t)
  await index(db, store, 1, { a: 1 })
  for (const snapshot of [true, false]) {
    await using tx = await found.transaction(db)
    await pstore.search(tx, store, ['a'], 1, { snapshot })
    found.set(tx, 'seen', '')
    await index(db, store, snapshot ? 2 : 3, { a: 1 })
    if (snapshot) await found.commit(tx)
    else await t.throwsAsync(found.commit(tx), { code: 'not_committed' })
  }
})

test('what is too large or makes no sense is refused by name', async (t) => {
  const db = await memory(t)
  const wrong = (value: unknown): never => value as never
  await t.throwsAsync(index(db, store, 1, { short: 1, ['x'.repeat(10_000)]: 1 }), {
    instanceOf: pstore.PStoreError,
    code: 'FOUND_PSTORE_LIMIT',
    message: /^search: .*word "xxx/,
  })
  await t.throwsAsync(index(db, store, 1, { a: 0 }), { instanceOf: RangeError, message: /^counter\["a"\]:/ })
  await t.throwsAsync(index(db, store, 1, { a: 1.5 }), { instanceOf: RangeError })
  await t.throwsAsync(index(db, store, 1, wrong(['a'])), { instanceOf: TypeError, message: /^counter:/ })
  await t.throwsAsync(index(db, store, 1, { '\ud83d': 1 }), { instanceOf: TypeError, message: /^counter:.*surrogate/ })
  await t.throwsAsync(index(db, store, wrong(undefined), { a: 1 }), { instanceOf: TypeError, message: /^docuid/ })
  t.is(await count(db), 0)
  t.throws(() => pstore.make('x', [], wrong({ ranking: 'best' })), { instanceOf: TypeError, message: /ranking/ })
  await transactional(db, async (tx) => {
    await t.throwsAsync(pstore.search(tx, store, wrong('a'), 1), { instanceOf: TypeError, message: /^keywords:/ })
    await t.throwsAsync(pstore.search(tx, store, [wrong(1)], 1), { instanceOf: TypeError, message: /^keywords\[0\]:/ })
    await t.throwsAsync(pstore.search(tx, store, ['a'], 0), { instanceOf: RangeError, message: /^limit:/ })
    await t.throwsAsync(pstore.search(tx, wrong({}), ['a'], 1), { instanceOf: TypeError, message: /^store:/ })
  })
})
