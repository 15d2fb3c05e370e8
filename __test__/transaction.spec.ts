// Transactions by hand: attempts, isolation, what may be called when, snapshots, versions, conflicts.

import test from 'ava'

import * as found from '../index.js'
import { clear, commit, get, makeTransaction, set, transaction, transactional } from '../index.js'
import { END, keys, memory, read, target, write } from './support.js'

const fdbError = (code: string): { instanceOf: typeof found.FdbError; code: string } => ({
  instanceOf: found.FdbError,
  code,
})

test('the example of the README', async (t) => {
  const db = await found.open(target('memory:'))
  t.is(await transactional(db, (tx) => get(tx, 'hello')), undefined)

  await transactional(db, (tx) => set(tx, 'hello', 'world'))
  t.is((await transactional(db, (tx) => get(tx, 'hello')))?.toString(), 'world')

  await transactional(db, (tx) => set(tx, 'azul', 'world'))
  const rows = await transactional(db, (tx) => found.all(found.query(tx, '', END)))
  t.deepEqual(rows, [
    [Buffer.from('azul'), Buffer.from('world')],
    [Buffer.from('hello'), Buffer.from('world')],
  ])
  await found.close(db)
})

test('reads see the transaction own writes, others only what is committed', async (t) => {
  const db = await memory(t, { a: '1', b: '2' })
  const tx = makeTransaction(db)
  set(tx, 'a', 'mine')
  clear(tx, 'b')
  t.is((await get(tx, 'a'))?.toString(), 'mine')
  t.is(await get(tx, 'b'), undefined)
  t.is(await read(db, 'a'), '1')
  await commit(tx)
  t.is(await read(db, 'a'), 'mine')
  t.is(await read(db, 'b'), undefined)
})

test('clear removes a key, or a range without its end', async (t) => {
  const db = await memory(t, { a: '', b: '', c: '', d: '' })
  await transactional(db, (tx) => clear(tx, 'a'))
  await transactional(db, (tx) => clear(tx, 'b', 'd'))
  t.is(keys(await transactional(db, (tx) => found.all(found.query(tx, '', END)))), 'd')
  await t.throwsAsync(() => transactional(db, (tx) => clear(tx, 'b', 'a')), fdbError('inverted_range'))
})

test('a transaction that read what another has written meanwhile conflicts', async (t) => {
  const db = await memory(t, { a: '1' })
  const tx = makeTransaction(db)
  await get(tx, 'a')
  set(tx, 'b', '2')
  await write(db, 'a', '3')
  const error = await t.throwsAsync(() => commit(tx), fdbError('not_committed'))
  t.is((error as found.FdbError).errno, 1020)
  t.true((error as found.FdbError).retryable)
  t.false((error as found.FdbError).maybeCommitted)
  await found.onError(tx, error)
  t.is(tx.attempt, 2)
  t.is((await get(tx, 'a'))?.toString(), '3')
  set(tx, 'b', '2')
  await commit(tx)
  t.is(await read(db, 'b'), '2')
})

test('snapshot reads and snapshot transactions add no conflict', async (t) => {
  const db = await memory(t, { a: '1' })
  for (const use of [
    (tx: found.Transaction) => get(tx, 'a', { snapshot: true }),
    (tx: found.Transaction) => found.getKey(tx, found.gte('a'), { snapshot: true }),
    (tx: found.Transaction) => found.all(found.query(tx, 'a', 'b', { snapshot: true })),
  ]) {
    const tx = makeTransaction(db)
    await use(tx)
    set(tx, 'other', '')
    await write(db, 'a', 'changed')
    await t.notThrowsAsync(() => commit(tx))
  }
})

test('conflict ranges can be added by hand', async (t) => {
  const db = await memory(t)
  const reader = makeTransaction(db)
  await found.readVersion(reader)
  found.addConflictRange(reader, 'a', 'c', found.CONFLICT_RANGE_TYPE_READ)
  set(reader, 'z', '')
  const writer = makeTransaction(db)
  found.addConflictRange(writer, 'b', 'c', found.CONFLICT_RANGE_TYPE_WRITE)
  await commit(writer)
  await t.throwsAsync(() => commit(reader), fdbError('not_committed'))
  await transactional(db, (tx) => {
    t.throws(() => found.addConflictRange(tx, 'b', 'a', 0), fdbError('inverted_range'))
  })
})

