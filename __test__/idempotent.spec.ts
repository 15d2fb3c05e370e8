// Commits whose answer is lost (1021), applied and not applied. The loss is played by standing in for the native
// commit, so these tests have a process of their own and run one by one.

import test from 'ava'

import * as found from '../index.js'
import { get, set, transactional } from '../index.js'
import { native } from '../lib/native.js'
import { END, keys, memory, read } from './support.js'

/** Loses the answer of the next commit that writes `count`. */
function loseNextAnswer(applied: boolean): void {
  const { commit } = native
  native.commit = async (tx) => {
    native.commit = commit
    if (applied) await commit(tx)
    throw 1021
  }
}

for (const applied of [true, false]) {
  const name = applied ? 'applied' : 'not applied'

  test.serial(`idempotent: a commit ${name} whose answer is lost counts once`, async (t) => {
    const db = await memory(t, { count: '0' })
    let bodies = 0
    loseNextAnswer(applied)
    const value = await transactional(
      db,
      async (tx) => {
        bodies += 1
        set(tx, 'count', String(Number(await get(tx, 'count')) + 1))
        return `attempt ${tx.attempt}`
      },
      { idempotent: { prefix: 'ids/' } },
    )
    t.is(await read(db, 'count'), '1')
    t.is(value, applied ? 'attempt 1' : 'attempt 2')
    t.is(bodies, applied ? 1 : 2)
    const ids = await transactional(db, (tx) => found.all(found.query(tx, 'ids/', 'ids0')))
    t.is(ids.length, 1)
  })

  test.serial(`without it, the body of a commit ${name} runs again and is told`, async (t) => {
    const db = await memory(t, { count: '0' })
    const told: boolean[] = []
    loseNextAnswer(applied)
    await transactional(db, async (tx) => {
      told.push(tx.maybeCommitted)
      set(tx, 'count', String(Number(await get(tx, 'count')) + 1))
    })
    t.is(await read(db, 'count'), applied ? '2' : '1')
    t.deepEqual(told, [false, true])
  })
}

test.serial('hooks run once after an answer was lost', async (t) => {
  const db = await memory(t)
  const stats: found.TransactionStats[] = []
  db.hooks.onPostCommit.push((_tx, each) => void stats.push(each))
  loseNextAnswer(true)
  await transactional(db, (tx) => set(tx, 'a', '1'), { idempotent: true })
  t.is(stats.length, 1)
  t.is(stats[0]!.retries, 1)
})

test.serial('a run that only reads writes no id', async (t) => {
  const db = await memory(t, { a: '1' })
  await transactional(db, (tx) => get(tx, 'a'), { idempotent: true })
  t.is(keys(await transactional(db, (tx) => found.all(found.query(tx, '', END)))), 'a')
})
