// Scans: ranges over as many transactions as it takes.

import test from 'ava'

import * as found from '../index.js'
import { all, limit, scan, transactional } from '../index.js'
import { END, keys, memory, write } from './support.js'

async function numbered(t: Parameters<typeof memory>[0], rows: number): Promise<found.Database> {
  const db = await memory(t)
  for (let start = 0; start < rows; start += 500) {
    await transactional(db, (tx) => {
      for (let index = start; index < Math.min(rows, start + 500); index++) {
        found.set(tx, String(index).padStart(6, '0'), 'v'.repeat(200))
      }
    })
  }
  return db
}

test('gives each row once, in both directions, over many transactions', async (t) => {
  const db = await numbered(t, 3000)
  const expected = Array.from({ length: 3000 }, (_, index) => String(index).padStart(6, '0'))
  for (const mode of [found.STREAMING_MODE_WANT_ALL, found.STREAMING_MODE_SMALL]) {
    t.is(keys(await all(scan(db, '', END, { mode }))), expected.join(' '))
    t.is(keys(await all(scan(db, '', END, { mode, reverse: true }))), [...expected].reverse().join(' '))
  }
  t.is(keys(await all(scan(db, '000010', '000013'))), '000010 000011 000012')
  t.is(keys(await all(scan(db, '', END, { limit: 3 }))), expected.slice(0, 3).join(' '))
  t.is(keys(await all(scan(db, '', END, { limit: 2, reverse: true }))), '002999 002998')
})

test('goes on behind the last key, forwards and backwards', async (t) => {
  const db = await numbered(t, 100)
  for (const reverse of [false, true]) {
    let after: Buffer | undefined
    const seen: string[] = []
    for (;;) {
      const rows = await all(limit(scan(db, '', END, { after, reverse }), 7))
      if (rows.length === 0) break
      seen.push(...rows.map(([key]) => key.toString()))
      after = rows.at(-1)![0]
    }
    t.is(seen.length, 100)
    t.deepEqual(seen, reverse ? [...seen].sort().reverse() : [...seen].sort())
  }
})

test('rows that are there all the while come exactly once while others are written', async (t) => {
  const db = await numbered(t, 500)
  const seen: string[] = []
  for await (const [key] of scan(db, '', END, { mode: found.STREAMING_MODE_SMALL })) {
    seen.push(key.toString())
    if (seen.length % 50 === 0) {
      await write(db, `000${seen.length}x`, 'ahead or behind')
      await transactional(db, (tx) => found.clear(tx, '0x', '1'))
    }
  }
  const stable = seen.filter((key) => !key.endsWith('x'))
  t.is(stable.length, 500)
  t.is(new Set(seen).size, seen.length)
})

test('ends by leaving, by a signal and with its database', async (t) => {
  const db = await numbered(t, 300)
  const options = { mode: found.STREAMING_MODE_SMALL }
  for await (const row of scan(db, '', END, options)) {
    t.truthy(row)
    break
  }
  const controller = new AbortController()
  const reason = new Error('enough')
  const aborted = scan(db, '', END, { ...options, signal: controller.signal })
  await aborted.next()
  controller.abort(reason)
  t.is(await t.throwsAsync(() => all(aborted)), reason)

  const closed = scan(db, '', END, options)
  await closed.next()
  await found.close(db)
  await t.throwsAsync(() => all(closed), { code: 'FOUND_CLOSED' })
  t.throws(() => scan(db, '', END), { code: 'FOUND_CLOSED' })
})
