// The atomic operations, each on an absent and on a present value.

import test from 'ava'

import * as found from '../index.js'
import { get, set, transactional } from '../index.js'
import { memory, write } from './support.js'

type Operation = (tx: found.Transaction, key: found.Bytes, param: found.Bytes) => void
const hex = (text: string): Buffer => Buffer.from(text, 'hex')

// [operation, param, result on an absent value, present value, result on it]; '-' is absent.
const cases: [string, Operation, string, string, string, string][] = [
  ['add', found.add, '0500', '0500', 'ff01', '0402'],
  ['bitAnd', found.bitAnd, '0f', '0f', '3c', '0c'],
  ['bitOr', found.bitOr, '0f', '0f', '30', '3f'],
  ['bitXor', found.bitXor, '0f', '0f', '3c', '33'],
  ['max', found.max, '0001', '0001', 'ff00', '0001'],
  ['min', found.min, '0001', '0001', 'ff00', 'ff00'],
  ['byteMax', found.byteMax, '61', '61', '6061', '61'],
  ['byteMin', found.byteMin, '61', '61', '6061', '6061'],
  ['appendIfFits', found.appendIfFits, '02', '02', '01', '0102'],
  ['compareAndClear, equal', found.compareAndClear, '01', '-', '01', '-'],
  ['compareAndClear, different', found.compareAndClear, '02', '-', '01', '01'],
]

for (const [name, operation, param, onAbsent, present, onPresent] of cases) {
  test(`${name} changes the value, in the transaction and by the commit`, async (t) => {
    const db = await memory(t)
    const outcome = async (before: string): Promise<[string, string]> => {
      await transactional(db, (tx) => (before === '-' ? found.clear(tx, 'k') : set(tx, 'k', hex(before))))
      const inside = await transactional(db, (tx) => {
        operation(tx, 'k', hex(param))
        return get(tx, 'k')
      })
      const after = await transactional(db, (tx) => get(tx, 'k'))
      return [inside?.toString('hex') ?? '-', after?.toString('hex') ?? '-']
    }
    t.deepEqual(await outcome('-'), [onAbsent, onAbsent])
    t.deepEqual(await outcome(present), [onPresent, onPresent])
  })
}

test('atomic operations do not conflict with each other', async (t) => {
  const db = await memory(t)
  await write(db, 'count', Buffer.alloc(8))
  const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  let attempts = 0
  await Promise.all(
    Array.from({ length: 50 }, () =>
      transactional(db, async (tx) => {
        attempts += 1
        await found.readVersion(tx)
        found.add(tx, 'count', one)
      }),
    ),
  )
  t.is((await transactional(db, (tx) => get(tx, 'count')))?.readBigUInt64LE(), 50n)
  t.is(attempts, 50)
})

test('a versionstamped key and value get the stamp of the commit', async (t) => {
  const db = await memory(t)
  const versionstamp = await transactional(db, (tx) => {
    const stamp = new found.Versionstamp(undefined, 3)
    found.setVersionstampedKey(tx, found.packWithVersionstamp(['log', stamp]), 'entry')
    found.setVersionstampedValue(tx, 'last', found.packWithVersionstamp([stamp]))
    return found.getVersionstamp(tx)
  })
  const complete = new found.Versionstamp(await versionstamp.stamp, 3)
  await transactional(db, async (tx) => {
    const rows = await found.all(found.query(tx, ...found.range(['log'])))
    t.is(rows.length, 1)
    t.true((found.unpack(rows[0]![0])[1] as found.Versionstamp).equals(complete))
    t.true((found.unpack((await get(tx, 'last'))!)[0] as found.Versionstamp).equals(complete))
  })
})

test('several versionstamps of one transaction keep the order of their user versions', async (t) => {
  const db = await memory(t)
  for (const round of [1, 2]) {
    await transactional(db, (tx) => {
      for (const number of [0, 1, 2]) {
        const key = found.packWithVersionstamp(['log', new found.Versionstamp(undefined, number)])
        found.setVersionstampedKey(tx, key, `${round}.${number}`)
      }
    })
  }
  const rows = await transactional(db, (tx) => found.all(found.query(tx, ...found.range(['log']))))
  t.deepEqual(
    rows.map(([, value]) => value.toString()),
    ['1.0', '1.1', '1.2', '2.0', '2.1', '2.2'],
  )
})

test('what a versionstamp may touch cannot be read before the commit', async (t) => {
  const db = await memory(t)
  const stamped = found.packWithVersionstamp([new found.Versionstamp()])
  const unreadable = { instanceOf: found.FdbError, code: 'accessed_unreadable' }
  const tx = found.makeTransaction(db)
  found.setVersionstampedValue(tx, 'stamped', stamped)
  await t.throwsAsync(() => get(tx, 'stamped'), unreadable)
  // As on a cluster, a commit fails like a read that failed before it.
  await t.throwsAsync(() => found.commit(tx), unreadable)
  await transactional(db, (again) => found.setVersionstampedValue(again, 'stamped', stamped))
  t.truthy(await transactional(db, (tx) => get(tx, 'stamped')))
})

test('a versionstamp whose place is wrong is refused', async (t) => {
  const db = await memory(t)
  for (const key of [Buffer.alloc(3), Buffer.concat([Buffer.alloc(10), hex('01000000')])]) {
    await t.throwsAsync(() => transactional(db, (tx) => found.setVersionstampedKey(tx, key, 'x')), {
      instanceOf: found.FdbError,
      code: 'client_invalid_operation',
    })
  }
})
