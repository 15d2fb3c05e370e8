// An error that another attempt helps, from any call that waits, thrown or as a rejection, as it came or as what caused
// another: the body runs again. The failures are played by standing in for the native calls, so these tests have a
// process of their own and run one by one.

import test from 'ava'

import * as found from '../index.js'
import { all, query, transactional } from '../index.js'
import { native } from '../lib/native.js'
import { memory } from './support.js'

const RETRYABLE = [1007, 1009, 1020, 1021, 1037, 1038, 1042, 1051, 1078]

const blobs = found.bstore.make('blobs', ['blobs'])
const tuples = found.nstore.make('tuples', ['tuples'], 2)
const records = found.eavstore.make('records', ['records'])
const words = found.pstore.make('words', ['words'])
const facts = found.vnstore.make('facts', ['facts'], ['key', 'value'])
const nobody = new found.Uuid(Buffer.alloc(16))

/** What is called in a body, by the native call that fails under it. */
const calls: Record<string, (tx: found.Transaction) => Promise<unknown>> = {
  get: (tx) => found.get(tx, 'a'),
  getKey: (tx) => found.getKey(tx, found.gt('a')),
  range: (tx) => all(query(tx, 'a', 'z')),
  // In the middle: a row of it has been seen.
  nextPage: async (tx) => {
    let seen = 0
    for await (const row of query(tx, 'a', 'z', { targetBytes: 1 })) seen += row.length
    return seen
  },
  readVersion: (tx) => found.readVersion(tx),
  approximateSize: (tx) => found.getApproximateSize(tx),
  estimatedSize: (tx) => found.estimatedSizeBytes(tx, 'a', 'b'),
  splitPoints: (tx) => found.getRangeSplitPoints(tx, 'a', 'b', 100),
  addresses: (tx) => found.getAddressesForKey(tx, 'a'),
  // A body may commit by itself.
  commit: (tx) => found.commit(tx),
  bstoreGetOrCreate: (tx) => found.bstore.getOrCreate(tx, blobs, 'a blob'),
  bstoreRead: (tx) => found.bstore.get(tx, blobs, nobody),
  bstoreSize: (tx) => found.bstore.size(tx, blobs, nobody),
  bstoreRemove: (tx) => found.bstore.remove(tx, blobs, nobody),
  nstoreGet: (tx) => found.nstore.get(tx, tuples, ['a', 1]),
  nstoreQuery: (tx) => all(found.nstore.select(tx, tuples, ['a', found.nstore.var('b')])),
  nstoreCount: (tx) => found.nstore.count(tx, tuples, [['a', found.nstore.var('b')]]),
  eavstoreCreate: (tx) => found.eavstore.create(tx, records, { a: 1 }),
  eavstoreGet: (tx) => found.eavstore.get(tx, records, 'uid'),
  eavstoreUpdate: (tx) => found.eavstore.update(tx, records, 'uid', { a: 2 }),
  eavstoreQuery: (tx) => all(found.eavstore.query(tx, records, 'a', 1)),
  pstoreIndex: (tx) => found.pstore.index(tx, words, 'document', { word: 1 }),
  pstoreSearch: (tx) => found.pstore.search(tx, words, ['word'], 1),
  vnstoreCreate: (tx) => found.vnstore.changeCreate(tx, facts),
  vnstoreGet: (tx) => found.vnstore.get(tx, facts, ['a', 1]),
  vnstoreQuery: (tx) => all(found.vnstore.select(tx, facts, ['a', found.vnstore.var('b')])),
}

/** Has the next call of a native function fail with a number, at once or later. */
function failNext(name: string, errno: number, later: boolean): void {
  const functions = native as unknown as Record<string, (...values: unknown[]) => unknown>
  const real = functions[name]
  if (real === undefined) throw new Error(`there is no ${name}`)
  functions[name] = () => {
    functions[name] = real
    if (later) return Promise.reject(errno)
    throw errno
  }
}

/** The ways a body lets an error out. */
const ways: Record<string, (error: unknown) => unknown> = {
  'as it came': (error) => error,
  'as a cause': (error) => new Error('outer', { cause: error }),
  'as the cause of a cause': (error) => new Error('outer', { cause: new Error('inner', { cause: error }) }),
}

for (const [name, call] of Object.entries(calls)) {
  test.serial(`${name}: any retryable error of it runs the body again`, async (t) => {
    const db = await memory(t, { a: '1', b: '2', c: '3' })
    for (const errno of RETRYABLE) {
      for (const later of [false, true]) {
        for (const [way, wrap] of Object.entries(ways)) {
          const attempts: string[] = []
          failNext(name, errno, later)
          const body = async (tx: found.Transaction): Promise<void> => {
            attempts.push(`${tx.attempt} ${tx.maybeCommitted}`)
            try {
              await call(tx)
            } catch (error) {
              throw wrap(error)
            }
          }
          await transactional(db, body, { maxRetryDelay: 0 })
          t.deepEqual(attempts, ['1 false', `2 ${errno === 1021}`], `${errno} ${later ? 'rejected' : 'thrown'} ${way}`)
        }
      }
    }
  })
}

for (const later of [false, true]) {
  test.serial(`the commit of the loop, its error ${later ? 'rejected' : 'thrown'}: the body runs again`, async (t) => {
    const db = await memory(t)
    for (const errno of RETRYABLE) {
      let attempts = 0
      failNext('commit', errno, later)
      const body = (tx: found.Transaction): void => {
        attempts += 1
        found.set(tx, 'count', String(attempts))
      }
      await transactional(db, body, { maxRetryDelay: 0 })
      t.is(attempts, 2, String(errno))
    }
  })
}

test.serial('an error that no attempt helps is not tried again, from whichever call', async (t) => {
  const db = await memory(t)
  for (const [name, call] of Object.entries(calls)) {
    if (name === 'nextPage') continue
    for (const errno of [2000, 2004, 1031, 1510]) {
      let attempts = 0
      failNext(name, errno, false)
      const error = await t.throwsAsync(() => transactional(db, (tx) => ((attempts += 1), call(tx))), {
        instanceOf: found.FdbError,
      })
      t.is(error?.errno, errno, name)
      t.is(attempts, 1, name)
    }
  }
})
