// Nothing is left behind: handles and waiting operations go back to what they were.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import test from 'ava'

import * as found from '../index.js'
import { native } from '../lib/native.js'
import { usedHandles } from '../lib/transaction.js'
import { END, signal, target, write } from './support.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Handles that are left when all garbage is collected. */
async function handles(): Promise<number> {
  let before = Infinity
  for (;;) {
    usedHandles.length = 0
    collect()
    await new Promise((resolve) => setImmediate(resolve))
    const now = native.liveHandles()
    if (now === before) return now
    before = now
  }
}

test.serial('transactions, ranges, scans and watches leave no handle and no operation', async (t) => {
  const db = await found.open(target('memory:'))
  await write(db, 'a', '1')
  const handle = await handles()
  for (let round = 0; round < 2000; round++) {
    await found.transactional(db, async (tx) => {
      await found.get(tx, 'a')
      for await (const row of found.query(tx, '', END, { targetBytes: 1 })) if (row) break
      found.set(tx, `key ${round % 10}`, String(round))
      found.getVersionstamp(tx)
      if (tx.attempt === 1 && round % 5 === 0) throw new found.FdbError(1020)
    })
    found.makeTransaction(db)
    for await (const row of found.scan(db, '', END, { mode: found.STREAMING_MODE_SMALL })) if (row) break
  }
  while (native.waitingOperations() > 0) await new Promise((resolve) => setImmediate(resolve))
  t.is(await handles(), handle)
  await found.close(db)
})

test.serial('a loop of transactions keeps nothing of them, without a turn of the event loop as well', async (t) => {
  const db = await found.open(target('memory:'))
  const run = (number: number): Promise<void> =>
    found.transactional(db, async (tx) => {
      await found.get(tx, 'a')
      found.set(tx, 'a', String(number))
    })
  await run(0)
  const before = native.liveHandles()
  for (let number = 0; number < 2000; number++) await run(number)
  t.is(native.liveHandles(), before)
  for (let number = 0; number < 2000; number++) {
    await using tx = await found.transaction(db)
    found.set(tx, 'a', String(number))
    await found.commit(tx)
  }
  t.is(native.liveHandles(), before)
  // Those of as many as there were at a time are kept for others.
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 100 }, (_, number) => run(number)))
  t.true(native.liveHandles() <= before + 100, `${native.liveHandles() - before} more`)
  await found.close(db)
})

test.serial('what is left of a transaction that has ended does not touch the one in its place', async (t) => {
  const db = await found.open(target('memory:'))
  await handles()
  await write(db, 'a', '1')
  const before = native.liveHandles()
  const controller = new AbortController()
  const { promise: gate, resolve: resume } = signal()
  const { promise: ended, resolve: end } = signal()
  const { promise: read, resolve: hasRead } = signal()
  let old: found.Transaction | undefined
  let rows: found.Rows | undefined
  db.hooks.onCommit.push((tx) => {
    if (tx === old) end()
  })
  const givenUp = found.transactional(
    db,
    async (tx) => {
      old = tx
      rows = found.query(tx, '', END, { targetBytes: 1 })
      await rows.next()
      found.set(tx, 'old', 'never')
      hasRead()
      await gate
    },
    { signal: controller.signal },
  )
  await read
  controller.abort(new Error('enough'))
  await t.throwsAsync(givenUp, { message: 'enough' })

  const next = await found.transaction(db)
  found.set(next, 'new', 'uncommitted')
  t.is(native.liveHandles(), before, 'it has the place of the one before')
  // The body that was given up goes on to its commit.
  resume()
  await ended
  await new Promise((resolve) => setImmediate(resolve))
  t.throws(() => found.set(old!, 'b', '2'), { message: 'enough' })
  await t.throwsAsync(() => found.get(old!, 'a'), { message: 'enough' })
  await rows!.return()
  await old![Symbol.asyncDispose]()
  const written = (): Promise<string[]> =>
    found.transactional(db, async (tx) => (await found.all(found.query(tx, '', END))).map(([key]) => String(key)))
  t.deepEqual(await written(), ['a'])
  await found.commit(next)
  t.deepEqual(await written(), ['a', 'new'])
  t.true(found.getCommittedVersion(next) > 0n)
  await next[Symbol.asyncDispose]()
  await found.close(db)
})

test.serial('watches that fire, are cancelled or are forgotten leave nothing', async (t) => {
  const db = await found.open(target('memory:'))
  const handle = await handles()
  const round = async (number: number): Promise<void> => {
    const watches = await found.transactional(db, (tx) => Array.from({ length: 300 }, () => found.watch(tx, 'a')))
    for (const watch of watches.slice(0, 100)) watch.cancel()
    await write(db, 'a', String(number))
    await Promise.all(watches.slice(100).map((watch) => watch.changed))
    const abandoned = found.makeTransaction(db)
    found.watch(abandoned, 'a')
    await abandoned[Symbol.asyncDispose]()
  }
  for (let number = 0; number < 20; number++) await round(number)
  // On a cluster the last of them end on another thread.
  while (native.waitingOperations() > 0) await new Promise((resolve) => setImmediate(resolve))
  t.is(await handles(), handle)
  await found.close(db)
})

test.serial('a watch alone keeps what it needs', async (t) => {
  const kept = target(`memory:kept ${Math.random()}`)
  const other = await found.open(kept)
  const watch = await (async () => {
    const db = await found.open(kept)
    return found.transactional(db, (tx) => found.watch(tx, 'a'))
  })()
  await handles()
  await write(other, 'a', '1')
  await t.notThrowsAsync(watch.changed)
  await found.close(other)
})

test.serial('values that are kept stay what they were', async (t) => {
  const db = await found.open(target('memory:'))
  await found.transactional(db, (tx) => {
    for (let index = 0; index < 2000; index++) found.set(tx, `key ${index}`, `value ${index} `.repeat(10))
  })
  const kept = await found.transactional(db, async (tx) => [
    ...(await Promise.all(Array.from({ length: 2000 }, (_, index) => found.get(tx, `key ${index}`)))),
    ...(await found.all(found.query(tx, 'key ', 'key!'))).map(([, value]) => value),
  ])
  await found.transactional(db, (tx) => found.clear(tx, '', END))
  collect()
  t.true(kept.slice(0, 2000).every((value, index) => value?.toString() === `value ${index} `.repeat(10)))
  t.true(kept.every((value) => /^(value \d+ )\1{9}$/.test(value!.toString())))
  await found.close(db)
})
