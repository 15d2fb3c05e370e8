// Opening and closing databases, and their options.

import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import test from 'ava'

import * as found from '../index.js'
import { close, get, open, set, transactional } from '../index.js'
import { native } from '../lib/native.js'
import { folder, memory, read, run, work, write } from './support.js'

test('memory databases: private without a name, shared with one', async (t) => {
  const [one, two] = [await memory(t), await memory(t)]
  await write(one, 'a', '1')
  t.is(await read(two, 'a'), undefined)

  const name = `memory:shared ${Math.random()}`
  const first = await open(name)
  const second = await open(name)
  await write(first, 'a', '1')
  t.is(await read(second, 'a'), '1')
  await close(first)
  t.is(await read(second, 'a'), '1')
  await close(second)
})

test('fifty databases at once do not leak into each other', async (t) => {
  const all = await Promise.all(Array.from({ length: 50 }, () => memory(t)))
  await Promise.all(all.map((db, index) => write(db, 'a', String(index))))
  for (const [index, db] of all.entries()) t.is(await read(db, 'a'), String(index))
})

test('a file keeps what was committed', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const db = await open(target)
  await write(db, 'a', '1')
  await close(db)
  const again = await open(target)
  t.is(await read(again, 'a'), '1')
  await close(again)
})

test('a file is one database for all who open it in the process, by whatever path', async (t) => {
  const path = await folder(t)
  await mkdir(join(path, 'sub'))
  const first = await open(`file:${join(path, 'a.db')}`)
  await symlink(join(path, 'a.db'), join(path, 'link.db'))
  for (const other of [join(path, 'sub', '..', 'a.db'), join(path, 'link.db')]) {
    const second = await open(`file:${other}`)
    await write(first, 'a', other)
    t.is(await read(second, 'a'), other)
    await close(second)
  }
  t.is(await read(first, 'a'), join(path, 'link.db'))
  await close(first)
})

test('a file is one database for workers as well, and closing one leaves the others open', async (t) => {
  const path = join(await folder(t), 'a.db')
  const db = await open(`file:${path}`)
  await write(db, 'a', 'of the main thread')
  const seen = await work(
    `
    const { relative } = await import('node:path')
    const db = await found.open('file:' + relative(process.cwd(), data))
    parentPort.postMessage(String(await found.transactional(db, (tx) => found.get(tx, 'a'))))
    await found.transactional(db, (tx) => found.set(tx, 'a', 'of the worker'))
    await found.close(db)`,
    path,
  )
  t.is(seen, 'of the main thread')
  t.is(await read(db, 'a'), 'of the worker')
  await close(db)
})

test('a copy of what a killed process has left opens, whatever lies beside it', async (t) => {
  const place = await folder(t)
  await mkdir(join(place, 'data'))
  const killed = await run(`
    const db = await found.open(${JSON.stringify(`file:${join(place, 'data', 'a.db')}`)})
    await found.transactional(db, (tx) => found.set(tx, 'a', '1'))
    process.kill(process.pid, 'SIGKILL')`)
  t.is(killed.killedBy, 'SIGKILL')
  // There is no lock file that could be copied with it.
  t.deepEqual(await readdir(join(place, 'data')), ['a.db'])
  await cp(join(place, 'data'), join(place, 'copy'), { recursive: true })
  for (const name of ['copy', 'data']) {
    const db = await open(`file:${join(place, name, 'a.db')}`)
    t.is(await read(db, 'a'), '1')
    await close(db)
  }
})

test('a file that another process has open is refused, and free when that has ended', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const db = await open(target)
  await write(db, 'a', '1')
  const program = `
    try { await found.open(${JSON.stringify(target)}); console.log('opened') }
    catch (error) { console.log(error.name, error.code, error.message) }`
  const refused = await run(program)
  t.regex(refused.output, /^FdbError \w+ .*(process|lock)/, refused.errors)
  await close(db)
  t.is((await run(program)).output, 'opened')
  const again = await open(target)
  t.is(await read(again, 'a'), '1')
  await close(again)
})

test('a file whose process was killed opens at once, with what was committed', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const killed = await run(`
    const db = await found.open(${JSON.stringify(target)})
    await found.transactional(db, (tx) => found.set(tx, 'a', '1'))
    process.kill(process.pid, 'SIGKILL')`)
  t.is(killed.killedBy, 'SIGKILL')
  const db = await open(target)
  t.is(await read(db, 'a'), '1')
  await close(db)
})