test('the ranges in conflict can be asked for', async (t) => {
  const db = await memory(t, { a: '1', b: '2', c: '3' })
  const tx = makeTransaction(db)
  found.setOption(tx, 'report_conflicting_keys')
  for (const key of ['a', 'b', 'c']) await get(tx, key)
  set(tx, 'x', '')
  await write(db, 'b', 'changed')
  await t.throwsAsync(() => commit(tx), fdbError('not_committed'))
  t.deepEqual(found.getConflictingRanges(tx), [[Buffer.from('b'), Buffer.from('b\0')]])
})

test('a snapshot transaction refuses writes', async (t) => {
  const db = await memory(t, { a: '1' })
  const tx = makeTransaction(db, { snapshot: true })
  t.true(tx.snapshot)
  t.is((await get(tx, 'a'))?.toString(), '1')
  const refused = { ...fdbError('transaction_read_only'), message: /snapshot/ }
  t.throws(() => set(tx, 'a', '2'), refused)
  t.throws(() => clear(tx, 'a'), refused)
  t.throws(() => clear(tx, 'a', 'b'), refused)
  t.throws(() => found.add(tx, 'a', '1'), refused)
  t.throws(() => found.addConflictRange(tx, 'a', 'b', found.CONFLICT_RANGE_TYPE_WRITE), refused)
  await t.throwsAsync(() => transactional(db, (inner) => set(inner, 'a', '2'), { snapshot: true }), refused)
  t.is(await read(db, 'a'), '1')
})

test('transaction gives one attempt, gone if it is left uncommitted', async (t) => {
  const db = await memory(t)
  {
    await using tx = await transaction(db)
    set(tx, 'a', '1')
  }
  t.is(await read(db, 'a'), undefined)
  let kept: found.Transaction
  {
    await using tx = await transaction(db)
    kept = tx
    set(tx, 'a', '1')
    await commit(tx)
    t.true(found.getCommittedVersion(tx) > 0n)
  }
  t.is(await read(db, 'a'), '1')
  await t.throwsAsync(() => get(kept, 'a'), { instanceOf: found.FoundError, code: 'FOUND_TRANSACTION_OVER' })
})

test('versions: read, committed, and reading in the past', async (t) => {
  const db = await memory(t, { a: '1' })
  const tx = makeTransaction(db)
  const version = await found.readVersion(tx)
  t.is(typeof version, 'bigint')
  t.is(found.getCommittedVersion(tx), -1n)
  set(tx, 'a', '2')
  await commit(tx)
  const committed = found.getCommittedVersion(tx)
  t.true(committed > version)

  const past = makeTransaction(db)
  found.setReadVersion(past, version)
  t.is((await get(past, 'a'))?.toString(), '1')
  const present = makeTransaction(db)
  found.setReadVersion(present, committed)
  t.is((await get(present, 'a'))?.toString(), '2')

  const readOnly = makeTransaction(db)
  await get(readOnly, 'a')
  await commit(readOnly)
  t.is(found.getCommittedVersion(readOnly), -1n)

  const future = makeTransaction(db)
  found.setReadVersion(future, committed + 1_000_000_000n)
  await t.throwsAsync(() => get(future, 'a'), fdbError('future_version'))

  const never = makeTransaction(db)
  found.setReadVersion(never, found.getCommittedVersion(readOnly))
  await t.throwsAsync(() => get(never, 'a'), fdbError('version_invalid'))
})

test('a timeout stays until the transaction is reset', async (t) => {
  const db = await memory(t)
  const tx = makeTransaction(db)
  found.setOption(tx, 'timeout', 1)
  await t.throwsAsync(async () => {
    for (;;) {
      await get(tx, 'a')
      await new Promise((resolve) => setImmediate(resolve))
    }
  }, fdbError('transaction_timed_out'))
  await t.throwsAsync(() => commit(tx), fdbError('transaction_timed_out'))
  await t.throwsAsync(() => found.onError(tx, 1020), fdbError('transaction_timed_out'))
  await t.throwsAsync(() => commit(tx), fdbError('transaction_timed_out'))
  found.reset(tx)
  await commit(tx)
  t.pass()
})

