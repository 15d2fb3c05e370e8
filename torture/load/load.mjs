// Much at once: nothing fails but what must, nothing is left over, and the event loop goes on.

import { readFileSync } from 'node:fs'
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import * as found from '../../index.js'
import { countCommits } from './workers.mjs'

/** How long our code may keep the event loop, in milliseconds. */
const BLOCKED_MAX = 50
const END = Buffer.of(0xff)

const next = () => new Promise((resolve) => setImmediate(resolve))

function assert(holds, what) {
  if (!holds) throw new Error(what)
}

/** `rounds` is 1 for the full counts, and less than 1 for a part of them. */
export async function load({ rounds: part, short, report }) {
  const directory = await mkdtemp(join(tmpdir(), 'found-db-torture-'))
  const summaries = []
  const test = (name, run) =>
    report(name, async () => {
      summaries.push(`\n  ${name}: ${await run()}`)
    })
  try {
    for (const target of ['memory:', `file:${join(directory, 'a.db')}`]) {
      const where = target.startsWith('memory') ? 'memory' : 'file'
      await test(`transactions at once, ${where}`, () => transactions(target, Math.ceil(1000 * part)))
    }
    await test('watches', watches)
    await test('operations in flight', () => operations(Math.ceil(100_000 * part)))
    await test('workers', () => countCommits(8, Math.ceil(500 * part)))
    for (const target of ['memory:', `file:${join(directory, 'b.db')}`]) {
      const where = target.startsWith('memory') ? 'memory' : 'file'
      await test(`the event loop, ${where}`, () => eventLoop(target, part, short))
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return summaries.join('')
}

/** All begin before the first commits; each adds to its own key and reads one that a hundredth of them share. */
async function transactions(target, count) {
  const db = await found.open(target)
  let attempts = 0
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      found.transactional(db, async (tx) => {
        attempts += 1
        const key = `shared ${index % 100}`
        const before = Number((await found.get(tx, key)) ?? 0)
        await next()
        found.set(tx, key, String(before + 1))
      }),
    ),
  )
  const rows = await found.all(found.scan(db, '', END))
  const sum = rows.reduce((total, [, value]) => total + Number(value), 0)
  assert(sum === count, `${sum} of ${count} were counted`)
  await found.close(db)
  return `${count} transactions, ${attempts} attempts`
}

async function watches() {
  const db = await found.open('memory:')
  const most = 10_000
  const watches = await found.transactional(db, (tx) => Array.from({ length: most }, (_, index) => found.watch(tx, `key ${index % 7}`)))
  const error = await found
    .transactional(db, (tx) => found.watch(tx, 'one more').changed)
    .then(() => undefined, (error) => error)
  const refused = await refusedWatch(db)
  assert(refused === 1032, `the one too many: ${refused ?? error}`)
  watches[0].cancel()
  await watches[0].changed.catch(() => undefined)
  assert((await refusedWatch(db)) === undefined, 'a place that is free again is not given')
  await found.transactional(db, (tx) => {
    for (let index = 0; index < 7; index++) found.set(tx, `key ${index}`, '1')
  })
  await Promise.all(watches.slice(1).map((watch) => watch.changed))
  await found.close(db)
  return `${most} watches fired, one more was refused`
}

/** The error number of a watch at once, if there is one. */
async function refusedWatch(db) {
  try {
    const watch = await found.transactional(db, (tx) => found.watch(tx, 'one more'))
    watch.cancel()
    await watch.changed.catch((error) => {
      if (error.errno === 1032) throw error
    })
    return undefined
  } catch (error) {
    return error.errno
  }
}

