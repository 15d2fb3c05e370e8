/**
 * How cost grows: the same work on ten times the data, with ten times as much under way, with values ten times as
 * large, in a transaction ten times as large. Values are microseconds for one operation.
 */

import * as found from '../../index.js'
import { beginnings, key, mix, someKeys, value } from '../lib/data.mjs'
import { measure, once } from '../lib/measure.mjs'
import { load } from '../peers/found.mjs'

const END = Buffer.of(0xff)
const run = (db, body) => found.transactional(db, body)

/** Ten times the data: loading, reading one, reading 100 in order, committing. */
async function data(values, name, pairs) {
  const db = await found.open('memory:')
  values[`load ${name}`] = (await once(() => load(db, pairs))) / pairs
  const keys = someKeys(100_000, pairs)
  const begins = beginnings(1000)
  const small = value(2)
  values[`get ${name}`] = await measure((n) =>
    run(db, async (tx) => {
      for (let i = 0; i < n; i++) await found.get(tx, keys[i % keys.length])
    }),
  )
  values[`range ${name}`] = await measure((n) =>
    run(db, async (tx) => {
      for (let i = 0; i < n; i++) await found.all(found.query(tx, begins[i % begins.length], END, { limit: 100 }))
    }),
  )
  values[`commit ${name}`] = await measure(async (n) => {
    for (let i = 0; i < n; i++) await run(db, (tx) => found.set(tx, keys[i % keys.length], small))
  })
  await found.close(db)
}

/** Ten times as much under way: reads of one transaction, transactions, and those open all the while. */
async function concurrency(db, values, keys, width) {
  values[`together ${width}`] =
    (await measure((n) =>
      run(db, async (tx) => {
        for (let i = 0; i < n; i++) {
          await Promise.all(Array.from({ length: width }, (_, w) => found.get(tx, keys[(i * width + w) % keys.length])))
        }
      }),
    )) / width
  values[`transactions ${width}`] =
    (await measure((n) =>
      Promise.all(
        Array.from({ length: width }, async (_, w) => {
          for (let i = 0; i < n; i++) {
            const mine = keys[(i * width + w) % keys.length]
            await run(db, async (tx) => {
              await found.get(tx, mine)
              found.set(tx, mine, 'value')
            })
          }
        }),
      ),
    )) / width
}

/** Commits while many transactions are open, each with a read of its own version. */
async function openOnes(db, values, keys, width) {
  const open = []
  for (let n = 0; n < width; n++) {
    const tx = found.makeTransaction(db)
    await found.get(tx, keys[n % keys.length])
    open.push(tx)
    await run(db, (other) => found.set(other, keys[mix(n) % keys.length], 'value'))
  }
  values[`open ${width}`] = await measure(async (n) => {
    for (let i = 0; i < n; i++) await run(db, (tx) => found.set(tx, keys[i % keys.length], 'value'))
  })
  for (const tx of open) await tx[Symbol.asyncDispose]()
}

/** Values ten times as large: written and read. */
async function sizes(values, length) {
  const db = await found.open('memory:')
  const bytes = value(3, length)
  const keys = Array.from({ length: 1000 }, (_, n) => key(n))
  values[`set ${length}`] = await measure(async (n) => {
    for (let i = 0; i < n; i++) await run(db, (tx) => found.set(tx, keys[i % keys.length], bytes))
  })
  values[`value ${length}`] = await measure((n) =>
    run(db, async (tx) => {
      for (let i = 0; i < n; i++) await found.get(tx, keys[i % 100])
    }),
  )
  await found.close(db)
}

/** A transaction of so many writes that reads each of them back, in no order, and has a range cleared beside each. */
async function wide(db, values, writes) {
  values[`transaction of ${writes}`] =
    (await measure(async (n) => {
      for (let i = 0; i < n; i++) {
        await run(db, async (tx) => {
          for (let w = 0; w < writes; w++) {
            const mine = key(10_000_000 + w)
            found.set(tx, mine, 'value')
            if (w % 4 === 0) found.clear(tx, key(20_000_000 + w), Buffer.concat([key(20_000_000 + w), Buffer.of(9)]))
          }
          for (let w = 0; w < writes; w++) await found.get(tx, key(10_000_000 + w))
        })
      }
    })) / writes
}

export const peers = {
  found: async (job) => {
    const values = {}
    const { pairs } = job.sizes
    await data(values, 'of a tenth', pairs / 10)
    await data(values, 'of all', pairs)
    const db = await found.open('memory:')
    await load(db, 100_000)
    const keys = someKeys(100_000, 100_000)
    for (const width of [10, 100, 1000]) await concurrency(db, values, keys, width)
    for (const width of [10, 100, 1000]) await openOnes(db, values, keys, width)
    for (const writes of [100, 1000, 10_000]) await wide(db, values, writes)
    await found.close(db)
    for (const length of [100, 1000, 10_000, 100_000]) await sizes(values, length)
    return { values }
  },
}
