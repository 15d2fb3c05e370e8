// The npm package `foundationdb` on the embedded engine: what its README shows, section by section, at API version 720.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fdb from 'foundationdb'

fdb.setAPIVersion(720)
const { keySelector: ks, tuple, encoders } = fdb
const text = (value) => value?.toString()
const pairs = (rows) => rows.map(([key, value]) => [text(key), text(value)])

/** A test with a database of its own. */
function shows(section, body) {
  test(section, async () => {
    const db = fdb.open('memory:')
    try {
      await body(db)
    } finally {
      db.close()
    }
  })
}

shows('usage: a directory with tuples as keys and JSON as values', async (dbRoot) => {
  const db = dbRoot
    .at(await fdb.directory.createOrOpen(dbRoot, 'myapp'))
    .withKeyEncoding(encoders.tuple)
    .withValueEncoding(encoders.json)
  const book = { title: 'Reinventing Organizations', author: 'Laloux' }
  await db.doTransaction(async (tn) => {
    assert.equal(await tn.get(['books', 123]), undefined)
    tn.set(['books', 123], book)
  })
  assert.deepEqual(await db.get(['books', 123]), book)
})

shows('database transactions', async (db) => {
  await db.set('key1', 'val1')
  const value = await db.doTransaction(async (tn) => {
    const value = await tn.get('key1')
    tn.set('key2', 'val3')
    return value
  })
  assert.equal(text(value), 'val1')
  assert.equal(text(await db.doTn((tn) => tn.get('key2'))), 'val3')
})

shows('database transactions: the body runs again after a conflict', async (db) => {
  let runs = 0
  await db.doTransaction(async (tn) => {
    runs += 1
    const count = Number(text(await tn.get('count')) ?? 0)
    if (runs === 1) await db.set('count', '5')
    tn.set('count', String(count + 1))
  })
  assert.deepEqual([runs, text(await db.get('count'))], [2, '6'])
})

shows('database transactions: an error of the body ends it, nothing is written', async (db) => {
  const failure = new Error('mine')
  const run = db.doTransaction(async (tn) => {
    tn.set('key', 'value')
    throw failure
  })
  await assert.rejects(run, failure)
  assert.equal(await db.get('key'), undefined)
})

shows('scoping: prefixes', async (db) => {
  const app = db.at('myapp.')
  await app.set('hello', 'there')
  await app.at('books.').set('one', '1')
  assert.deepEqual(pairs(await db.getRangeAll('', Buffer.of(0xff))), [
    ['myapp.books.one', '1'],
    ['myapp.hello', 'there'],
  ])
  assert.equal(text(await db.at(new fdb.Subspace('myapp.')).at('books.').get('one')), '1')
})

shows('key and value transformation', async (db) => {
  const integers = db.withKeyEncoding(encoders.int32BE)
  await integers.set(123, 'hi')
  assert.equal(text(await integers.get(123)), 'hi')
  assert.equal(text(await db.get(Buffer.of(0, 0, 0, 123))), 'hi')

  const json = db.withValueEncoding(encoders.json)
  await json.set('hi', [1, 2, 3])
  assert.deepEqual(await json.get('hi'), [1, 2, 3])

  const subspace = new fdb.Subspace().withKeyEncoding(tuple).at('stuff')
  await db.at(subspace).set(['hi', 'there'], 'x')
  assert.equal(text(await db.get(tuple.pack(['stuff', 'hi', 'there']))), 'x')

  const books = db.withKeyEncoding(encoders.tuple).at('myapp').at(['data', 'books'])
  await books.set([1], 'y')
  assert.equal(text(await db.get(tuple.pack(['myapp', 'data', 'books', 1]))), 'y')
})

