/** The npm package foundationdb, on our libfdb_c: only the binding differs. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { clusterFile } from '../lib/cluster.mjs'
import { key, value } from '../lib/data.mjs'
import { versionOf } from '../lib/version_of.mjs'

const require = createRequire(import.meta.url)
const END = Buffer.of(0xff)
const ONE = Buffer.from('0100000000000000', 'hex')

export async function open(target, { scratch }) {
  const fdb = require('foundationdb')
  fdb.setAPIVersion(720)
  const path = `${scratch}/foundationdb`
  const empty = target !== 'file' || !existsSync(path)
  const db = fdb.open({ memory: 'memory:', file: `file:${path}`, cluster: clusterFile(scratch) }[target])
  return {
    version: versionOf('foundationdb'),
    empty,
    async load(pairs) {
      for (let from = 0; from < pairs; from += 20_000) {
        await db.doTn(async (tn) => {
          for (let i = from; i < Math.min(pairs, from + 20_000); i++) tn.set(key(i), value(i))
        })
      }
    },
    get: (at, n) =>
      db.doTn(async (tn) => {
        for (let i = 0; i < n; i++) if ((await tn.get(at(i))) === undefined) throw new Error('no such key')
      }),
    together: (at, n) =>
      db.doTn(async (tn) => {
        for (let i = 0; i < n; i++) await Promise.all(at(i).map((key) => tn.get(key)))
      }),
    all: (at, n, rows) =>
      db.doTn(async (tn) => {
        let read = 0
        for (let i = 0; i < n; i++) read += (await tn.getRangeAll(at(i), END, { limit: rows })).length
        return read
      }),
    each: (at, n, rows) =>
      db.doTn(async (tn) => {
        let read = 0
        for (let i = 0; i < n; i++) for await (const _ of tn.getRange(at(i), END, { limit: rows })) read++
        return read
      }),
    commit: async (next, small, n) => {
      for (let i = 0; i < n; i++) await readAndWrite(db, next(), small)
    },
    commitTogether: (next, small, n, writers) =>
      Promise.all(
        Array.from({ length: writers }, async (_, w) => {
          for (let i = w; i < n; i += writers) await readAndWrite(db, next(), small)
        }),
      ),
    count: (counter, writers, times) =>
      Promise.all(
        Array.from({ length: writers }, async () => {
          for (let i = 0; i < times; i++) await db.doTn((tn) => increment(tn, counter))
        }),
      ),
    add: (counter, writers, times) =>
      Promise.all(
        Array.from({ length: writers }, async () => {
          for (let i = 0; i < times; i++) await db.doTn(async (tn) => tn.add(counter, ONE))
        }),
      ),
    read: async (counter) => Number((await db.get(counter)).readBigUInt64LE()),
    close: async () => db.close(),
  }
}

const readAndWrite = (db, key, small) =>
  db.doTn(async (tn) => {
    await tn.get(key)
    tn.set(key, small)
  })

async function increment(tn, counter) {
  const next = Buffer.alloc(8)
  next.writeBigUInt64LE(((await tn.get(counter))?.readBigUInt64LE() ?? 0n) + 1n)
  tn.set(counter, next)
}
