/**
 * Keys and values: 1M pairs, read one by one, together and in ranges; small transactions.
 *
 * A peer gives the operations it has; what it lacks is left out of its values.
 */

import { beginnings, key, someKeys, value } from '../lib/data.mjs'
import { expect, measure, once } from '../lib/measure.mjs'

const TOGETHER = 100
const WRITERS = 64

/** Runs what is measured on the operations of one peer. `target` is memory or file. */
async function run(open, job, target) {
  const { pairs, rows, increments, first } = job.sizes
  const store = await open(target, job)
  const keys = someKeys(200_000, pairs)
  const begins = beginnings(1000)
  const values = {}
  const small = value(1)
  let written = pairs

  if (store.empty) {
    values.load = (await once(() => store.load(pairs))) / pairs
    if (target === 'file') {
      await store.close()
      return { values, version: store.version, again: true }
    }
  }

  if (target === 'file') values.first = (await once(() => store.get((i) => keys[i], first))) / first
  await readAll(store, keys)

  values.get = await measure((n) => store.get((i) => keys[i % keys.length], n))
  if (store.together) {
    const groups = Array.from({ length: 1000 }, (_, g) => keys.slice(g * TOGETHER, (g + 1) * TOGETHER))
    values.together = (await measure((n) => store.together((i) => groups[i % groups.length], n))) / TOGETHER
  }
  for (const name of ['all', 'each']) {
    if (!store[name]) continue
    values[name] =
      (await measure(async (n) => {
        const read = await store[name]((i) => begins[i % begins.length], n, rows)
        expect(read === n * rows, `${read} rows of ${n * rows}`)
      })) / rows
  }
  const durable = { milliseconds: job.sizes.commits, waits: target === 'file' }
  if (store.commit) values.commit = await measure((n) => store.commit(() => key(written++), small, n), durable)
  if (store.commitTogether) {
    values.commitTogether = await measure(
      (n) => store.commitTogether(() => key(written++), small, Math.max(n, WRITERS), WRITERS),
      durable,
    )
  }
  for (const name of ['count', 'add']) {
    if (!store[name] || target !== 'memory') continue
    const counter = Buffer.from(`counter of ${name}`)
    const rounds = name === 'count' ? Math.max(1, Math.round(increments / WRITERS)) : increments
    const took = await once(() => store[name](counter, WRITERS, rounds), { waits: true })
    const total = await store.read(counter)
    expect(total === WRITERS * rounds, `${total} increments of ${WRITERS * rounds}`)
    values[name] = took / (WRITERS * rounds)
  }
  await store.close()
  return { values, version: store.version }
}

/** Reads every key once, so that what is measured next finds in memory what the store keeps there. */
async function readAll(store, keys) {
  const groups = Array.from({ length: keys.length / TOGETHER }, (_, g) => keys.slice(g * TOGETHER, (g + 1) * TOGETHER))
  // In pieces, as a transaction can read for 5 s.
  const piece = groups.length / 4
  for (let from = 0; from < groups.length; from += piece) {
    if (store.together) await store.together((i) => groups[from + i], piece)
    else await store.get((i) => keys[from * TOGETHER + i], piece * TOGETHER)
  }
}

const peer = (module, target) => async (job) => run((await import(`../peers/${module}.mjs`)).open, job, target)

export const peers = {
  found: peer('found', 'memory'),
  'found file': peer('found', 'file'),
  foundationdb: peer('foundationdb', 'memory'),
  'foundationdb file': peer('foundationdb', 'file'),
  lmdb: peer('lmdb', 'file'),
  'better-sqlite3': peer('better_sqlite3', 'file'),
  'classic-level': peer('classic_level', 'file'),
}
