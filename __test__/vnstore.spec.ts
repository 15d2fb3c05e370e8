import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { vnstore } from '../index.js'
import { folder, memory, run, target, work } from './support.js'

const v = vnstore.var
const articles = vnstore.make('articles', ['articles'], ['uid', 'key', 'value'])

/** Applies a change that adds and removes tuples. */
async function applied(
  db: found.Database,
  add: found.Tuple[],
  remove: found.Tuple[] = [],
  options?: vnstore.ApplyOptions,
): Promise<found.Uuid> {
  return found.transactional(db, async (tx) => {
    const change = await vnstore.changeCreate(tx, articles)
    for (const items of remove) await vnstore.remove(tx, articles, items)
    await Promise.all(add.map((items) => vnstore.add(tx, articles, items)))
    await vnstore.changeApply(tx, articles, change, options)
    return change
  })
}

/** A change that is left pending. */
async function pending(db: found.Database, add: found.Tuple[], remove: found.Tuple[] = []): Promise<found.Uuid> {
  return found.transactional(db, async (tx) => {
    const change = await vnstore.changeCreate(tx, articles)
    for (const items of remove) await vnstore.remove(tx, articles, items)
    for (const items of add) await vnstore.add(tx, articles, items)
    return change
  })
}

/** The values of the title, in a state. */
async function titles(db: found.Database, options?: vnstore.ReadOptions): Promise<unknown[]> {
  return found.transactional(db, async (tx) => {
    const rows = await found.all(vnstore.select(tx, articles, ['P4X', 'title', v('title')], options))
    return rows.map(({ title }) => title)
  })
}

test('a change is prepared apart and seen when it is applied', async (t) => {
  const db = await memory(t)
  const change = await pending(db, [['P4X', 'title', 'hyper.dev']])
  t.deepEqual(await titles(db), [])
  t.deepEqual(await titles(db, { pending: change }), ['hyper.dev'])
  await found.transactional(db, async (tx) => {
    vnstore.changeContinue(tx, articles, change)
    await vnstore.add(tx, articles, ['P4X', 'year', 2020], { value: 'checked' })
    await vnstore.changeMessage(tx, articles, change, 'first')
    t.like(await vnstore.changeGet(tx, articles, change), { type: 'change', significance: null, message: 'first' })
  })
  const significance = await found.transactional(db, (tx) => vnstore.changeApply(tx, articles, change))
  t.deepEqual(await titles(db), ['hyper.dev'])
  await found.transactional(db, async (tx) => {
    t.true(await vnstore.ask(tx, articles, ['P4X', 'year', 2020]))
    t.false(await vnstore.ask(tx, articles, ['P4X', 'year', 2021]))
    t.is((await vnstore.get(tx, articles, ['P4X', 'year', 2020]))?.toString(), 'checked')
    t.is(await vnstore.get(tx, articles, ['P4X', 'year', 2021]), undefined)
    t.deepEqual(await found.all(vnstore.select(tx, articles, [v('uid'), 'year', 2020], { values: true })), [
      { bindings: { uid: 'P4X' }, values: [Buffer.from('checked')] },
    ])
    t.is(String((await vnstore.changeGet(tx, articles, change))?.significance), String(significance))
    t.is(await vnstore.changeGet(tx, articles, found.Uuid.random()), undefined)
    const touched = await found.all(vnstore.changeChanges(tx, articles, change))
    t.deepEqual(touched, [
      { items: ['P4X', 'title', 'hyper.dev'], alive: true },
      { items: ['P4X', 'year', 2020], alive: true },
    ])
  })
})