async function operations(count) {
  const db = await found.open('memory:')
  await found.transactional(db, (tx) => {
    for (let index = 0; index < 100; index++) found.set(tx, `key ${index}`, String(index))
  })
  const perTransaction = 10_000
  const reads = []
  const open = []
  for (let begun = 0; begun < count; begun += perTransaction) {
    const tx = found.makeTransaction(db)
    open.push(tx)
    for (let index = 0; index < Math.min(perTransaction, count - begun); index++) reads.push(found.get(tx, `key ${index % 100}`))
  }
  const values = await Promise.all(reads)
  values.forEach((value, index) => assert(Number(value) === (index % perTransaction) % 100, `read ${index}: ${value}`))
  for (const tx of open) await tx[Symbol.asyncDispose]()
  await found.close(db)
  return `${count} reads answered`
}

/**
 * Does what is large, piece by piece, and measures for how long nothing else could run. What our code does it does each
 * time, what the machine does (or the collector of garbage) now and then: so it is done three times, and the least counts.
 */
async function eventLoop(target, part, short) {
  const least = {}
  for (let time = 0; time < (short ? 1 : 3); time++) {
    for (const [name, delay] of Object.entries(await delaysOf(target, part))) least[name] = Math.min(least[name] ?? Infinity, delay)
  }
  const told = Object.entries(least).map(([name, ms]) => `${name} ${ms} ms`)
  // The short form runs beside other tests, on whatever machine.
  assert(short || Math.max(...Object.values(least)) < BLOCKED_MAX, `the event loop was blocked: ${told.join(', ')}`)
  return told.join(', ')
}

/**
 * Milliseconds that pass, without those in which this thread was ready to run and the machine had no processor for it,
 * where the system tells of them.
 */
function awake() {
  let waited = 0
  try {
    waited = Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6
  } catch {
    // Not Linux: then all counts.
  }
  return performance.now() - waited
}

/** The longest delay of each of several things to do, in milliseconds. */
async function delaysOf(target, part) {
  const db = await found.open(target)
  const delays = {}
  const measured = async (name, run) => {
    let [longest, done] = [0, false]
    const watching = (async () => {
      for (let before = awake(); ; ) {
        await setTimeout(1)
        const now = awake()
        // A millisecond is the timer's own.
        longest = Math.max(longest, now - before - 1)
        before = now
        // Only after the work: what was late must be counted.
        if (done) return
      }
    })()
    await run()
    done = true
    await watching
    delays[name] = Math.round(longest * 10) / 10
  }
  const value = Buffer.alloc(1000, 'v')
  const rows = Math.ceil(8000 * part)
  await measured('filling', async () => {
    for (let batch = 0; batch < 10; batch++) {
      const tx = found.makeTransaction(db)
      for (let row = 0; row < rows; row++) {
        found.set(tx, `row ${batch} ${row}`, value)
        // What the program does by itself is not ours to cut.
        if (row % 100 === 0) await next()
      }
      await found.commit(tx)
    }
  })
  await measured('a range to its end', () => found.transactional(db, async (tx) => {
    let count = 0
    for await (const row of found.query(tx, '', END)) count += row.length / 2
    assert(count === rows * 10, `${count} rows`)
  }))
  await measured('a scan', async () => {
    let count = 0
    for await (const row of found.scan(db, '', END)) count += row.length / 2
    assert(count === rows * 10, `${count} rows`)
  })
  const store = found.bstore.make('blobs', ['blobs'])
  await measured('a blob', async () => {
    async function* pieces() {
      for (let piece = 0; piece < Math.ceil(300 * part); piece++) {
        await next()
        yield Buffer.alloc(100_000, piece)
      }
    }
    const uid = await found.bstore.write(db, store, pieces())
    for await (const chunk of found.bstore.createReadStream(db, store, uid)) assert(chunk.length > 0, 'an empty chunk')
  })
  await measured('many small transactions', async () => {
    for (let round = 0; round < 100 * part; round++) {
      // In memory they are done at once: a program that never waits for anything else keeps the loop by itself.
      await next()
      await Promise.all(Array.from({ length: 50 }, (_, index) => found.transactional(db, (tx) => found.set(tx, `small ${index}`, '1'))))
    }
  })
  await measured('clearing', () => found.transactional(db, (tx) => found.clear(tx, '', END)))
  await measured('closing', () => found.close(db))
  return delays
}
