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

test('versionstamps of one transaction come in the order of the calls, at any depth, in every attempt', async (t) => {
  const db = await memory(t)
  const stamped = (tx: found.Transaction, value: string): void =>
    found.setVersionstampedKey(tx, found.packWithVersionstamp(['log', [found.nextVersionstamp(tx), 'x']]), value)
  for (const round of [1, 2]) {
    await transactional(db, (tx) => {
      for (let number = 0; number < 300; number++) stamped(tx, `${round}.${number}`)
      if (tx.attempt === 1) throw new found.FdbError(1020)
    })
  }
  const rows = await transactional(db, (tx) => found.all(found.query(tx, ...found.range(['log']))))
  t.deepEqual(rows.map(([, value]) => String(value)), [1, 2].flatMap((round) => Array.from({ length: 300 }, (_, number) => `${round}.${number}`)))
  const stamps = rows.map(([key]) => (found.unpack(key)[1] as [found.Versionstamp])[0])
  t.deepEqual(stamps.map((stamp) => stamp.userVersion), [...Array(300).keys(), ...Array(300).keys()])

  const tx = found.makeTransaction(db)
  for (let number = 0; number < 65_536; number++) found.nextVersionstamp(tx)
  t.throws(() => found.nextVersionstamp(tx), { instanceOf: RangeError, message: /^tx: / })
  found.reset(tx)
  t.is(found.nextVersionstamp(tx).userVersion, 0)
})

test('the stamp of an attempt in conflict is refused, that of the one after it known when the run is over', async (t) => {
  const db = await memory(t, { a: '1' })
  const stamps: found.CommitVersionstamp[] = []
  const version = await transactional(db, async (tx) => {
    await get(tx, 'a')
    set(tx, 'b', String(tx.attempt))
    stamps.push(found.getVersionstamp(tx))
    if (tx.attempt === 1) await write(db, 'a', '2')
    return () => found.getCommittedVersion(tx)
  })
  t.throws(version, { code: 'FOUND_TRANSACTION_OVER' })
  t.is(stamps.length, 2)
  await t.throwsAsync(stamps[0]!.stamp, { instanceOf: found.FdbError })
  t.is((await stamps[1]!.stamp).length, 10)
})

const unreadable = { instanceOf: found.FdbError, code: 'accessed_unreadable' } as const

test('what a versionstamp may touch cannot be read before the commit', async (t) => {
  const db = await memory(t)
  const stamped = found.packWithVersionstamp([new found.Versionstamp()])
  const tx = found.makeTransaction(db)
  found.setVersionstampedValue(tx, 'stamped', stamped)
  await t.throwsAsync(() => get(tx, 'stamped'), unreadable)
  // As on a cluster, a commit fails like a read that failed before it.
  await t.throwsAsync(() => found.commit(tx), unreadable)
  await transactional(db, (again) => found.setVersionstampedValue(again, 'stamped', stamped))
  t.truthy(await transactional(db, (tx) => get(tx, 'stamped')))
})