test('every state of the past can be read, and stays what it was', async (t) => {
  const db = await memory(t)
  const before = new Date(Date.now() - 1000)
  const early = await pending(db, [['P4X', 'late', true]])
  const first = await applied(db, [['P4X', 'title', 'one']])
  const second = await applied(db, [['P4X', 'title', 'two']], [['P4X', 'title', 'one']])
  t.deepEqual(await titles(db, { asOf: first }), ['one'])
  t.deepEqual(await titles(db, { asOf: second }), ['two'])
  t.deepEqual(await titles(db, { asOf: before }), [])
  t.deepEqual(await titles(db, { asOf: new Date(0) }), [])
  await found.transactional(db, (tx) => vnstore.changeApply(tx, articles, early))
  await found.transactional(db, async (tx) => {
    t.false(await vnstore.ask(tx, articles, ['P4X', 'late', true], { asOf: second }))
    t.true(await vnstore.ask(tx, articles, ['P4X', 'late', true]))
    const significance = (await vnstore.changeGet(tx, articles, first))?.significance
    t.true(await vnstore.ask(tx, articles, ['P4X', 'title', 'one'], { asOf: significance ?? undefined }))
    const diff = (from: vnstore.State, to: vnstore.State) => found.all(vnstore.diff(tx, articles, from, to))
    t.deepEqual(await diff(second, 'head'), [{ items: ['P4X', 'late', true], alive: true }])
    t.deepEqual(await diff('head', second), [{ items: ['P4X', 'late', true], alive: false }])
    t.deepEqual(await diff(first, second), [
      { items: ['P4X', 'title', 'one'], alive: false },
      { items: ['P4X', 'title', 'two'], alive: true },
    ])
    t.is((await diff('beginning', 'head')).length, 2)
    t.deepEqual(await diff(before, first), [{ items: ['P4X', 'title', 'one'], alive: true }])
  })
})

test('history tells what has become of a tuple', async (t) => {
  const db = await memory(t)
  const items = ['P4X', 'title', 'one']
  const changes = [await applied(db, [items]), await applied(db, [], [items]), await applied(db, [items])]
  await found.transactional(db, async (tx) => {
    for (const [index, change] of changes.entries()) await vnstore.changeMessage(tx, articles, change, `number ${index}`)
    const events = await vnstore.history(tx, articles, items)
    t.deepEqual(events.map(({ change }) => String(change)), changes.map(String))
    t.deepEqual(events.map(({ alive }) => alive), [true, false, true])
    t.deepEqual(events.map(({ message }) => message), ['number 0', 'number 1', 'number 2'])
    t.is((await vnstore.history(tx, articles, items, { asOf: changes[0] })).length, 1)
    const list = await found.all(vnstore.changeList(tx, articles))
    t.deepEqual(list.map(({ uid }) => String(uid)), changes.map(String))
    t.deepEqual(list.map(({ message }) => message), ['number 0', 'number 1', 'number 2'])
    t.true(list.every(({ significance, type }) => significance instanceof found.Uuid && type === 'change'))
  })
})

test('patterns are joined within one state', async (t) => {
  const db = await memory(t)
  const first = await applied(db, [['me', 'knows', 'ada'], ['ada', 'knows', 'alan']])
  await applied(db, [['ada', 'knows', 'grace']], [['ada', 'knows', 'alan']])
  const patterns = [
    ['me', 'knows', v('friend')],
    [v('friend'), 'knows', v('other')],
  ] as const
  await found.transactional(db, async (tx) => {
    t.deepEqual(await found.all(vnstore.query(tx, articles, patterns)), [{ friend: 'ada', other: 'grace' }])
    t.deepEqual(await found.all(vnstore.query(tx, articles, patterns, { asOf: first })), [{ friend: 'ada', other: 'alan' }])
    const friends = vnstore.select(tx, articles, patterns[0])
    t.deepEqual(await found.all(vnstore.where(tx, articles, friends, patterns[1], { asOf: first })), [
      { friend: 'ada', other: 'alan' },
    ])
  })
})

test('what contradicts is refused by name, if asked for', async (t) => {
  const db = await memory(t)
  await applied(db, [['P4X', 'title', 'one']])
  const mine = await pending(db, [['P4X', 'title', 'mine']], [['P4X', 'title', 'one']])
  const apart = await pending(db, [['other', 'title', 'apart']])
  const theirs = await applied(db, [['P4X', 'title', 'theirs']], [['P4X', 'title', 'one']])
  const refuse = (change: found.Uuid) =>
    found.transactional(db, (tx) => vnstore.changeApply(tx, articles, change, { onConflict: 'error' }))
  const error = await t.throwsAsync(refuse(mine), { instanceOf: vnstore.VNStoreError, code: 'FOUND_VNSTORE_CONFLICT' })
  const [conflict, ...others] = (error as vnstore.VNStoreError).conflicts
  t.deepEqual([conflict?.items, String(conflict?.change), others], [['P4X', 'title', 'one'], String(theirs), []])
  await refuse(apart)
  t.deepEqual(await titles(db), ['theirs'])
  await found.transactional(db, (tx) => vnstore.changeApply(tx, articles, mine))
  t.deepEqual(await titles(db), ['mine', 'theirs'])
})