test('after close each call is refused with one code', async (t) => {
  const db = await open('memory:')
  await write(db, 'a', '1')
  const tx = found.makeTransaction(db)
  await get(tx, 'a')
  const rows = found.query(tx, 'a', 'z')
  await close(db)
  const closed = { instanceOf: found.FoundError, code: 'FOUND_CLOSED' }
  const sync: (() => unknown)[] = [
    () => found.makeTransaction(db),
    () => found.databaseSetOption(db, 'max_watches', 1),
    () => found.scan(db, 'a', 'b'),
    () => found.watchLoop(db, 'a'),
    () => set(tx, 'a', '1'),
    () => found.clear(tx, 'a'),
    () => found.add(tx, 'a', '1'),
    () => found.query(tx, 'a', 'b'),
    () => found.watch(tx, 'a'),
    () => found.getVersionstamp(tx),
    () => found.reset(tx),
    () => found.cancel(tx),
    () => found.setOption(tx, 'timeout', 1),
    () => found.getCommittedVersion(tx),
    () => found.setReadVersion(tx, 1n),
    () => found.addConflictRange(tx, 'a', 'b', 0),
    () => found.getConflictingRanges(tx),
  ]
  for (const call of sync) t.throws(call, closed, String(call))
  const later: (() => Promise<unknown>)[] = [
    () => transactional(db, () => 1),
    () => found.transaction(db),
    () => found.getClientStatus(db),
    () => get(tx, 'a'),
    () => found.getKey(tx, 'a'),
    () => found.all(rows),
    () => found.commit(tx),
    () => found.onError(tx, 1020),
    () => found.readVersion(tx),
    () => found.getApproximateSize(tx),
    () => found.estimatedSizeBytes(tx, 'a', 'b'),
    () => found.getRangeSplitPoints(tx, 'a', 'b', 100),
    () => found.getAddressesForKey(tx, 'a'),
  ]
  for (const call of later) await t.throwsAsync(call, closed, String(call))
})

test('close may be called often and waits for commits under way', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const db = await open(target)
  const tx = found.makeTransaction(db)
  set(tx, 'a', '1')
  const committing = found.commit(tx)
  const [closing, again] = [close(db), close(db)]
  await t.notThrowsAsync(committing)
  await Promise.all([closing, again])
  await close(db)
  const reopened = await open(target)
  t.is(await read(reopened, 'a'), '1')
  await close(reopened)
})

test('closing blocks nobody, whatever is being committed, and the file is free when it is done', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const handle = await native.open(target)
  // Commits that the facade knows nothing of, as those of the stores.
  const commits = Array.from({ length: 20 }, (_, index) => {
    const tx = native.createTransaction(handle, false)
    native.set(tx, `key ${index}`, 'v'.repeat(10_000))
    return native.commit(tx)
  })
  const closing = native.close(handle)
  t.true(closing instanceof Promise)
  await Promise.all(commits)
  await closing
  const program = `
    const db = await found.open(${JSON.stringify(target)})
    console.log((await found.all(found.scan(db, '', 'z'))).length)`
  t.is((await run(program)).output, '20')
})

test('await using closes', async (t) => {
  let kept: found.Database
  {
    await using db = await open('memory:')
    kept = db
    await write(db, 'a', '1')
  }
  await t.throwsAsync(() => read(kept, 'a'), { code: 'FOUND_CLOSED' })
})

test('options of a database are defaults for its transactions', async (t) => {
  const db = await open('memory:', {
    transaction_retry_limit: 1,
    transaction_max_retry_delay: 1n,
    transaction_causal_read_risky: true,
  })
  t.teardown(() => close(db))
  let attempts = 0
  await t.throwsAsync(
    () =>
      transactional(db, () => {
        attempts += 1
        throw new found.FdbError(1020)
      }),
    { code: 'not_committed' },
  )
  t.is(attempts, 2)
  found.databaseSetOption(db, 'transaction_retry_limit', 0)
  found.databaseSetOption(db, 'snapshot_ryw_disable')
  attempts = 0
  await t.throwsAsync(() =>
    transactional(db, () => {
      attempts += 1
      throw new found.FdbError(1020)
    }),
  )
  t.is(attempts, 1)
})

test('options of a transaction take effect', async (t) => {
  const db = await memory(t, { a: '1' })
  await transactional(db, async (tx) => {
    found.setOption(tx, 'read_your_writes_disable')
    set(tx, 'a', '2')
    t.is((await get(tx, 'a'))?.toString(), '1')
  })
  const small = found.makeTransaction(db)
  found.setOption(small, 'size_limit', 100)
  set(small, 'b', 'v'.repeat(200))
  await t.throwsAsync(() => found.commit(small), { code: 'transaction_too_large' })
  const wrong = found.makeTransaction(db)
  found.setOption(wrong, 'size_limit', 1)
  await t.throwsAsync(() => get(wrong, 'a'), { code: 'invalid_option_value' })
})

test('what holds for the process is told', async (t) => {
  const db = await memory(t)
  t.regex(found.getClientVersion(), /^7\.3\.\d+,[0-9a-f]+,[0-9a-f]+$/)
  t.is(typeof (JSON.parse(await found.getClientStatus(db)) as unknown), 'object')
  t.throws(() => found.networkSetOption('trace_format', 'json'), { code: 'network_already_setup' })
})

test('options of the network are taken before the first database, and its end is told', async (t) => {
  const ended = await run(`
    found.networkSetOption('trace_format', 'json')
    for (const [option, value] of [['no_such', 1], ['trace_format', undefined]]) {
      try { found.networkSetOption(option, value) } catch (error) { console.log(error.name, error.message.slice(0, 6)) }
    }
    found.addNetworkThreadCompletionHook(() => console.log('network ended'))
    await found.open('memory:')
    try { found.networkSetOption('trace_format', 'xml') } catch (error) { console.log(error.code) }
    console.log('end of program')`)
  t.deepEqual(ended, {
    code: 0,
    killedBy: null,
    errors: '',
    output: ['TypeError option', 'TypeError value:', 'network_already_setup', 'end of program', 'network ended'].join(
      '\n',
    ),
  })
})