test('a transaction older than five seconds cannot read; a scan goes on', async (t) => {
  // Too large for two of them to come in one small page.
  const large = 'v'.repeat(1000)
  const db = await memory(t, { a: large, b: large, c: large })
  const old = makeTransaction(db)
  const version = await found.readVersion(old)
  const rows = found.query(old, 'a', 'z', { targetBytes: 1 })
  await rows.next()
  const scanned = found.scan(db, 'a', 'z', { mode: found.STREAMING_MODE_SMALL })
  await scanned.next()
  // Versions are told by the clock, a million a second.
  while ((await transactional(db, (tx) => found.readVersion(tx))) < version + 5_500_000n) {
    await write(db, 'x', '')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const tooOld = fdbError('transaction_too_old')
  await t.throwsAsync(() => get(old, 'not read before'), tooOld)
  await t.throwsAsync(() => found.all(rows), tooOld)
  t.is(keys(await found.all(scanned)), 'b c x')
})

test('a versionstamp is known after the commit', async (t) => {
  const db = await memory(t)
  const tx = makeTransaction(db)
  set(tx, 'a', '1')
  const versionstamp = found.getVersionstamp(tx)
  t.throws(() => versionstamp.stamp, { code: 'FOUND_WOULD_DEADLOCK' })
  await commit(tx)
  const stamp = await versionstamp.stamp
  t.is(stamp.length, 10)
  t.is(stamp.readBigUInt64BE(), found.getCommittedVersion(tx))

  const readOnly = makeTransaction(db)
  await get(readOnly, 'a')
  const none = found.getVersionstamp(readOnly)
  await commit(readOnly)
  await t.throwsAsync(() => none.stamp, fdbError('no_commit_version'))

  const failed = makeTransaction(db)
  await get(failed, 'a')
  set(failed, 'a', '2')
  const never = found.getVersionstamp(failed)
  await write(db, 'a', '3')
  await t.throwsAsync(() => commit(failed), fdbError('not_committed'))
  await t.throwsAsync(() => never.stamp, { instanceOf: found.FdbError })
})

test('sizes and places of ranges are told', async (t) => {
  const db = await memory(t)
  await transactional(db, (tx) => {
    for (let index = 0; index < 500; index++) set(tx, String(index).padStart(4, '0'), 'v'.repeat(1000))
  })
  await transactional(db, async (tx) => {
    t.is(await found.getApproximateSize(tx), 0)
    set(tx, 'a', 'b')
    t.true((await found.getApproximateSize(tx)) > 0)
    const size = await found.estimatedSizeBytes(tx, '', END)
    t.true(size > 250_000 && size < 1_000_000, String(size))
    const points = await found.getRangeSplitPoints(tx, '', 'z', 100_000)
    t.true(points.length > 2)
    t.is(points[0]!.toString(), '')
    t.is(points.at(-1)!.toString(), 'z')
    const addresses = await found.getAddressesForKey(tx, 'a')
    t.true(addresses.length > 0 && addresses.every((address) => typeof address === 'string'))
  })
})

test('reset makes a transaction new, cancel ends what it waits for', async (t) => {
  const db = await memory(t)
  const tx = makeTransaction(db)
  tx.vars.cache = 1
  set(tx, 'a', '1')
  found.reset(tx)
  t.deepEqual(Object.keys(tx.vars), [])
  await commit(tx)
  t.is(await read(db, 'a'), undefined)

  found.reset(tx)
  found.cancel(tx)
  await t.throwsAsync(() => get(tx, 'a'), fdbError('transaction_cancelled'))
  await t.throwsAsync(() => commit(tx), fdbError('transaction_cancelled'))
  found.reset(tx)
  set(tx, 'a', '2')
  await commit(tx)
  t.is(await read(db, 'a'), '2')
})

test('a second commit is refused', async (t) => {
  const db = await memory(t)
  const tx = makeTransaction(db)
  set(tx, 'a', '1')
  const [first, second] = await Promise.allSettled([commit(tx), commit(tx)])
  t.is(first.status, 'fulfilled')
  t.is((second as PromiseRejectedResult).reason.code, 'used_during_commit')
  await t.throwsAsync(() => get(tx, 'a'), fdbError('used_during_commit'))
})

test('calls that overlap end with documented codes only', async (t) => {
  const db = await memory(t, { a: '1' })
  const calls: Record<string, (tx: found.Transaction) => unknown> = {
    get: (tx) => get(tx, 'a'),
    set: (tx) => set(tx, 'a', '2'),
    commit: (tx) => commit(tx),
    reset: (tx) => found.reset(tx),
    cancel: (tx) => found.cancel(tx),
    onError: (tx) => found.onError(tx, 1020),
    query: (tx) => found.all(found.query(tx, 'a', 'z')),
    watch: (tx) => found.watch(tx, 'a'),
  }
  const allowed = new Set(['transaction_cancelled', 'used_during_commit', 'not_committed'])
  for (const [first, one] of Object.entries(calls)) {
    for (const [second, two] of Object.entries(calls)) {
      const tx = makeTransaction(db)
      set(tx, 'b', '1')
      const outcomes = await Promise.allSettled([one, two].map(async (call) => call(tx)))
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        const { code } = outcome.reason as found.FdbError
        if (!allowed.has(code)) t.fail(`${first} with ${second}: ${String(outcome.reason)}`)
      }
      await tx[Symbol.asyncDispose]()
    }
  }
  t.pass()
})