test('failures have their class, and nothing is written', async (t) => {
  const db = await memory(t)
  const change = await applied(db, [['P4X', 'title', 'one']])
  const fails = async (code: string, body: (tx: found.Transaction) => Promise<unknown>) => {
    await found.transactional(db, async (tx) => {
      const error = await t.throwsAsync(() => body(tx), { instanceOf: vnstore.VNStoreError, code })
      t.deepEqual((error as vnstore.VNStoreError).conflicts, [])
      t.regex(error.message, /^vnstore articles: /)
    })
  }
  const none = found.Uuid.random()
  const items = ['P4X', 'title', 'one']
  await fails('FOUND_VNSTORE_NO_ACTIVE', (tx) => vnstore.add(tx, articles, items))
  await fails('FOUND_VNSTORE_NO_ACTIVE', (tx) => vnstore.remove(tx, articles, items))
  await fails('FOUND_VNSTORE_APPLIED', (tx) => vnstore.changeApply(tx, articles, change))
  await fails('FOUND_VNSTORE_NO_CHANGE', (tx) => vnstore.changeApply(tx, articles, none))
  await fails('FOUND_VNSTORE_NO_CHANGE', (tx) => vnstore.changeMessage(tx, articles, none, 'x'))
  await fails('FOUND_VNSTORE_NO_CHANGE', (tx) => vnstore.ask(tx, articles, items, { asOf: none }))
  await fails('FOUND_VNSTORE_NO_CHANGE', (tx) => found.all(vnstore.diff(tx, articles, none, 'head')))
  await fails('FOUND_VNSTORE_NO_CHANGE', (tx) => found.all(vnstore.select(tx, articles, ['a', 'b', v('c')], { pending: none })))
  await fails('FOUND_VNSTORE_FUTURE', (tx) => vnstore.ask(tx, articles, items, { asOf: new Date(Date.now() + 60_000) }))
  await fails('FOUND_VNSTORE_APPLIED', async (tx) => {
    vnstore.changeContinue(tx, articles, change)
    await vnstore.add(tx, articles, items)
  })
  const waiting = await pending(db, [])
  await fails('FOUND_VNSTORE_NOT_APPLIED', (tx) => vnstore.ask(tx, articles, items, { asOf: waiting }))
  await fails('FOUND_VNSTORE_LIMIT', async (tx) => {
    vnstore.changeContinue(tx, articles, waiting)
    await vnstore.add(tx, articles, ['P4X', 'x'.repeat(10_000), 'y'])
  })
})

test('wrong arguments are named', async (t) => {
  const db = await memory(t)
  t.throws(() => vnstore.make('n', [], []), { instanceOf: TypeError, message: /^items: / })
  t.throws(() => vnstore.make('n', [], ['a', 'a']), { instanceOf: TypeError, message: /^items: / })
  t.throws(() => vnstore.make('n', [], 'abc' as never), { instanceOf: TypeError, message: /^items: / })
  await found.transactional(db, async (tx) => {
    await vnstore.changeCreate(tx, articles)
    await t.throwsAsync(() => vnstore.add(tx, {} as never, []), { instanceOf: TypeError, message: /^store: / })
    await t.throwsAsync(() => vnstore.add(tx, articles, ['a', 'b']), { instanceOf: TypeError, message: /^items: / })
    await t.throwsAsync(() => vnstore.add(tx, articles, ['a', 'b', '\ud83d']), { instanceOf: TypeError, message: /^items\[2\]: / })
    await t.throwsAsync(() => vnstore.changeApply(tx, articles, 'x' as never), { instanceOf: TypeError, message: /^change: / })
    await t.throwsAsync(() => vnstore.ask(tx, articles, ['a', 'b', 'c'], { asOf: 5 as never }), {
      instanceOf: TypeError,
      message: /^options.asOf: /,
    })
    t.throws(() => vnstore.select(tx, articles, [v('a')]), { instanceOf: RangeError, message: /^pattern: / })
    t.throws(() => vnstore.diff(tx, articles, 'tail' as never, 'head'), { instanceOf: TypeError, message: /^from: / })
  })
})

test('twins that apply one change in one transaction have one result', async (t) => {
  const db = await memory(t)
  const change = await pending(db, [['P4X', 'title', 'one']])
  await found.transactional(db, async (tx) => {
    const outcomes = await Promise.allSettled([1, 2].map(() => vnstore.changeApply(tx, articles, change)))
    t.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'rejected'])
  })
  t.deepEqual(await titles(db), ['one'])
})

