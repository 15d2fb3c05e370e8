// Bytes: which kinds of memory are taken, and that results belong to the caller.

import { MessageChannel } from 'node:worker_threads'

import test from 'ava'

import * as found from '../index.js'
import { get, set, transactional } from '../index.js'
import { memory } from './support.js'

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
