// The records store: what is stored, what is found by it, and that nothing is found that is gone.

import test from 'ava'

import * as found from '../index.js'
import { all, eavstore, transactional } from '../index.js'
import { memory, turnsDuring } from './support.js'

const people = eavstore.make('people', ['people'])

async function count(db: found.Database): Promise<number> {
  return (await transactional(db, (tx) => all(found.query(tx, '', '\xff')))).length
}

test('a record comes back as it was stored', async (t) => {
  const db = await memory(t)
  const record = {
    name: 'Grüße\0',
    age: 42,
    score: 1.5,
    large: 2n ** 80n,
    ok: true,
    none: null,
    raw: Buffer.from([0, 255]),
    tags: ['a', ['b', null]],
    '': 0,
    ['__proto__']: 'no prototype',
  }
  const uid = await transactional(db, (tx) => eavstore.create(tx, people, { ...record, left: undefined }))
  t.true(uid instanceof found.Uuid)
  await transactional(db, async (tx) => {
    t.deepEqual(await eavstore.get(tx, people, uid), record)
    t.is(await eavstore.get(tx, people, found.Uuid.random()), undefined)
  })
  const given: string = await transactional(db, (tx) => eavstore.create(tx, people, { name: 'Bob' }, 'bob'))
  t.is(given, 'bob')
  await transactional(db, async (tx) => {
    t.deepEqual(await eavstore.get(tx, people, 'bob'), { name: 'Bob' })
    await t.throwsAsync(eavstore.create(tx, people, {}, 'bob'), {
      instanceOf: eavstore.EavStoreError,
      code: 'FOUND_EAVSTORE_EXISTS',
    })
  })
})

test('what was updated or removed is not found any more', async (t) => {
  const db = await memory(t)
  const named = (name: string): Promise<string[]> =>
    transactional(db, (tx) => all(eavstore.query<string>(tx, people, 'name', name)))
  await transactional(db, async (tx) => {
    await eavstore.create(tx, people, { name: 'Alice', age: 42 }, 'a')
    await eavstore.create(tx, people, { name: 'Bob' }, 'b')
    await eavstore.update(tx, people, 'a', { name: 'Alicia' })
    t.true(await eavstore.remove(tx, people, 'b'))
    t.false(await eavstore.remove(tx, people, 'b'))
  })
  t.deepEqual(await named('Alice'), [])
  t.deepEqual(await named('Alicia'), ['a'])
  t.deepEqual(await named('Bob'), [])
  await transactional(db, async (tx) => {
    t.deepEqual(await eavstore.get(tx, people, 'a'), { name: 'Alicia' })
    await eavstore.update(tx, people, 'a', { city: 'Oslo', name: undefined }, { merge: true })
    t.deepEqual(await eavstore.get(tx, people, 'a'), { city: 'Oslo' })
    await Promise.all([
      eavstore.update(tx, people, 'a', { city: 'Bergen' }),
      eavstore.update(tx, people, 'a', { city: 'Tromsø' }),
    ])
  })
  t.is(await count(db), 2)
  t.deepEqual(await eavstore.verify(db, people), { attributes: 1, entries: 1, stale: 0, missing: 0 })
})

test('records are found by equality, by range and by several attributes', async (t) => {
  const db = await memory(t)
  await transactional(db, async (tx) => {
    for (const [uid, city, age] of [
      ['a', 'Paris', 17],
      ['b', 'Paris', 18],
      ['c', 'Paris', 18.5],
      ['d', 'Oslo', 40],
      ['e', 'Paris', new found.Double(65)],
      ['f', 'Paris', 'unknown'],
      ['g', 'Paris\0', 30],
    ] as const) {
      await eavstore.create(tx, people, { city, age }, uid)
    }
  })
  const find = (...about: [string, eavstore.Condition] | [eavstore.Conditions]): Promise<string> =>
    transactional(db, async (tx) => {
      const uids =
        about.length === 2
          ? eavstore.query<string>(tx, people, about[0], about[1])
          : eavstore.query<string>(tx, people, about[0])
      return (await all(uids)).join('')
    })
  t.is(await find('city', 'Paris'), 'abcef')
  t.is(await find('age', 65), '')
  t.is(await find('age', new found.Double(65)), 'e')
  t.is(await find('age', { gte: 18 }), 'bgdce', 'integers before floats')
  t.is(await find('age', { gt: 18, lte: 65 }), 'gdce')
  t.is(await find('age', { lt: 18.25 }), 'ab')
  t.is(await find('age', { gte: 'a' }), 'f')
  t.is(await find('age', { gt: 5, lt: 4 }), '')
  t.is(await find({ city: 'Paris', age: { gte: 18 } }), 'bce')
  t.is(await find({ city: { exists: true }, age: { lt: 18 } }), 'a')
  t.is(await find({ city: 'Paris', age: 18 }), 'b')
  t.is(await find({ city: 'Paris', age: 18, shoes: 1 }), '')
})

test('a list is found as a whole', async (t) => {
  const db = await memory(t)
  await transactional(db, async (tx) => {
    await eavstore.create(tx, people, { tags: ['red'] }, 1)
    await eavstore.create(tx, people, { tags: ['red', null] }, 2)
    t.deepEqual(await all(eavstore.query<number>(tx, people, 'tags', ['red'])), [1])
    t.deepEqual(await all(eavstore.query<number>(tx, people, 'tags', 'red')), [])
  })
})

