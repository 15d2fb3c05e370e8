/** found-db. */

import { existsSync, readFileSync } from 'node:fs'
import * as found from '../../index.js'
import { clusterFile } from '../lib/cluster.mjs'
import { key, value } from '../lib/data.mjs'

const END = Buffer.of(0xff)
const ONE = Buffer.from('0100000000000000', 'hex')

export const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

export async function open(target, { scratch }) {
  const path = `${scratch}/found`
  const empty = target !== 'file' || !existsSync(path)
  const db = await found.open({ memory: 'memory:', file: `file:${path}`, cluster: clusterFile(scratch) }[target])
  return {
    version,
    empty,
    load: (pairs) => load(db, pairs),
    get: (at, n) =>
      found.transactional(db, async (tx) => {
        for (let i = 0; i < n; i++) if ((await found.get(tx, at(i))) === undefined) throw new Error('no such key')
      }),
    together: (at, n) =>
      found.transactional(db, async (tx) => {
        for (let i = 0; i < n; i++) await Promise.all(at(i).map((key) => found.get(tx, key)))
      }),
    all: (at, n, rows) =>
      found.transactional(db, async (tx) => {
        let read = 0
        for (let i = 0; i < n; i++) read += (await found.all(found.query(tx, at(i), END, { limit: rows }))).length
        return read
      }),
    each: (at, n, rows) =>
      found.transactional(db, async (tx) => {
        let read = 0
        for (let i = 0; i < n; i++) for await (const _ of found.query(tx, at(i), END, { limit: rows })) read++
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
          for (let i = 0; i < times; i++) await found.transactional(db, (tx) => increment(tx, counter))
        }),
      ),
    add: (counter, writers, times) =>
      Promise.all(
        Array.from({ length: writers }, async () => {
          for (let i = 0; i < times; i++) await found.transactional(db, (tx) => found.add(tx, counter, ONE))
        }),
      ),
    read: async (counter) => Number((await found.transactional(db, (tx) => found.get(tx, counter))).readBigUInt64LE()),
    close: () => found.close(db),
  }
}

export async function load(db, pairs, valueOf = value) {
  for (let from = 0; from < pairs; from += 20_000) {
    await found.transactional(db, (tx) => {
      for (let i = from; i < Math.min(pairs, from + 20_000); i++) found.set(tx, key(i), valueOf(i))
    })
  }
}

const readAndWrite = (db, key, small) =>
  found.transactional(db, async (tx) => {
    await found.get(tx, key)
    found.set(tx, key, small)
  })

async function increment(tx, counter) {
  const next = Buffer.alloc(8)
  next.writeBigUInt64LE(((await found.get(tx, counter))?.readBigUInt64LE() ?? 0n) + 1n)
  found.set(tx, counter, next)
}
