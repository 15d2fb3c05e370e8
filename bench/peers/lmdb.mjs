/** lmdb: reads are synchronous; a write is durable when `flushed` is. */

import { existsSync } from 'node:fs'
import * as lmdb from 'lmdb'
import { key, value } from '../lib/data.mjs'
import { versionOf } from '../lib/version_of.mjs'

export async function open(_target, { scratch }) {
  const path = `${scratch}/lmdb`
  const empty = !existsSync(path)
  const db = lmdb.open({ path, keyEncoding: 'binary', encoding: 'binary', noSubdir: false })
  const readAndWrite = async (key, small) => {
    db.getBinary(key)
    await db.put(key, small)
    await db.flushed
  }
  return {
    version: versionOf('lmdb'),
    empty,
    async load(pairs) {
      for (let from = 0; from < pairs; from += 20_000) {
        await db.transaction(() => {
          for (let i = from; i < Math.min(pairs, from + 20_000); i++) db.put(key(i), value(i))
        })
      }
      await db.flushed
    },
    async get(at, n) {
      for (let i = 0; i < n; i++) if (db.getBinary(at(i)) === undefined) throw new Error('no such key')
    },
    async all(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) read += db.getRange({ start: at(i), limit: rows }).asArray.length
      return read
    },
    async each(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) for (const _ of db.getRange({ start: at(i), limit: rows })) read++
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
