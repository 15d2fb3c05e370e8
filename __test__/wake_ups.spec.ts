// What another thread completes wakes the event loop at most once in each of its rounds. Counted, not timed: how many
// rounds there are depends on the machine, how many wake-ups there may be in them does not.

import { performance } from 'node:perf_hooks'

import test from 'ava'

import * as found from '../index.js'
import { native } from '../lib/native.js'
import { memory } from './support.js'

interface Traffic {
  readonly wakeUps: number
  readonly settled: number
  /** Rounds of the event loop, those counted that had begun before and had not ended after. */
  readonly rounds: number
}

async function trafficOf(work: () => Promise<unknown>): Promise<Traffic> {
  const rounds = (): number => performance.nodeTiming.uvMetricsInfo.loopCount
  const [before, first] = [native.traffic(), rounds()]
  await work()
  const [after, last] = [native.traffic(), rounds()]
  return { wakeUps: after[1] - before[1], settled: after[3] - before[3], rounds: last - first + 2 }
}

/** Keeps the thread busy long enough for others to do their part. */
function beBusy(): void {
  const until = performance.now() + 1
  while (performance.now() < until);
}

test.serial('a thousand watches that one commit fires wake the event loop once', async (t) => {
  const db = await memory(t)
  const watches = await found.transactional(db, (tx) =>
    Array.from({ length: 1000 }, (_, n) => found.watch(tx, `key ${n}`)),
  )
  const { wakeUps, settled, rounds } = await trafficOf(async () => {
    await found.transactional(db, (tx) => {
      for (let n = 0; n < 1000; n++) found.set(tx, `key ${n}`, '1')
    })
    await Promise.all(watches.map((watch) => watch.changed))
  })
  t.true(settled >= 1000)
  t.true(wakeUps <= rounds, `${wakeUps} wake-ups in ${rounds} rounds`)
})

test.serial('answers that are there before the next question do not each wake the event loop', async (t) => {
  const db = await memory(t, { a: '1' })
  const { wakeUps, rounds } = await trafficOf(() =>
    found.transactional(db, async (tx) => {
      for (let n = 0; n < 100; n++) {
        const value = found.get(tx, 'a')
        beBusy()
        t.is(String(await value), '1')
      }
    }),
  )
  t.true(wakeUps <= rounds, `${wakeUps} wake-ups in ${rounds} rounds`)
})

test.serial('many reads at a time share wake-ups', async (t) => {
  const db = await memory(t, { a: '1' })
  const { wakeUps, rounds } = await trafficOf(() =>
    found.transactional(db, async (tx) => {
      for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 100 }, () => found.get(tx, 'a')))
    }),
  )
  t.true(wakeUps <= rounds, `${wakeUps} wake-ups in ${rounds} rounds`)
})

test.serial('a call is one crossing, and a page of rows is one', async (t) => {
  const db = await memory(t, Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`key ${n}`, 'value'])))
  const calls = (): number => native.traffic()[0]
  await found.transactional(db, async (tx) => {
    const before = calls()
    for (let n = 0; n < 100; n++) await found.get(tx, `key ${n}`)
    // One for asking.
    t.is(calls() - before, 100 + 1)
  })
  await found.transactional(db, async (tx) => {
    const before = calls()
    await found.all(found.query(tx, 'key', 'kez', { mode: found.STREAMING_MODE_WANT_ALL }))
    t.is(calls() - before, 1 + 1)
  })
})
