// What must hold of a database whose writer was killed: it is what its log says, in every key and every index.

import { createHash } from 'node:crypto'

import * as found from '../../index.js'
import { bytesOf } from '../random.mjs'
import { blobs, emptyModel, LOG, RAW, records, replaySteps, texts, tuples, versions, WORDS } from './work.mjs'

const { bstore, eavstore, nstore, pstore, vnstore } = found

/** The orders of an nstore of three columns. */
const ORDERS = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
]

/** What is wrong is an error that says where. */
function same(what, got, wanted) {
  const [gotText, wantedText] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (gotText === wantedText) return
  throw new Error(`${what}: ${gotText.slice(0, 500)} instead of ${wantedText.slice(0, 500)}`)
}

const sorted = (entries) => [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** All pairs under a tuple, the keys unpacked. */
async function under(db, tuple) {
  const rows = await found.all(found.scan(db, ...found.range(tuple)))
  return rows.map(([key, value]) => [found.unpack(key), value])
}

/**
 * Checks a database that was killed.
 *
 * @param acknowledged what the writers have said to be committed: version by id
 * @returns how many commits are there, and the newest version known
 */
export async function check(db, acknowledged, newestBefore) {
  const readVersion = await found.transactional(db, (tx) => found.readVersion(tx))
  if (readVersion <= newestBefore) throw new Error(`the read version went back: ${readVersion} after ${newestBefore}`)

  const log = await found.all(found.scan(db, LOG, found.nextPrefix(LOG)))
  const entries = log.map(([key, value]) => ({
    version: key.readBigInt64BE(LOG.length),
    ...JSON.parse(value.toString()),
  }))
  const versionOf = new Map(entries.map(({ id, version }) => [id, version]))
  same('commits made once', versionOf.size, entries.length)
  for (const [id, version] of acknowledged) {
    same(`the version of the acknowledged commit ${id}`, String(versionOf.get(id)), version)
  }
  const model = emptyModel()
  for (const { steps } of entries) replaySteps(model, steps)

  await checkPlainKeys(db, model, entries.length)
  await checkTuples(db, model)
  await checkRecords(db, model)
  await checkTexts(db, model)
  await checkFacts(db, model)
  await checkBlobs(db, model)
  return { commits: entries.length, newest: readVersion }
}

async function checkPlainKeys(db, model, commits) {
  const rows = await found.all(found.scan(db, RAW, found.nextPrefix(RAW)))
  const hex = (bytes) => bytes.toString('hex')
  same(
    'plain keys',
    rows.map(([key, value]) => [key.toString().slice(RAW.length), hex(value)]),
    sorted(model.raw).map(([key, value]) => [key, hex(value)]),
  )
  const balances = (await under(db, ['bank'])).map(([, value]) => Number(value))
  // The commit that opens the accounts comes before all others; it may not have come about.
  const opened = balances.length > 0 || commits > 0
  same('balances', balances, opened ? model.balances : [])
}

async function checkTuples(db, model) {
  const wanted = sorted(model.tuples)
  for (const [index, order] of ORDERS.entries()) {
    const rows = (await under(db, ['n', index])).map(([key, value]) => {
      const items = []
      order.forEach((column, at) => (items[column] = key[2 + at]))
      return [JSON.stringify(items), value.toString()]
    })
    same(`index ${index} of tuples`, sorted(rows), wanted)
  }
  same('rows of tuples', (await under(db, ['n'])).length, ORDERS.length * wanted.length)
  const v = nstore.var
  const byObject = await found.transactional(db, (tx) => found.all(nstore.select(tx, tuples, [v('s'), v('p'), 3])))
  same('tuples by their object', byObject.length, wanted.filter(([items]) => JSON.parse(items)[2] === 3).length)
}

async function checkRecords(db, model) {
  const verified = await eavstore.verify(db, records)
  const attributes = [...model.records.values()].reduce((sum, record) => sum + Object.keys(record).length, 0)
  same('the index of records', verified, { attributes, entries: attributes, stale: 0, missing: 0 })
  await found.transactional(db, async (tx) => {
    for (const [uid, record] of model.records) {
      const stored = await eavstore.get(tx, records, uid)
      same(`record ${uid}`, stored && sorted(Object.entries(stored)), sorted(Object.entries(record)))
    }
  })
}

async function checkTexts(db, model) {
  await found.transactional(db, async (tx) => {
    for (const [uid, counter] of model.texts) {
      const stored = await pstore.counter(tx, texts, uid)
      same(`the counter of ${uid}`, stored && sorted(stored), sorted(Object.entries(counter)))
    }
    for (const word of WORDS) {
      const hits = await pstore.search(tx, texts, [word], 1000)
      const wanted = [...model.texts].filter(([, counter]) => word in counter).map(([uid, counter]) => [uid, counter[word]])
      same(`documents with ${word}`, sorted(hits), sorted(wanted))
    }
  })
  const postings = (await under(db, [['p', Buffer.of(2)]])).length
  const counts = [...model.texts.values()].reduce((sum, counter) => sum + Object.keys(counter).length, 0)
  same('postings', postings, counts)
  same('counters', (await under(db, [['p', Buffer.of(3)]])).length, model.texts.size)
}

async function checkFacts(db, model) {
  const v = nstore.var
  const alive = await found.transactional(db, (tx) =>
    found.all(vnstore.select(tx, versions, [v('a'), v('b'), v('c')])),
  )
  const wanted = [...model.facts.keys()].sort()
  same('facts', alive.map(({ a, b, c }) => JSON.stringify([a, b, c])).sort(), wanted)
  await found.transactional(db, async (tx) => {
    for (const items of wanted) {
      const events = await vnstore.history(tx, versions, JSON.parse(items))
      same(`the history of ${items}`, events.at(-1)?.alive, true)
    }
  })
  // Each of the nine tuples' columns and indices has every row.
  const rows = await under(db, ['v', 'tuples'])
  const perIndex = new Map()
  for (const [key] of rows) perIndex.set(key[2], (perIndex.get(key[2]) ?? 0) + 1)
  same('the indices of facts', new Set(perIndex.values()).size <= 1, true)
}

async function checkBlobs(db, model) {
  await bstore.sweep(db, blobs, { olderThan: 0 })
  const chunks = new Map()
  for (const [[, uid], value] of await under(db, [['b', Buffer.of(2)]])) {
    const key = Buffer.from(uid.bytes).toString('hex')
    chunks.set(key, [...(chunks.get(key) ?? []), value])
  }
  const hashes = await under(db, [['b', Buffer.of(1)]])
  for (const [[, hash], uid] of hashes) {
    const content = chunks.get(uid.toString('hex'))
    if (content === undefined) throw new Error(`blob ${uid.toString('hex')} has a hash and no bytes`)
    const digest = createHash('blake2b512').update(Buffer.concat(content)).digest('hex')
    same(`the hash of blob ${uid.toString('hex')}`, digest, hash.toString('hex'))
  }
  same('blobs with a hash, of those with bytes', hashes.length, chunks.size)
  for (const [uid, { seed, length }] of model.blobs) {
    const content = chunks.get(uid.replaceAll('-', ''))
    if (!content || !Buffer.concat(content).equals(bytesOf(seed, length))) throw new Error(`blob ${uid} is not what was stored`)
  }
}
