// Watches, and following a key.

import test from 'ava'

import * as found from '../index.js'
import { get, set, transactional, watch, watchLoop } from '../index.js'
import { memory, read, run, write } from './support.js'

const fdbError = (code: string): { instanceOf: typeof found.FdbError; code: string } => ({
  instanceOf: found.FdbError,
  code,
})

test('a watch settles when another transaction has changed the value', async (t) => {
  const db = await memory(t, { a: '1' })
  const watching = await transactional(db, (tx) => watch(tx, 'a'))
  let settled = false
  const changed = watching.changed.then(() => {
    settled = true
  })
  await write(db, 'b', 'other')
  await write(db, 'a', '1')
  t.false(settled)
  await write(db, 'a', '2')
  await changed
  t.true(settled)
})

test('a watch set by hand is armed by the commit', async (t) => {
  const db = await memory(t)
  await using tx = await found.transaction(db)
  const watching = watch(tx, 'a')
  await found.commit(tx)
  await write(db, 'a', '1')
  await t.notThrowsAsync(watching.changed)
})

test('waiting inside the body does not hang but says so', async (t) => {
  const db = await memory(t)
  const code = 'FOUND_WOULD_DEADLOCK'
  await t.throwsAsync(() => transactional(db, (tx) => watch(tx, 'a').changed), {
    instanceOf: found.FoundError,
    code,
    message: /^changed: /,
  })
  await t.throwsAsync(() => transactional(db, (tx) => found.getVersionstamp(tx).stamp), { code, message: /^stamp: / })
  // The object itself can be awaited and returned.
  const watching = await transactional(db, async (tx) => await watch(tx, 'a'))
  await write(db, 'a', '1')
  await watching.changed
})

test('a watch of an attempt that was not committed fails', async (t) => {
  const db = await memory(t)
  const watches: found.Watch[] = []
  await transactional(db, (tx) => {
    watches.push(watch(tx, 'a'))
    if (tx.attempt === 1) throw new found.FdbError(1020)
  })
  await t.throwsAsync(watches[0]!.changed, { instanceOf: found.FdbError })
  await write(db, 'a', '1')
  await t.notThrowsAsync(watches[1]!.changed)
})

test('cancel and a signal give a watch up', async (t) => {
  const db = await memory(t)
  const cancelled = await transactional(db, (tx) => watch(tx, 'a'))
  cancelled.cancel()
  cancelled.cancel()
  await t.throwsAsync(cancelled.changed, fdbError('operation_cancelled'))

  const controller = new AbortController()
  const reason = new Error('enough')
  const aborted = await transactional(db, (tx) => watch(tx, 'a', { signal: controller.signal }))
  controller.abort(reason)
  t.is(await t.throwsAsync(aborted.changed), reason)
  t.is(await t.throwsAsync(() => transactional(db, (tx) => void watch(tx, 'a', { signal: controller.signal }))), reason)
})

test('there is room for 10,000 watches, and cancelling one makes room for another', async (t) => {
  const db = await memory(t)
  const many = await transactional(db, (tx) => Array.from({ length: 10_000 }, () => watch(tx, 'a')))
  const one = (): Promise<found.Watch> => transactional(db, (tx) => watch(tx, 'a'))
  await t.throwsAsync(async () => (await one()).changed, fdbError('too_many_watches'))
  many[17]!.cancel()
  const fits = await one()
  await write(db, 'a', '1')
  await fits.changed
  await many[0]!.changed
})

test('a watch outlives its database object and ends when it is closed', async (t) => {
  const db = await memory(t)
  const watching = await transactional(db, (tx) => watch(tx, 'a'))
  await found.close(db)
  await t.throwsAsync(watching.changed, { code: 'FOUND_CLOSED' })
})

