/**
 * Records: created, and found by one value, by two, and read.
 */

import { existsSync } from 'node:fs'
import * as found from '../../index.js'
import { mix } from '../lib/data.mjs'
import { expect, measure, once } from '../lib/measure.mjs'

const { eavstore } = found

/** Record `n` of `records`: 100 share a city. */
const record = (n, records) => ({
  name: `Name ${n}`,
  email: `name${n}@example.org`,
  city: `city${n % Math.max(1, Math.floor(records / 100))}`,
  age: mix(n) % 80,
  member: n % 3 === 0,
})

async function run(job, target, fill) {
  const { records } = job.sizes
  const db = await found.open(target)
  const store = eavstore.make('records', ['records'])
  const values = {}
  let some = []
  if (fill) {
    const took = await once(async () => {
      for (let from = 0; from < records; from += 500) {
        await found.transactional(db, async (tx) => {
          const made = []
          for (let n = from; n < Math.min(records, from + 500); n++) made.push(eavstore.create(tx, store, record(n, records)))
          some = await Promise.all(made)
        })
      }
    })
    values.create = took / records
  }
  const cities = Math.max(1, Math.floor(records / 100))
  const query = (...conditions) =>
    found.transactional(db, (tx) => found.all(eavstore.query(tx, store, ...conditions)))
  values.query = await measure(async (n) => {
    for (let i = 0; i < n; i++) {
      const uids = await query('city', `city${i % cities}`)
      expect(uids.length === Math.min(100, records), `100 records, not ${uids.length}`)
    }
  })
  some = await query('city', 'city0')
  values.both = await measure(async (n) => {
    for (let i = 0; i < n; i++) {
      const uids = await query({ city: `city${i % cities}`, age: { gte: 40 } })
      expect(uids.length > 10, `about 50 records, not ${uids.length}`)
    }
  })
  values.get = await measure(async (n) => {
    for (let i = 0; i < n; i++) {
      const read = await found.transactional(db, (tx) => eavstore.get(tx, store, some[i % some.length]))
      expect(read.city === 'city0', 'the record')
    }
  })
  await found.close(db)
  return { values }
}

export const peers = {
  found: (job) => run(job, 'memory:', true),
  'found file': (job) => {
    const path = `${job.scratch}/eavstore`
    return run(job, `file:${path}`, !existsSync(path))
  },
}
