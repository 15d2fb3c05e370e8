/**
 * Memory: what 1M pairs take, and whether a process that commits for ever grows. Values are bytes, not microseconds.
 */

import * as found from '../../index.js'
import { KEY_BYTES, VALUE_BYTES, mix, value } from '../lib/data.mjs'
import { load } from '../peers/found.mjs'

const SAMPLES = 40
const KEYS = 10_000

const collect = () => globalThis.gc?.()

async function settled() {
  for (let n = 0; n < 3; n++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heap: heapUsed, external }
}

async function pairs({ sizes }) {
  const before = await settled()
  const db = await found.open('memory:')
  // One value for all: it is the database that is measured, not the maker of values.
  const one = value(1)
  await load(db, sizes.pairs, () => one)
  const after = await settled()
  await found.close(db)
  const raw = sizes.pairs * (KEY_BYTES + VALUE_BYTES)
  return { values: { raw, resident: after.rss - before.rss } }
}

/** Commits on and on, as a program does for an hour, with reads, ranges and counters; samples memory. */
async function steady({ sizes }) {
  const db = await found.open('memory:')
  const small = value(1)
  const keys = Array.from({ length: KEYS }, (_, n) => `key ${n}`)
  const one = Buffer.from('0100000000000000', 'hex')
  const each = Math.ceil(sizes.transactions / SAMPLES)
  const samples = []
  const start = performance.now()
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (let n = 0; n < each; n++) {
      const at = mix(sample * each + n) % KEYS
      await found.transactional(db, async (tx) => {
        await found.get(tx, keys[at])
        found.set(tx, keys[at], small)
        if (n % 10 === 0) found.add(tx, 'counter', one)
        if (n % 100 === 0) await found.all(found.query(tx, 'key 1', 'key 2', { limit: 10 }))
      })
    }
    samples.push(await settled())
  }
  const took = (performance.now() - start) * 1000
  await found.close(db)
  // The median of the third quarter against that of the last.
  const middle = (from, to, name) =>
    samples
      .slice(from, to)
      .map((sample) => sample[name])
      .sort((a, b) => a - b)[Math.floor((to - from) / 2)]
  const quarter = SAMPLES / 4
  const grown = (name) => middle(3 * quarter, SAMPLES, name) - middle(2 * quarter, 3 * quarter, name)
  const last = samples[samples.length - 1]
  return {
    values: {
      transaction: took / (each * SAMPLES),
      resident: last.rss,
      residentGrowth: grown('rss'),
      heapGrowth: grown('heap') + grown('external'),
    },
    samples: samples.map(({ rss, heap }) => [rss, heap]),
  }
}

export const peers = { pairs, steady }
