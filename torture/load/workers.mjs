// Worker threads that count on one database in memory.

import { isMainThread, Worker, workerData } from 'node:worker_threads'

import * as found from '../../index.js'

if (!isMainThread && workerData?.countOn !== undefined) {
  const db = await found.open(workerData.countOn)
  for (let turn = 0; turn < workerData.turns; turn++) {
    await found.transactional(db, async (tx) => {
      found.set(tx, 'count', String(Number((await found.get(tx, 'count')) ?? 0) + 1))
    })
  }
  await found.close(db)
}

/** Has workers add one, each so many times, all to the same key. */
export async function countCommits(workers, turns) {
  const target = 'memory:torture'
  const db = await found.open(target)
  await Promise.all(
    Array.from(
      { length: workers },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { countOn: target, turns } })
          worker.once('error', reject)
          worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))))
        }),
    ),
  )
  const count = await found.transactional(db, (tx) => found.get(tx, 'count'))
  await found.close(db)
  if (Number(count) !== workers * turns) throw new Error(`${count} of ${workers * turns}`)
  return `${workers} workers, ${count} commits on one key`
}