test('watchLoop gives the value at first and each newer one', async (t) => {
  const db = await memory(t)
  const seen: (string | undefined)[] = []
  for await (const value of watchLoop(db, 'a')) {
    seen.push(value?.toString())
    if (seen.length === 5) break
    // Same value: not seen again. Two at once: the last is.
    if (seen.length === 2) await write(db, 'a', '1')
    if (seen.length === 3) await write(db, 'a', 'skipped')
    await transactional(db, (tx) => (seen.length === 4 ? found.clear(tx, 'a') : set(tx, 'a', String(seen.length))))
  }
  t.deepEqual(seen, [undefined, '1', '2', '3', undefined])
})

test('a change there and back fires a watch: who asks then may find the old value', async (t) => {
  const db = await memory(t, { a: '1' })
  const watching = await transactional(db, (tx) => watch(tx, 'a'))
  await write(db, 'a', '2')
  await write(db, 'a', '1')
  await watching.changed
  t.is(await read(db, 'a'), '1')
})

test('the place of a watch is free again once it has fired, is cancelled, or is left', async (t) => {
  const db = await memory(t, { a: '0' })
  found.databaseSetOption(db, 'max_watches', 1)
  const one = (): Promise<found.Watch> => transactional(db, (tx) => watch(tx, 'a'))
  const fired = await one()
  await t.throwsAsync(async () => (await one()).changed, fdbError('too_many_watches'))
  await write(db, 'a', '1')
  await fired.changed

  const cancelled = await one()
  cancelled.cancel()
  await t.throwsAsync(cancelled.changed)

  const abandoned = found.makeTransaction(db)
  const never = watch(abandoned, 'a')
  await abandoned[Symbol.asyncDispose]()
  await t.throwsAsync(never.changed)

  for await (const value of watchLoop(db, 'a')) {
    t.is(value?.toString(), '1')
    break
  }
  const loop = watchLoop(db, 'a')
  await loop.next()
  const waiting = loop.next()
  await loop.return()
  t.deepEqual(await waiting, { done: true, value: undefined })

  const last = await one()
  await write(db, 'a', '2')
  await last.changed
})

test('watchLoop goes on after errors that may go away', async (t) => {
  // Read versions and commits are refused by chance, by FoundationDB's own means for that.
  const ended = await run(`
    found.networkSetOption('client_buggify_enable')
    found.networkSetOption('client_buggify_section_activated_probability', 100)
    found.networkSetOption('client_buggify_section_fired_probability', 30)
    const db = await found.open(MEMORY)
    let last
    const following = (async () => {
      for await (const value of found.watchLoop(db, 'a')) {
        last = String(value)
        if (last === '30') return
      }
    })()
    for (let number = 1; number <= 30; number++) {
      await found.transactional(db, (tx) => found.set(tx, 'a', String(number)), { maxRetryDelay: 1 })
    }
    await following
    console.log(last)`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: '30', errors: '' })
})

test('watchLoop ends by leaving, by a signal and with its database', async (t) => {
  const db = await memory(t, { a: '1' })
  const loop = watchLoop(db, 'a')
  t.is((await loop.next()).value?.toString(), '1')
  await loop.return()
  t.deepEqual(await loop.next(), { done: true, value: undefined })

  const controller = new AbortController()
  const reason = new Error('enough')
  const aborted = watchLoop(db, 'a', { signal: controller.signal })
  await aborted.next()
  const next = aborted.next()
  controller.abort(reason)
  t.is(await t.throwsAsync(next), reason)

  const closed = watchLoop(db, 'a')
  await closed.next()
  const last = closed.next()
  await found.close(db)
  await t.throwsAsync(last, { code: 'FOUND_CLOSED' })
  t.throws(() => watchLoop(db, 'a'), { code: 'FOUND_CLOSED' })
})

test('no change between the value and the watch is lost', async (t) => {
  const db = await memory(t, { a: '0' })
  let last = 0
  const reader = (async () => {
    for await (const value of watchLoop(db, 'a')) {
      last = Number(value)
      if (last === 300) return
    }
  })()
  for (let number = 1; number <= 300; number++) await write(db, 'a', String(number))
  await reader
  t.is(last, 300)
  t.is((await transactional(db, (tx) => get(tx, 'a')))?.toString(), '300')
})
