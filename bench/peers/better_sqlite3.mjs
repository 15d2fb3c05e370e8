/** better-sqlite3: everything is synchronous. WAL with synchronous=FULL, which is what found-db promises. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { key, value } from '../lib/data.mjs'
import { versionOf } from '../lib/version_of.mjs'

const require = createRequire(import.meta.url)

export async function open(_target, { scratch }) {
  const Database = require('better-sqlite3')
  const path = `${scratch}/sqlite`
  const empty = !existsSync(path)
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID')
  const select = db.prepare('SELECT value FROM pairs WHERE key = ?').pluck()
  const insert = db.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?)')
  const range = db.prepare('SELECT key, value FROM pairs WHERE key >= ? ORDER BY key LIMIT ?').raw()
  const many = db.transaction((from, to) => {
    for (let i = from; i < to; i++) insert.run(key(i), value(i))
  })
  const readAndWrite = db.transaction((key, small) => {
    select.get(key)
    insert.run(key, small)
  })
  return {
    version: `${versionOf('better-sqlite3')} (SQLite ${db.prepare('SELECT sqlite_version()').pluck().get()})`,
    empty,
    async load(pairs) {
      for (let from = 0; from < pairs; from += 20_000) many(from, Math.min(pairs, from + 20_000))
    },
    get: async (at, n) =>
      db.transaction(() => {
        for (let i = 0; i < n; i++) if (select.get(at(i)) === undefined) throw new Error('no such key')
      })(),
    async all(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) read += range.all(at(i), rows).length
      return read
    },
    async each(at, n, rows) {
      let read = 0
      for (let i = 0; i < n; i++) for (const _ of range.iterate(at(i), rows)) read++
      return read
    },
    commit: async (next, small, n) => {
      for (let i = 0; i < n; i++) readAndWrite.immediate(next(), small)
    },
    close: async () => db.close(),
  }
}
