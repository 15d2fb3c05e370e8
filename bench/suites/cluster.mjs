/**
 * The path of a cluster: through a client library loaded at run time, whose network thread completes every future. The
 * library is crates/stand-in with a database in memory behind it, so that what is left is the cost that is ours: times,
 * and for found-db how often the event loop is woken and how often JavaScript and native code cross.
 */

import { performance } from 'node:perf_hooks'
import { beginnings, key, someKeys, value } from '../lib/data.mjs'
import { expect, measure } from '../lib/measure.mjs'

const PAIRS = 20_000
const TOGETHER = 100
const WRITERS = 64
const ROWS = 1000

async function run(open, job, traffic) {
  const store = await open('cluster', job)
  await store.load(PAIRS)
  const keys = someKeys(PAIRS, PAIRS)
  const groups = Array.from({ length: PAIRS / TOGETHER }, (_, g) => keys.slice(g * TOGETHER, (g + 1) * TOGETHER))
  const begins = beginnings(100)
  const small = value(1)
  let written = PAIRS
  // What `run(n)` does `n` times, and how many operations that is.
  const works = {
    get: [1, (n) => store.get((i) => keys[i % keys.length], n)],
    together: [TOGETHER, (n) => store.together((i) => groups[i % groups.length], n)],
    rows: [
      ROWS,
      async (n) => {
        const read = await store.all((i) => begins[i % begins.length], n, ROWS)
        expect(read === n * ROWS, `${read} rows of ${n * ROWS}`)
      },
    ],
    commits: [WRITERS, (n) => store.commitTogether(() => key(written++), small, n * WRITERS, WRITERS)],
  }
  const values = {}
  for (const [name, [operations, work]] of Object.entries(works)) {
    values[name] = (await measure(work)) / operations
    if (traffic) {
      const times = Math.ceil(job.sizes.crossings / operations)
      const counts = await counted(traffic, () => work(times))
      for (const [what, count] of Object.entries(counts)) values[`${name} ${what}`] = count / (times * operations)
    }
  }
  await store.close()
  return { values, version: store.version }
}

/** What crosses while something runs. */
async function counted(traffic, work) {
  const rounds = () => performance.nodeTiming.uvMetricsInfo.loopCount
  const [before, first] = [traffic(), rounds()]
  await work()
  const [after, last] = [traffic(), rounds()]
  const [calls, wakeUps, turns] = after.map((count, index) => count - before[index])
  return {
    // Each turn is a crossing the other way.
    crossings: calls + turns,
    'wake-ups': wakeUps,
    // The one that had begun before, and the one that has not ended.
    rounds: last - first + 2,
  }
}

export const peers = {
  found: async (job) => {
    const { native } = await import('../../lib/native.js')
    return run((await import('../peers/found.mjs')).open, job, () => native.traffic())
  },
  foundationdb: async (job) => run((await import('../peers/foundationdb.mjs')).open, job),
}