test('applies at the same time are ordered as they are committed', async (t) => {
  const db = await memory(t)
  await applied(db, [['counter', 'is', 0]])
  await Promise.all(
    Array.from({ length: 20 }, () =>
      found.transactional(db, async (tx) => {
        const change = await vnstore.changeCreate(tx, articles)
        for await (const { n } of vnstore.select(tx, articles, ['counter', 'is', v('n')])) {
          await vnstore.remove(tx, articles, ['counter', 'is', n])
          await vnstore.add(tx, articles, ['counter', 'is', (n as number) + 1])
        }
        await vnstore.changeApply(tx, articles, change, { onConflict: 'error' })
      }),
    ),
  )
  await found.transactional(db, async (tx) => {
    t.deepEqual(await found.all(vnstore.select(tx, articles, ['counter', 'is', v('n')])), [{ n: 20 }])
    const significances = (await found.all(vnstore.changeList(tx, articles))).map(({ significance }) => String(significance))
    t.deepEqual(significances, [...new Set(significances)].sort())
    for (const [index, { change }] of (await vnstore.history(tx, articles, ['counter', 'is', 7])).entries()) {
      const rows = await found.all(vnstore.select(tx, articles, ['counter', 'is', v('n')], { asOf: change }))
      t.deepEqual(rows, [{ n: index === 0 ? 7 : 8 }])
    }
  })
})

test('applies of several threads are ordered as they are committed', async (t) => {
  const shared = target(`memory:applies ${Math.random()}`)
  const db = await found.open(shared)
  t.teardown(() => found.close(db))
  const program = `
    const db = await found.open(data.shared)
    const store = found.vnstore.make('articles', ['articles'], ['uid', 'key', 'value'])
    const applied = []
    for (let round = 0; round < 15; round++) {
      applied.push(await found.transactional(db, async (tx) => {
        const change = await found.vnstore.changeCreate(tx, store)
        await found.vnstore.add(tx, store, [data.number, 'round', round])
        const significance = await found.vnstore.changeApply(tx, store, change)
        return [found.getVersionstamp(tx), significance]
      }))
    }
    const orders = applied.map(async ([versionstamp, significance]) => [(await versionstamp.stamp).toString('hex'), String(significance)])
    parentPort.postMessage(await Promise.all(orders))
    await found.close(db)`
  const lists = await Promise.all([0, 1, 2].map((number) => work(program, { shared, number })))
  const applied = (lists as [string, string][][]).flat().sort(([one], [other]) => (one < other ? -1 : 1))
  const significances = applied.map(([, significance]) => significance)
  t.deepEqual(significances, [...new Set(significances)].sort())
  await found.transactional(db, async (tx) => {
    t.is((await found.all(vnstore.select(tx, articles, [v('n'), 'round', v('round')]))).length, 45)
    const list = await found.all(vnstore.changeList(tx, articles))
    t.deepEqual(list.map(({ significance }) => String(significance)), significances)
  })
})

test('another process goes on with the history of a file', async (t: ExecutionContext) => {
  const path = target(`file:${await folder(t)}/history`)
  const program = (value: string) => `
    const { vnstore } = found
    const db = await found.open(${JSON.stringify(path)})
    const store = vnstore.make('articles', ['articles'], ['uid', 'key', 'value'])
    const titles = await found.transactional(db, async (tx) => {
      const change = await vnstore.changeCreate(tx, store)
      for (const { old } of await found.all(vnstore.select(tx, store, ['P4X', 'title', vnstore.var('old')])))
        await vnstore.remove(tx, store, ['P4X', 'title', old])
      await vnstore.add(tx, store, ['P4X', 'title', ${JSON.stringify(value)}])
      await vnstore.changeApply(tx, store, change)
      const changes = await found.all(vnstore.changeList(tx, store))
      return Promise.all(changes.map(async ({ uid }) =>
        (await found.all(vnstore.select(tx, store, ['P4X', 'title', vnstore.var('title')], { asOf: uid })))[0].title))
    })
    console.log(titles.join())
    await found.close(db)`
  for (const [index, value] of ['one', 'two', 'three'].entries()) {
    const ended = await run(program(value))
    t.is(ended.errors, '')
    t.is(ended.output, ['one', 'two', 'three'].slice(0, index + 1).join())
  }
})