test('a value too large is refused by its attribute, and nothing is written', async (t) => {
  const db = await memory(t)
  const bio = (value: found.TupleItem): Promise<unknown> =>
    transactional(db, (tx) => eavstore.create(tx, people, { age: 1, bio: value }, 'x'))
  for (const value of ['x'.repeat(10_050), Buffer.alloc(6000)]) {
    await t.throwsAsync(bio(value), {
      instanceOf: eavstore.EavStoreError,
      code: 'FOUND_EAVSTORE_LIMIT',
      message: /^people: .*attribute "bio".*limit=10000/,
    })
    t.is(await count(db), 0)
  }
  await bio('x'.repeat(9_940))
})

test('a long query comes in blocks, can be left, and leaves the event loop to others', async (t) => {
  const db = await memory(t)
  for (let start = 0; start < 20_000; start += 5000) {
    await transactional(db, async (tx) => {
      for (let n = start; n < start + 5000; n++) await eavstore.create(tx, people, { all: 1, n }, n)
    })
  }
  const { result: uids, turns } = await turnsDuring(() =>
    transactional(db, (tx) => all(eavstore.query<number>(tx, people, { all: 1, n: { gte: 10_000 } }))),
  )
  t.is(uids.length, 10_000)
  t.deepEqual(uids.slice(0, 3), [10_000, 10_001, 10_002])
  t.true(turns > 0, `the event loop came round ${turns} times`)

  await transactional(db, async (tx) => {
    const some = []
    for await (const uid of eavstore.query<number>(tx, people, 'all', 1)) {
      some.push(uid)
      if (some.length === 3000) break
    }
    t.deepEqual(some, [...Array(3000).keys()])
    const controller = new AbortController()
    const query = eavstore.query(tx, people, 'all', 1, { signal: controller.signal })
    await query.next()
    controller.abort(new Error('enough'))
    await t.throwsAsync(all(query), { message: 'enough' })
  })
})

test('a snapshot query adds no conflict, another one does', async (t) => {
  const db = await memory(t)
  for (const snapshot of [true, false]) {
    await using tx = await found.transaction(db)
    await all(eavstore.query(tx, people, 'a', 1, { snapshot }))
    found.set(tx, 'seen', '')
    await transactional(db, (other) => eavstore.create(other, people, { a: 1 }))
    if (snapshot) await found.commit(tx)
    else await t.throwsAsync(found.commit(tx), { code: 'not_committed' })
  }
})

test('a query belongs to its transaction', async (t) => {
  const db = await memory(t)
  const query = await transactional(db, (tx) => eavstore.query(tx, people, 'a', 1))
  await t.throwsAsync(query.next(), { code: 'FOUND_TRANSACTION_OVER' })
})

test('what a buggy program has left is found and mended', async (t) => {
  const db = await memory(t)
  const index: found.TupleItem = ['people', Buffer.of(2)]
  await transactional(db, async (tx) => {
    await eavstore.create(tx, people, { name: 'Alice' }, 1)
    found.set(tx, found.pack([index, 'name', 'Bob', 2]), '')
    found.clear(tx, found.pack([index, 'name', 'Alice', 1]))
  })
  const wrong = { attributes: 1, entries: 1, stale: 1, missing: 1 }
  t.deepEqual(await eavstore.verify(db, people), wrong)
  t.deepEqual(await eavstore.verify(db, people, { repair: true }), wrong)
  t.deepEqual(await eavstore.verify(db, people), { attributes: 1, entries: 1, stale: 0, missing: 0 })
})

test('wrong arguments are told by name', async (t) => {
  const db = await memory(t)
  const wrong = (value: unknown): never => value as never
  t.throws(() => eavstore.make(wrong(undefined), []), { instanceOf: TypeError, message: /^name:/ })
  await transactional(db, async (tx) => {
    const refused = (work: Promise<unknown>, message: RegExp): Promise<unknown> =>
      t.throwsAsync(work, { instanceOf: TypeError, message })
    await refused(eavstore.create(tx, people, wrong(null)), /^record:/)
    await refused(eavstore.create(tx, people, { when: wrong(new Date()) }), /^record\["when"\]:/)
    await refused(eavstore.create(tx, people, { a: '\ud83d' }), /^record\["a"\]:.*lone surrogate/)
    await refused(eavstore.create(tx, people, { '\ud83d': 1 }), /^record\[.*lone surrogate/)
    await refused(eavstore.get(tx, people, wrong(undefined)), /^uid/)
    await refused(eavstore.update(tx, people, 1, {}, wrong({ merg: true })), /merg/)
    const refusedNow = (work: () => unknown, message: RegExp): unknown =>
      t.throws(work, { instanceOf: TypeError, message })
    refusedNow(() => eavstore.query(tx, wrong({}), 'a', 1), /^store:/)
    refusedNow(() => eavstore.query(tx, people, {}), /^conditions:/)
    refusedNow(() => eavstore.query(tx, people, 'a', {} as never), /^conditions\["a"\]:/)
    refusedNow(() => eavstore.query(tx, people, 'a', { gt: 1, gte: 1 }), /^conditions\["a"\]:/)
    refusedNow(() => eavstore.query(tx, people, 'a', wrong({ above: 1 })), /above/)
    refusedNow(() => eavstore.query(tx, people, 'a', wrong(undefined)), /^conditions\["a"\]:/)
    await refused(all(eavstore.query(tx, people, 'a', { gt: 1, lt: 'x' })), /^bound:/)
  })
})