shows('transactions of several scopes', async (db) => {
  const root = db.withKeyEncoding(encoders.tuple).at(['myapp'])
  const [data, index] = [root.getSubspace().at(['schools']), root.getSubspace().at(['index'])]
  await root.at(data).doTransaction(async (tn) => {
    tn.set('UNSW', 'some data')
    tn.at(index).set(['bycountry', 'australia', 'UNSW'], 'cached')
  })
  assert.equal(text(await root.get(['schools', 'UNSW'])), 'some data')
  assert.equal(text(await root.get(['index', 'bycountry', 'australia', 'UNSW'])), 'cached')
})

shows('getKey', async (db) => {
  const tuples = db.withKeyEncoding(encoders.tuple)
  for (const score of [3, 7, 5]) await tuples.set(['students', 'by_score', score], '')
  assert.deepEqual(await tuples.getKey(['students', 'by_score', 0]), ['students', 'by_score', 3])
  const after = fdb.util.strInc(tuple.pack(['students', 'by_score']))
  assert.equal(tuple.unpack(await db.getKey(ks.lastLessThan(after)))[2], 7)
})

shows('clear, clearRange, clearRangeStartsWith', async (db) => {
  const fill = () => db.doTn(async (tn) => ['a', 'b1', 'b2', 'c', 'd'].forEach((key) => tn.set(key, '')))
  const left = async () => (await db.getRangeAll('a', 'z')).map(([key]) => text(key)).join(' ')
  await fill()
  await db.clear('a')
  assert.equal(await left(), 'b1 b2 c d')
  await db.clearRange('b2', 'd')
  assert.equal(await left(), 'b1 d')
  await fill()
  await db.clearRangeStartsWith('b')
  assert.equal(await left(), 'a c d')
})

shows('range reads', async (db) => {
  const expected = Array.from({ length: 1000 }, (_, index) => [`x${String(index).padStart(4, '0')}`, 'v'.repeat(100)])
  await db.doTn(async (tn) => expected.forEach(([key, value]) => tn.set(key, value)))
  await db.doTransaction(async (tn) => {
    const [iterated, batched] = [[], []]
    for await (const row of tn.getRange('x', 'y')) iterated.push(row)
    for await (const batch of tn.getRangeBatch('x', 'y')) batched.push(...batch)
    assert.deepEqual(pairs(iterated), expected)
    assert.deepEqual(pairs(batched), expected)
    assert.deepEqual(pairs(await tn.getRangeAll('x', 'y')), expected)
    const iterator = tn.getRange('x', 'y')
    assert.deepEqual(pairs([(await iterator.next()).value]), expected.slice(0, 1))
    const last = await tn.getRangeAll('x', 'y', { reverse: true, limit: 10 })
    assert.deepEqual(pairs(last), expected.slice(-10).reverse())
    for (const streamingMode of Object.values(fdb.StreamingMode).filter((mode) => typeof mode === 'number')) {
      assert.deepEqual(pairs(await tn.getRangeAll('x', 'y', { streamingMode, limit: 500 })), expected.slice(0, 500))
    }
  })
})

shows('key selectors', async (db) => {
  for (const key of ['a', 'b', 'c', 'd']) await db.set(key, '')
  const rows = await db.getRangeAll(ks.firstGreaterThan('a'), ks.firstGreaterThan('c'))
  assert.deepEqual(
    rows.map(([key]) => text(key)),
    ['b', 'c'],
  )
  assert.equal(text(await db.getKey(ks.add(ks.firstGreaterOrEqual('a'), 2))), 'c')
  assert.equal(text(await db.getKey(ks.lastLessOrEqual('bb'))), 'b')
})

shows('versionstamps: told after the commit, in keys and in values', async (db) => {
  const { promise } = await db.doTn(async (tn) => {
    tn.setVersionstampSuffixedKey(Buffer.of(1, 2, 3), 'someval', Buffer.of(0xaa, 0xbb))
    tn.setVersionstampPrefixedValue('key', Buffer.of(1, 2, 3))
    return tn.getVersionstamp()
  })
  const stamp = await promise
  assert.equal(stamp.length, 10)
  const key = Buffer.concat([Buffer.of(1, 2, 3), stamp, Buffer.of(0xaa, 0xbb)])
  assert.equal(text(await db.get(key)), 'someval')
  assert.deepEqual(await db.getVersionstampPrefixedValue('key'), { stamp, value: Buffer.of(1, 2, 3) })
})

