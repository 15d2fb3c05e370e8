// How a process, a worker, a database ends with work under way: never by a crash, never not at all.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PACKAGE = new URL('../../index.js', import.meta.url).href
/** After so long a process counts as hanging. */
const HANGS_AFTER = 60_000
const AT_ONCE = 2

/** Begins a hundred operations that are under way at the end: watches, a scan, commits. */
const busy = (target) => `
  import * as found from ${JSON.stringify(PACKAGE)}
  const db = await found.open(${JSON.stringify(target)})
  const tx = found.makeTransaction(db)
  found.set(tx, 'open', 'never committed')
  await found.get(tx, 'a')
  const watches = await found.transactional(db, (tx) => Array.from({ length: 80 }, (_, index) => found.watch(tx, 'w' + index)))
  for (const watch of watches) watch.changed.catch(() => {})
  const scan = found.scan(db, '', 'z')
  scan.next().catch(() => {})
  const pending = Array.from({ length: 20 }, (_, index) =>
    found.transactional(db, (tx) => found.set(tx, 'key ' + index, 'v'.repeat(1000))))
  for (const each of pending) each.catch((error) => { if (error.code !== 'FOUND_CLOSED') throw error })
  for (let turns = Math.floor(Math.random() * 4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
`

/** What the process does, and how it must end. */
const WAYS = {
  'falling off the end': ['await Promise.all(pending); for (const watch of watches) watch.cancel()', { code: 0 }],
  'process.exit': ['process.exit(7)', { code: 7 }],
  'process.exit in a transaction': ['await found.transactional(db, () => process.exit(7))', { code: 7 }],
  'an unhandled rejection': ["Promise.reject(new Error('on purpose')); await new Promise(() => setInterval(() => {}, 1000))", { code: 1 }],
  'an uncaught exception': ["setTimeout(() => { throw new Error('on purpose') }); await new Promise(() => setInterval(() => {}, 1000))", { code: 1 }],
  SIGTERM: ["process.kill(process.pid, 'SIGTERM'); await new Promise(() => setInterval(() => {}, 1000))", { signal: 'SIGTERM' }],
  'closing the database': ['await found.close(db)', { code: 0 }],
  'closing and process.exit': ['found.close(db); process.exit(0)', { code: 0 }],
}

/** In one process, again and again: workers that end, databases that are closed. */
const inside = (target, rounds) => `
  import { Worker } from 'node:worker_threads'
  const source = ${JSON.stringify(`${busy(target)}
    import { parentPort, workerData } from 'node:worker_threads'
    parentPort.postMessage('ready')
    if (workerData === 'exit') process.exit(0)
    if (workerData === 'close') await found.close(db)
    else await new Promise(() => setInterval(() => {}, 1000))`)}
  const url = new URL('data:text/javascript,' + encodeURIComponent(source))
  async function one(way) {
    const worker = new Worker(url, { workerData: way })
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.once('error', (error) => { console.error(error); process.exit(1) })
    await new Promise((resolve) => worker.once('message', resolve))
    if (way === 'terminate') await worker.terminate()
    if (way !== 'close') await exited
    else { await new Promise((resolve) => setTimeout(resolve, 5)); await worker.terminate() }
  }
  for (let round = 0; round < ${rounds}; round++) await Promise.all(['exit', 'terminate', 'close'].map(one))
  process.exit(0)
`

export async function ends({ rounds, report }) {
  const directory = await mkdtemp(join(tmpdir(), 'found-db-torture-'))
  try {
    for (const [name, [program, wanted]] of Object.entries(WAYS)) {
      for (let round = 0; round < rounds; round += AT_ONCE) {
        await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, rounds - round) }, (_, index) =>
            report(`${name}, round ${round + index}`, async () => {
              const target = index === 0 ? 'memory:' : `file:${join(directory, 'a.db')}`
              await expectEnd(`${busy(target)}\n${program}`, wanted, HANGS_AFTER)
            }),
          ),
        )
      }
    }
    for (const target of ['memory:', 'memory:shared', `file:${join(directory, 'b.db')}`]) {
      await report(`workers that end, ${rounds} of each way, ${target.slice(0, 6)}`, () =>
        expectEnd(inside(target, rounds), { code: 0 }, HANGS_AFTER * 10),
      )
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return `${Object.keys(WAYS).length} ways for a process to end, 3 for a worker, ${rounds} times each`
}

function expectEnd(source, wanted, limit) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    let hangs = false
    const timer = setTimeout(() => {
      hangs = true
      child.kill('SIGKILL')
    }, limit)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const well = !hangs && (wanted.signal ? signal === wanted.signal : code === wanted.code)
      if (well) resolve()
      else reject(new Error(`${hangs ? 'hangs' : `code ${code}, signal ${signal}`}: ${output}`))
    })
  })
}
