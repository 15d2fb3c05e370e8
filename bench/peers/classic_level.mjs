/** classic-level (LevelDB). It has no transactions; a write with `sync` is durable. */

import { existsSync } from 'node:fs'
import { ClassicLevel } from 'classic-level'
import { key, value } from '../lib/data.mjs'
import { versionOf } from '../lib/version_of.mjs'

export async function open(_target, { scratch }) {
  const path = `${scratch}/level`
  const empty = !existsSync(path)
  const db = new ClassicLevel(path, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  await db.open()
  const readAndWrite = async (key, small) => {
    await db.get(key)
    await db.put(key, small, { sync: true })
  }
  return {
    version: versionOf('classic-level'),
    empty,
    async load(pairs) {
      for (let from = 0; from < pairs; from += 20_000) {
        const batch = []
        for (let i = from; i < Math.min(pairs, from + 20_000); i++) batch.push({ type: 'put', key: key(i), value: value(i) })
        await db.batch(batch)
      }
    },
    async get(at, n) {
      for (let i = 0; i < n; i++) if ((await db.get(at(i))) === undefined) throw new Error('no such key')
    },
    async together(at, n) {
      for (let i = 0; i < n; i++) await Promise.all(at(i).map((key) => db.get(key)))
    },
    async all(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) read += (await db.iterator({ gte: at(i), limit: rows }).all()).length
      return read
    },
    async each(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) for await (const _ of db.iterator({ gte: at(i), limit: rows })) read++
      return read
    },
    commit: async (next, small, n) => {
      for (let i = 0; i < n; i++) await readAndWrite(next(), small)
    },
    commitTogether: (next, small, n, writers) =>
      Promise.all(
        Array.from({ length: writers }, async (_, w) => {
          for (let i = w; i < n; i += writers) await readAndWrite(next(), small)
        }),
      ),
    close: () => db.close(),
  }
}
