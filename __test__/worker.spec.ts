// Worker threads: each has handles of its own, named databases are shared, and ending one never crashes.

import test from 'ava'

import * as found from '../index.js'
import { packageUrl, read, runPlain, target, work, write } from './support.js'

test('the main thread and eight workers use one database at once', async (t) => {
  const shared = target(`memory:workers ${Math.random()}`)
  const db = await found.open(shared)
  await write(db, 'count', '0')
  const program = `
    const db = await found.open(data)
    for (let round = 0; round < 25; round++) {
      await found.transactional(db, async (tx) => {
        found.set(tx, 'count', String(Number(await found.get(tx, 'count')) + 1))
      })
    }
    await found.close(db)`
  await Promise.all(Array.from({ length: 8 }, () => work(program, shared)))
  t.is(await read(db, 'count'), '200')
  await found.close(db)
})

test('a watch is woken by a change from another thread', async (t) => {
  const shared = target(`memory:workers ${Math.random()}`)
  const db = await found.open(shared)
  const watch = await found.transactional(db, (tx) => found.watch(tx, 'a'))
  await Promise.all([
    watch.changed,
    work(`const db = await found.open(data); await found.transactional(db, (tx) => found.set(tx, 'a', '1'))`, shared),
  ])
  t.is(await read(db, 'a'), '1')
  await found.close(db)
})

test('workers that end with work under way do not crash the process that never loaded the module itself', async (t) => {
  const worker = `
    import * as found from ${JSON.stringify(packageUrl)}
    import { parentPort, workerData } from 'node:worker_threads'
    const db = await found.open(workerData.target)
    const watches = await found.transactional(db, (tx) => Array.from({ length: 100 }, () => found.watch(tx, 'a')))
    for (const watch of watches) watch.changed.catch(() => {})
    const writing = found.transactional(db, (tx) => found.set(tx, 'b', 'v'.repeat(1000)))
    await found.transactional(db, (tx) => found.get(tx, 'a'))
    parentPort.postMessage('ready')
    if (workerData.way === 'exit') process.exit(0)
    if (workerData.way === 'wait') await new Promise(() => setInterval(() => {}, 1000))
    await writing`
  const ended = await runPlain(
    `
    import { Worker } from 'node:worker_threads'
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)}))
    async function one(way, index) {
      const target = index % 2 === 0 ? ${JSON.stringify(target('memory:'))} : ${JSON.stringify(target('memory:shared'))}
      const worker = new Worker(url, { workerData: { way, target } })
      const exited = new Promise((resolve) => worker.once('exit', resolve))
      worker.once('error', (error) => { console.error(error); process.exit(1) })
      await new Promise((resolve) => worker.once('message', resolve))
      if (way === 'wait' || way === 'terminate') await worker.terminate()
      await exited
    }
    for (let index = 0; index < 60; index += 4) {
      await Promise.all(['exit', 'wait', 'terminate', 'exit'].map((way, offset) => one(way, index + offset)))
    }
    console.log('alive')`,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'alive', errors: '' })
})

test('what wakes a worker after its end finds nobody, and the module is still there', async (t) => {
  const worker = `
    import * as found from ${JSON.stringify(packageUrl)}
    import { parentPort } from 'node:worker_threads'
    const { native } = await import(new URL('lib/native.js', ${JSON.stringify(packageUrl)}).href)
    for (let index = 0; index < 10; index++) native.wakeForTest().catch(() => {})
    parentPort.postMessage('ready')`
  const ended = await runPlain(`
    import { readFileSync } from 'node:fs'
    import { Worker } from 'node:worker_threads'
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)}))
    for (let index = 0; index < 5; index++) {
      const worker = new Worker(url)
      await new Promise((resolve) => worker.once('message', resolve))
      await worker.terminate()
    }
    // Elsewhere than on Linux a process does not see so easily what it has loaded.
    console.log(process.platform !== 'linux' || /found-db\\S*\\.node/.test(readFileSync('/proc/self/maps', 'utf8')))`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'true', errors: '' })
})

test('an error of a worker database does not reach others', async (t) => {
  await t.throwsAsync(work(`await found.open(MEMORY, { no_such_option: true })`), { any: true, message: /option: / })
  const answer = await work(`
    const db = await found.open(MEMORY)
    const value = await found.transactional(db, (tx) => (found.set(tx, 'a', 'b'), found.get(tx, 'a')))
    parentPort.postMessage(value.toString())`)
  t.is(answer, 'b')
})