test('onError takes an error, what it caused, or a number, and gives back what cannot be helped', async (t) => {
  const db = await memory(t)
  const tx = makeTransaction(db)
  await found.onError(tx, 1020)
  await found.onError(tx, new found.FdbError(1007))
  await found.onError(tx, new Error('in the body', { cause: new found.FdbError(1009) }))
  t.is(tx.attempt, 4)
  t.false(tx.maybeCommitted)
  await found.onError(tx, 1021)
  t.true(tx.maybeCommitted)
  const other = new Error('of something else')
  t.is(await t.throwsAsync(() => found.onError(tx, other)), other)
  await t.throwsAsync(() => found.onError(tx, 'text'), { instanceOf: TypeError, message: /^error: / })
  await t.throwsAsync(() => found.onError(tx, 2000), fdbError('client_invalid_operation'))
})

test('limits of sizes show at the commit, or at what is next waited for', async (t) => {
  const db = await memory(t)
  const attempt = (use: (tx: found.Transaction) => void): Promise<void> => transactional(db, use)
  await t.notThrowsAsync(attempt((tx) => set(tx, 'k'.repeat(10_000), 'v'.repeat(100_000))))
  await t.throwsAsync(
    attempt((tx) => set(tx, 'k'.repeat(10_001), '')),
    fdbError('key_too_large'),
  )
  await t.throwsAsync(
    attempt((tx) => set(tx, 'k', 'v'.repeat(100_001))),
    fdbError('value_too_large'),
  )
  await t.throwsAsync(
    attempt((tx) => {
      for (let index = 0; index < 110; index++) set(tx, `k${index}`, 'v'.repeat(100_000))
    }),
    fdbError('transaction_too_large'),
  )
  await t.throwsAsync(
    attempt((tx) => set(tx, Buffer.from([0xff, 1]), '')),
    fdbError('key_outside_legal_range'),
  )
  t.is(await read(db, 'k'), undefined)
})

test('thousands of transactions may be open', async (t) => {
  const db = await memory(t, { a: '1' })
  const open = Array.from({ length: 5000 }, () => makeTransaction(db))
  const values = await Promise.all(open.map((tx) => get(tx, 'a')))
  t.true(values.every((value) => value?.toString() === '1'))
  for (const tx of open) await tx[Symbol.asyncDispose]()
})
