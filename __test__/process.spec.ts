// How a process ends: by itself when its work is done, never by a crash, whatever is under way.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import test from 'ava'

import * as found from '../index.js'
import { folder, headerOf, packageUrl, read, run, target } from './support.js'

const busy = (target: string): string => `
  const db = await found.open(${JSON.stringify(target)})
  const tx = found.makeTransaction(db)
  found.set(tx, 'open', 'never committed')
  await found.get(tx, 'a')
  const pending = Array.from({ length: 20 }, (_, index) =>
    found.transactional(db, (tx) => found.set(tx, 'key ' + index, 'v'.repeat(1000))))
  // Some ways out close the database before these have begun to commit.
  for (const each of pending) each.catch((error) => { if (error.code !== 'FOUND_CLOSED') throw error })`

for (const kind of ['memory', 'file']) {
  const place = async (t: Parameters<typeof folder>[0]): Promise<string> =>
    target(kind === 'memory' ? 'memory:' : `file:${join(await folder(t), 'a.db')}`)

  test(`${kind}: falling off the end ends the process, handles open`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      await Promise.all(pending)
      console.log('done')`)
    t.deepEqual(ended, { code: 0, killedBy: null, output: 'done', errors: '' })
  })

  test(`${kind}: what is under way is finished before the process ends`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      Promise.all(pending).then(() => console.log('all committed'))`)
    t.deepEqual(ended, { code: 0, killedBy: null, output: 'all committed', errors: '' })
  })

  test(`${kind}: process.exit with work under way`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      await found.transactional(db, () => process.exit(7))`)
    t.deepEqual(ended, { code: 7, killedBy: null, output: '', errors: '' })
  })

  test(`${kind}: an unhandled rejection`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      Promise.reject(new Error('on purpose'))
      await new Promise((resolve) => setTimeout(resolve, 10_000))`)
    t.is(ended.code, 1)
    t.is(ended.killedBy, null)
    t.regex(ended.errors, /on purpose/)
  })

  test(`${kind}: an uncaught exception`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      setTimeout(() => { throw new Error('on purpose') })
      await new Promise((resolve) => setTimeout(resolve, 10_000))`)
    t.is(ended.code, 1)
    t.is(ended.killedBy, null)
    t.regex(ended.errors, /on purpose/)
  })

  test(`${kind}: SIGTERM`, async (t) => {
    const ended = await run(`${busy(await place(t))}
      process.kill(process.pid, 'SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, 10_000))`)
    t.is(ended.killedBy, 'SIGTERM')
  })

  test(`${kind}: many ways out, again and again`, async (t) => {
    const path = await place(t)
    for (const way of [
      '',
      'process.exit(0)',
      'await found.close(db)',
      'found.close(db); process.exit(0)',
      'setImmediate(() => process.exit(0))',
    ]) {
      for (let round = 0; round < 4; round++) {
        const ended = await run(`${busy(path)}\n${way}`)
        if (ended.code !== 0 || ended.errors !== '')
          t.deepEqual(ended, { code: 0, killedBy: null, output: '', errors: '' }, way)
      }
    }
    t.pass()
  })
}

test('an open database, and a watch that was cancelled, keep no process alive', async (t) => {
  const ended = await run(`
    const db = await found.open(MEMORY)
    const watch = await found.transactional(db, (tx) => found.watch(tx, 'a'))
    const loop = found.watchLoop(db, 'a')
    await loop.next()
    await loop.return()
    for await (const row of found.scan(db, '', 'z')) break
    watch.cancel()
    console.log('end')`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'end', errors: '' })
})

/** Whether redb's header says that the file was closed to its end. */
const isClosed = (path: string): boolean => {
  const file = readFileSync(path)
  return (file[headerOf(file) + 9]! & 2) === 0
}

const forgetting = (path: string): string => `
  import { setFlagsFromString } from 'node:v8'
  import { runInNewContext } from 'node:vm'
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const target = ${JSON.stringify(`file:${path}`)}
  const { native } = await import(new URL('lib/native.js', ${JSON.stringify(packageUrl)}).href)
  const { usedHandles } = await import(new URL('lib/transaction.js', ${JSON.stringify(packageUrl)}).href)
  const handles = native.liveHandles()
  /** Opens the database, adds one to its count, and forgets it: what is collected is freed in a turn of the event loop. */
  const count = async () => {
    await (async () => {
      const db = await found.open(target)
      await found.transactional(db, async (tx) => {
        found.set(tx, 'count', String(Number((await found.get(tx, 'count')) ?? 0) + 1))
      })
    })()
    while (native.liveHandles() > handles) {
      usedHandles.length = 0
      collect()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }`

for (const [way, end] of [
  ['falls off the end', ''],
  ['exits', 'process.exit(0)'],
  ['is left open', 'globalThis.db = await found.open(target)'],
] as const) {
  test(`a file that nobody closes is closed when it is forgotten, and the process ${way}`, async (t) => {
    const path = join(await folder(t), 'a.db')
    const program = `${forgetting(path)}
      // Each waits until the one before has let the file go.
      for (let round = 0; round < 20; round++) await count()
      ${end}`
    const ended = await run(program)
    t.deepEqual(ended, { code: 0, killedBy: null, output: '', errors: '' })
    t.true(isClosed(path))
    const db = await found.open(`file:${path}`)
    t.is(await read(db, 'count'), '20')
    t.false(isClosed(path))
    await found.close(db)
    t.true(isClosed(path))
  })
}

test('a pending watch keeps the process alive until it fires', async (t) => {
  const ended = await run(`
    const db = await found.open(MEMORY)
    const watch = await found.transactional(db, (tx) => found.watch(tx, 'a'))
    setTimeout(() => found.transactional(db, (tx) => found.set(tx, 'a', '1')), 50)
    await watch.changed
    console.log('fired')`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'fired', errors: '' })
})

test('rejections nobody waits for do not end the process', async (t) => {
  const ended = await run(`
    const db = await found.open(MEMORY)
    await found.transactional(db, (tx) => {
      found.getVersionstamp(tx)
      found.watch(tx, 'a')
      if (tx.attempt === 1) throw new found.FdbError(1020)
    })
    await found.close(db)
    console.log('end')`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'end', errors: '' })
})

test('a busy event loop and thousands of waiting operations do not block each other', async (t) => {
  const ended = await run(`
    const db = await found.open(MEMORY)
    await found.transactional(db, (tx) => found.set(tx, 'a', '0'))
    const watches = await found.transactional(db, (tx) => Array.from({ length: 1000 }, () => found.watch(tx, 'a')))
    const changed = Promise.all(watches.map((watch) => watch.changed))
    const gets = found.transactional(db, (tx) => Promise.all(Array.from({ length: 10_000 }, () => found.get(tx, 'a'))))
    await found.transactional(db, (tx) => found.set(tx, 'a', '1'))
    for (let round = 0; round < 3; round++) {
      const end = Date.now() + 200
      while (Date.now() < end);
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all([changed, gets])
    console.log('settled')`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'settled', errors: '' })
})