shows('versionstamps in tuples', async (db) => {
  const tuples = db.withKeyEncoding(encoders.tuple).withValueEncoding(encoders.string)
  const keys = [1, 2].map(() => [1, 2, 3, tuple.unboundVersionstamp()])
  await tuples.doTn(async (tn) => {
    tn.setVersionstampedKey(keys[0], '1')
    tn.setVersionstampedKey(keys[1], '2')
  })
  const [first, second] = keys.map((key) => key[3].value)
  assert.deepEqual(first.subarray(0, 10), second.subarray(0, 10))
  assert.deepEqual([first.readUInt16BE(10), second.readUInt16BE(10)], [0, 1])
  assert.deepEqual(await Promise.all(keys.map((key) => tuples.get(key))), ['1', '2'])

  const value = ['some', 'data', tuple.unboundVersionstamp(321)]
  await db.withValueEncoding(encoders.tuple).setVersionstampedValue('somekey', value)
  assert.deepEqual(await db.withValueEncoding(encoders.tuple).get('somekey'), value)
})

// The keys are Buffers because the package aborts the process on the second watch of a key that is a string.
shows('watches', async (db) => {
  const [foo, highscore] = [Buffer.from('foo'), Buffer.from('highscore')]
  const watch = await db.doTn(async (tn) => {
    tn.set(foo, 'bar')
    return tn.watch(foo)
  })
  await db.set(foo, 'changed')
  assert.equal(await watch.promise, true)

  const cancelled = await db.getAndWatch(foo)
  assert.equal(text(cancelled.value), 'changed')
  cancelled.cancel()
  assert.equal(await cancelled.promise, false)

  const score = await db.setAndWatch(highscore, '1000')
  await db.clear(highscore)
  assert.equal(await score.promise, true)
})

shows('snapshot reads', async (db) => {
  let runs = 0
  await db.doTransaction(async (tn) => {
    runs += 1
    await tn.snapshot().get('read')
    await db.set('read', String(runs))
    tn.set('written', '')
  })
  assert.equal(runs, 1)
})

shows('the tuple encoder', async (db) => {
  const scoped = db.withKeyEncoding(encoders.tuple).withValueEncoding(encoders.json)
  await scoped.set('version', 6)
  assert.equal(await scoped.get(['version']), 6)
  const teacher = { teacher: 'fred', room: '101a' }
  await scoped.set(['class', [6, 'a']], teacher)
  assert.deepEqual(
    await db
      .at(fdb.root.withKeyEncoding(tuple).at('class'))
      .withValueEncoding(encoders.json)
      .get([[6, 'a']]),
    teacher,
  )
})

shows('directories', async (db) => {
  const messages = await fdb.directory.createOrOpen(db, 'fav color')
  await db.at(messages).doTn(async (tn) => tn.set('fred', 'hotpink'))
  await fdb.directory.create(db, ['app', 'users'], 'table')
  assert.deepEqual((await fdb.directory.listAll(db)).map(text).sort(), ['app', 'fav color'])
  await assert.rejects(fdb.directory.create(db, ['app', 'users']))
  const moved = await fdb.directory.move(db, 'fav color', ['app', 'colors'])
  assert.equal(text(await db.at(moved).get('fred')), 'hotpink')
  await fdb.directory.remove(db, ['app', 'colors'])
  assert.equal(await fdb.directory.exists(db, ['app', 'colors']), false)
})

shows('errors are those of FoundationDB', async (db) => {
  await assert.rejects(db.set(Buffer.alloc(10_001), ''), { code: 2102 })
  await assert.rejects(db.get(Buffer.of(0xff)), { code: 2004 })
})
