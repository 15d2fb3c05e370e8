// Keys and values: strings are never altered, inputs are copied at the call, results belong to the caller.

import { MessageChannel } from 'node:worker_threads'

import test from 'ava'

import * as found from '../index.js'
import { get, set, transactional } from '../index.js'
import { memory } from './support.js'

test('strings of every length come back as they were', async (t) => {
  const db = await memory(t)
  for (const character of ['x', 'é', '語', '\u{1F525}', '\0']) {
    for (let length = 0; length <= 4200 / Buffer.byteLength(character); length++) {
      const text = character.repeat(length)
      const back = await transactional(db, (tx) => {
        set(tx, 'key', text)
        return get(tx, 'key')
      })
      if (back?.toString() !== text) t.fail(`${JSON.stringify(character)} * ${length}`)
    }
  }
  t.pass()
})

test('keys of many lengths are found again, exactly', async (t) => {
  const db = await memory(t)
  await transactional(db, async (tx) => {
    for (const character of ['x', 'é', '\u{1F525}', '\0']) {
      for (let length = 1; length <= 1100; length += length < 300 ? 1 : 37) {
        const key = character.repeat(length)
        set(tx, key, String(length))
        const rows = await found.all(found.query(tx, key, found.gt(key)))
        if (rows.length !== 1 || rows[0]![0].toString() !== key) t.fail(`${JSON.stringify(character)} * ${length}`)
      }
    }
  })
  t.pass()
})

test('a lone surrogate is refused wherever text goes in', async (t) => {
  const db = await memory(t)
  await transactional(db, async (tx) => {
    for (const text of ['\ud83d', '\udd25\ud83d', 'a\ud800b', `${'x'.repeat(300)}\udc00`]) {
      const expected = { instanceOf: TypeError, message: /lone surrogate at index/ }
      t.throws(() => set(tx, text, ''), { ...expected, message: /^key: .*lone surrogate/ })
      t.throws(() => set(tx, '', text), { ...expected, message: /^value: .*lone surrogate/ })
      t.throws(() => found.clear(tx, text), expected)
      t.throws(() => found.clear(tx, 'a', text), expected)
      t.throws(() => found.add(tx, 'a', text), expected)
      t.throws(() => found.addConflictRange(tx, text, 'b', 0), expected)
      t.throws(() => found.watch(tx, text), expected)
      t.throws(() => found.query(tx, text, 'b'), expected)
      t.throws(() => found.gte(text), expected)
      t.throws(() => found.nextPrefix(text), expected)
      t.throws(() => found.setOption(tx, 'debug_transaction_identifier', text), expected)
      await t.throwsAsync(() => get(tx, text), expected)
      await t.throwsAsync(() => found.getKey(tx, text), expected)
    }
  })
  t.throws(() => found.scan(db, '\ud83d', 'b'), { instanceOf: TypeError })
  t.throws(() => found.watchLoop(db, '\ud83d'), { instanceOf: TypeError })
  // U+FFFD itself, which stands for what cannot be said, is text like any other.
  t.is((await transactional(db, (tx) => (set(tx, 'a', '\ufffd'), get(tx, 'a'))))?.toString(), '\ufffd')
})

test('inputs are copied at the call', async (t) => {
  const db = await memory(t)
  const key = Buffer.from('key')
  const value = new Uint8Array([1, 2, 3])
  await transactional(db, async (tx) => {
    set(tx, key, value)
    value.fill(0)
    structuredClone(value.buffer, { transfer: [value.buffer] })
    const rows = found.query(tx, key, found.gt(key))
    key.fill(0)
    t.deepEqual(await found.all(rows), [[Buffer.from('key'), Buffer.from([1, 2, 3])]])
  })
})

test('memory that was transferred away is refused, an empty array is not', async (t) => {
  const db = await memory(t)
  const gone = new Uint8Array(4)
  structuredClone(gone.buffer, { transfer: [gone.buffer] })
  await transactional(db, async (tx) => {
    t.throws(() => set(tx, 'a', gone), { instanceOf: TypeError, message: /^value: .*transferred/ })
    t.throws(() => set(tx, gone, 'a'), { instanceOf: TypeError, message: /^key: .*transferred/ })
    t.throws(() => found.query(tx, gone, 'a'), { instanceOf: TypeError, message: /^key: .*transferred/ })
    t.throws(() => found.pack([gone]), { instanceOf: TypeError, message: /^tuple\[0\]: .*transferred/ })
    await t.throwsAsync(() => get(tx, gone), { instanceOf: TypeError })
    set(tx, 'a', new Uint8Array(0))
    t.is((await get(tx, 'a'))?.length, 0)
  })
})

test('views, shared memory and arrays of other realms are taken; other views are not', async (t) => {
  const db = await memory(t)
  const { runInNewContext } = await import('node:vm')
  const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 3)
  shared.set([7, 8, 9])
  const whole = Buffer.from('0123456789')
  const cases: [Uint8Array, string][] = [
    [shared, '070809'],
    [whole.subarray(3, 6), '333435'],
    [new Uint8Array([1, 2]), '0102'],
    [runInNewContext('new Uint8Array([5, 6])') as Uint8Array, '0506'],
  ]
  await transactional(db, async (tx) => {
    for (const [value, hex] of cases) {
      set(tx, 'a', value)
      t.is((await get(tx, 'a'))?.toString('hex'), hex)
    }
    for (const wrong of [
      new Uint16Array(2),
      new DataView(new ArrayBuffer(2)),
      new ArrayBuffer(2),
      [1, 2],
      new Uint8ClampedArray(2),
    ]) {
      t.throws(() => set(tx, 'a', wrong as unknown as Uint8Array), { instanceOf: TypeError, message: /^value: / })
    }
  })
})

test('results belong to the caller', async (t) => {
  const db = await memory(t)
  await transactional(db, (tx) => set(tx, 'a', 'abc'))
  await transactional(db, async (tx) => {
    const first = await get(tx, 'a')
    first!.fill(0)
    t.is((await get(tx, 'a'))?.toString(), 'abc')
    const many = await Promise.all(Array.from({ length: 100 }, () => get(tx, 'a')))
    t.true(many.every((value) => value?.toString() === 'abc'))
    many[0]!.fill(0)
    t.true(many.slice(1).every((value) => value?.toString() === 'abc'))
  })
})

test('the memory shared with the native side cannot be transferred away', async (t) => {
  const { native } = await import('../lib/native.js')
  const { port1, port2 } = new MessageChannel()
  try {
    // Node 20 copies what is marked so, later ones refuse it.
    port1.postMessage(0, [native.scratch.buffer as ArrayBuffer])
  } catch (error) {
    t.true(error instanceof Error)
  }
  t.true(native.scratch.length > 0)
  port1.close()
  port2.close()
})