test('keys near a stamped one can be read where its stamp cannot come, which the read version tells', async (t) => {
  const db = await memory(t)
  const stamp = (fill: number): found.Versionstamp => new found.Versionstamp(Buffer.alloc(10, fill))
  const log = found.packWithVersionstamp(['log', new found.Versionstamp()])
  await transactional(db, (tx) => {
    found.setVersionstampedKey(tx, log, 'earlier')
    set(tx, found.pack(['log']), 'below')
    set(tx, found.pack(['lot']), 'above')
  })
  const [[earlier] = []] = await transactional(db, (tx) => found.all(found.query(tx, ...found.range(['log']))))
  // So that read versions are later than that of the stamp.
  await write(db, 'x', '')
  const whole = [found.pack(['log']), found.gt(found.pack(['lot']))] as const
  for (const known of [false, true]) {
    for (const snapshot of [false, true]) {
      const reads = async (read: (tx: found.Transaction) => Promise<unknown>, expected: string | undefined): Promise<void> => {
        await using tx = await found.transaction(db)
        if (known) await found.readVersion(tx)
        found.setVersionstampedKey(tx, log, 'later')
        const place = `${known ? 'with' : 'without'} a read version${snapshot ? ', snapshot' : ''}`
        if (expected === undefined) await t.throwsAsync(() => read(tx), unreadable, place)
        else t.is(String(await read(tx)), expected, place)
      }
      const at = (key: Uint8Array) => (tx: found.Transaction) => get(tx, key, { snapshot })
      await reads(at(found.pack(['log'])), 'below')
      await reads(at(earlier!), known ? 'earlier' : undefined)
      await reads(at(found.pack(['log', stamp(0xfe)])), undefined)
      await reads(at(log.subarray(0, -4)), undefined)
      await reads(at(Buffer.concat([log.subarray(0, -4), Buffer.alloc(1)])), 'undefined')
      await reads(at(found.pack(['lot'])), 'above')
      await reads((tx) => found.getKey(tx, found.gt(found.pack(['log', stamp(0xfe)])), { snapshot }), undefined)
      await reads((tx) => found.all(found.query(tx, ...whole, { snapshot })), undefined)
      await reads((tx) => found.all(found.query(tx, ...whole, { snapshot, reverse: true })), undefined)
      // Rows enough before it comes to what is unreadable.
      await reads(async (tx) => (await found.all(found.query(tx, ...whole, { snapshot, limit: 1 })))[0]?.[1], 'below')
      await reads(
        async (tx) => (await found.all(found.query(tx, ...whole, { snapshot, limit: 1, reverse: true })))[0]?.[1],
        'above',
      )
      await reads((tx) => (found.setOption(tx, 'bypass_unreadable'), at(earlier!)(tx)), 'earlier')
    }
  }
})

test('a stamped value is unreadable, whatever was set before or after it, but for who says so', async (t) => {
  const db = await memory(t, { stamped: 'of before' })
  const param = found.packWithVersionstamp(['at', new found.Versionstamp()])
  const orders: Record<string, (tx: found.Transaction) => void> = {
    'alone': () => {},
    'after a set': (tx) => set(tx, 'stamped', 'set'),
    'after a clear': (tx) => found.clear(tx, 'stamped'),
  }
  for (const [order, before] of Object.entries(orders)) {
    await using tx = await found.transaction(db)
    before(tx)
    found.setVersionstampedValue(tx, 'stamped', param)
    await t.throwsAsync(() => get(tx, 'stamped'), unreadable, order)
    await t.throwsAsync(() => get(tx, 'stamped', { snapshot: true }), unreadable, order)
    // It shows what is to be stamped, its place included.
    found.setOption(tx, 'bypass_unreadable')
    t.deepEqual(await get(tx, 'stamped'), param, order)
  }
  await using tx = await found.transaction(db)
  found.setVersionstampedValue(tx, 'stamped', param)
  set(tx, 'stamped', 'set')
  await t.throwsAsync(() => get(tx, 'stamped'), unreadable)
  found.clear(tx, 'stamped')
  t.is(await get(tx, 'stamped'), undefined)
})

test('a versionstamp whose place is wrong is refused', async (t) => {
  const db = await memory(t)
  const refused = { instanceOf: found.FdbError, code: 'client_invalid_operation' } as const
  // Too short for a place, a place of which the stamp goes past the end, and a stamp packed without its place.
  const ten = Buffer.alloc(10)
  for (const bytes of [Buffer.alloc(3), Buffer.concat([ten, hex('01000000')]), Buffer.concat([ten, hex('ffffffff')]), ten]) {
    await t.throwsAsync(() => transactional(db, (tx) => found.setVersionstampedKey(tx, bytes, 'x')), refused)
    await t.throwsAsync(() => transactional(db, (tx) => found.setVersionstampedValue(tx, 'k', bytes)), refused)
  }
  t.throws(() => found.pack([new found.Versionstamp()]), { instanceOf: TypeError, message: /packWithVersionstamp/ })
})
