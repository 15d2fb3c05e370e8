/**
 * Blobs of 1 MB and 100 MB in memory, and the same bytes as raw pairs of 100 kB.
 */

import * as found from '../../index.js'
import { expect, measure, measureUndone, once } from '../lib/measure.mjs'

const { bstore } = found
const MB = 1_000_000
const PAIR_BYTES = 100_000
const PER_TRANSACTION = 90

/** `length` bytes that no earlier call gave. */
let calls = 0
function fresh(bytes) {
  bytes.writeUInt32LE(++calls, 0)
  return bytes
}

const pairKey = (name, n) => found.pack([name, n])

async function writeRaw(db, name, bytes) {
  const count = Math.ceil(bytes.length / PAIR_BYTES)
  for (let from = 0; from < count; from += PER_TRANSACTION) {
    await found.transactional(db, (tx) => {
      for (let n = from; n < Math.min(count, from + PER_TRANSACTION); n++) {
        found.set(tx, pairKey(name, n), bytes.subarray(n * PAIR_BYTES, (n + 1) * PAIR_BYTES))
      }
    })
  }
}

async function readRaw(db, name) {
  const [begin, end] = found.range([name])
  return found.transactional(
    db,
    async (tx) => {
      const rows = await found.all(found.query(tx, begin, end, { mode: found.STREAMING_MODE_WANT_ALL }))
      return Buffer.concat(rows.map((row) => row[1]))
    },
    { snapshot: true },
  )
}

async function streamed(db, store, uid) {
  const pieces = []
  for await (const piece of bstore.createReadStream(db, store, uid)) pieces.push(piece)
  return Buffer.concat(pieces)
}

export const peers = {
  found: async ({ sizes }) => {
    const db = await found.open('memory:')
    const store = bstore.make('blobs', ['blobs'])
    const values = {}
    const small = Buffer.alloc(MB, 'a blob of some size ')
    const remove = (uid) => found.transactional(db, (tx) => bstore.remove(tx, store, uid))

    // To remove a blob it has to be read and hashed again, which is no part of writing it.
    values.write1 = await measureUndone(
      () => found.transactional(db, (tx) => bstore.getOrCreate(tx, store, fresh(small))),
      remove,
    )
    const uid = await found.transactional(db, (tx) => bstore.getOrCreate(tx, store, fresh(small)))
    values.read1 = await measure(async (n) => {
      for (let i = 0; i < n; i++) {
        const read = await found.transactional(db, (tx) => bstore.get(tx, store, uid))
        expect(read.length === MB, 'a blob of 1 MB')
      }
    })
    values.rawWrite1 = await measureUndone(
      () => writeRaw(db, 'raw', fresh(small)),
      () => found.transactional(db, (tx) => found.clear(tx, ...found.range(['raw']))),
    )
    await writeRaw(db, 'raw', fresh(small))
    values.rawRead1 = await measure(async (n) => {
      for (let i = 0; i < n; i++) expect((await readRaw(db, 'raw')).length === MB, '1 MB of pairs')
    })

    // Microseconds for each MB of the large one.
    const megabytes = sizes.blob / MB
    const large = fresh(Buffer.alloc(sizes.blob, 'a large blob of many megabytes '))
    let largeUid
    values.write100 = (await once(async () => (largeUid = await bstore.write(db, store, large)))) / megabytes
    values.read100 =
      (await once(async () => expect((await streamed(db, store, largeUid)).length === sizes.blob, 'all of it'))) / megabytes
    await remove(largeUid)
    values.rawWrite100 = (await once(() => writeRaw(db, 'large', fresh(large)))) / megabytes
    values.rawRead100 =
      (await once(async () => expect((await readRaw(db, 'large')).length === sizes.blob, 'all of it'))) / megabytes
    await found.close(db)
    return { values }
  },
}
