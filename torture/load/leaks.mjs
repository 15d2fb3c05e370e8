// What is left of a million transactions: nothing.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import * as found from '../../index.js'
import { native } from '../../lib/native.js'
import { usedHandles } from '../../lib/transaction.js'

const END = Buffer.of(0xff)
/**
 * How much more memory the last quarter may leave than the one before it, in MB. The writes of the last five seconds are
 * kept, so memory is looked at when there are always so many.
 */
const GROWTH_MAX = 32

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** For how many turns of the event loop the count of handles must stay: finalizers run some turns after the collection. */
const CALM_TURNS = 10

/** How many handles there are when all garbage is collected. */
async function handles() {
  let count = Infinity
  for (let calm = 0; calm < CALM_TURNS; calm++) {
    usedHandles.length = 0
    collect()
    await new Promise((resolve) => setImmediate(resolve))
    const now = native.liveHandles()
    if (now !== count) calm = 0
    count = now
  }
  return count
}

const kinds = {
  /** Transactions that read and write. */
  transactions: {
    share: 1,
    run: (db, number) =>
      found.transactional(db, async (tx) => {
        await found.get(tx, 'a')
        found.set(tx, `key ${number % 100}`, 'v')
      }),
  },
  /** Transactions that are made and forgotten, with what is under way in them. */
  abandoned: {
    share: 0.1,
    run: async (db, number) => {
      const tx = found.makeTransaction(db)
      found.set(tx, 'a', String(number))
      found.get(tx, 'b').catch(() => undefined)
    },
  },
  /** Watches that fire, or are cancelled. */
  watches: {
    share: 0.1,
    run: async (db, number) => {
      const watch = await found.transactional(db, (tx) => found.watch(tx, 'w'))
      if (number % 2 === 0) watch.cancel()
      else await found.transactional(db, (tx) => found.set(tx, 'w', String(number)))
      await watch.changed.catch(() => undefined)
    },
  },
  /** Ranges and scans that are left before their end. */
  iterations: {
    share: 0.1,
    run: async (db, number) => {
      if (number % 2 === 0) for await (const row of found.scan(db, '', END, { mode: found.STREAMING_MODE_SMALL })) if (row) break
      await found.transactional(db, async (tx) => {
        for await (const row of found.query(tx, '', END, { targetBytes: 1 })) if (row) break
      })
    },
  },
}

/** `rounds` is how many transactions; of the others a tenth. */
export async function leaks({ rounds, report }) {
  const summaries = []
  for (const [name, { share, run }] of Object.entries(kinds)) {
    await report(name, async () => {
      const db = await found.open('memory:')
      for (let number = 0; number < 200; number++) await found.transactional(db, (tx) => found.set(tx, `key ${number}`, 'v'))
      const before = await handles()
      const count = Math.ceil(rounds * share)
      const memory = []
      for (const quarter of [0, 1, 2, 3]) {
        for (let number = quarter * (count / 4); number < (quarter + 1) * (count / 4); number += 20) {
          await Promise.all(Array.from({ length: 20 }, (_, index) => run(db, Math.floor(number) + index)))
          // In memory all of it is done without the event loop, in whose turns what was collected is freed.
          await new Promise((resolve) => setImmediate(resolve))
        }
        await handles()
        if (quarter >= 2) memory.push(Math.round(process.memoryUsage.rss() / 1e6))
      }
      const after = await handles()
      if (after > before) throw new Error(`${after - before} handles are left`)
      if (native.waitingOperations() !== 0) throw new Error(`${native.waitingOperations()} operations still wait`)
      if (memory[1] - memory[0] > GROWTH_MAX) throw new Error(`memory grew from ${memory[0]} to ${memory[1]} MB`)
      await found.close(db)
      summaries.push(`\n  ${name}: ${count}, no handle left, ${memory[0]} MB at three quarters, ${memory[1]} MB at the end`)
    })
  }
  return summaries.join('')
}
