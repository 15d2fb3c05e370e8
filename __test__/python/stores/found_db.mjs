// found-db, as one of the two programs that sharing.test.mjs has write and read.
//
//   node found_db.mjs TARGET
//
// For each line that it reads, a JSON list of calls, each [name, argument, ...], it opens the database, makes the calls
// one after the other, each in a transaction, prints a line with the list of what they gave, closes the database and
// prints an empty line. Values are JSON's, and {uuid}, {var} and {bytes}, in hex; a failure is {error: its code}.

import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'

import * as found from '../../../index.js'

const { all, bstore, eavstore, nstore, pstore, transactional, vnstore } = found

const COLUMNS = ['uid', 'key', 'value']

const decode = (value) => {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  if ('uuid' in value) return new found.Uuid(value.uuid)
  if ('var' in value) return nstore.var(value.var)
  if ('bytes' in value) return Buffer.from(value.bytes, 'hex')
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decode(item)]))
}

const encode = (value) => {
  if (value instanceof found.Uuid) return { uuid: String(value) }
  if (Buffer.isBuffer(value)) return { bytes: value.toString('hex') }
  if (Array.isArray(value)) return value.map(encode)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encode(item)]))
}

const blobs = (prefix) => bstore.make('blobs', prefix)
const tuples = ({ prefix, columns }) => nstore.make('tuples', prefix, columns)
const records = (prefix) => eavstore.make('records', prefix)
const words = (prefix) => pstore.make('words', prefix)
const versions = (prefix) => vnstore.make('versions', prefix, COLUMNS)

/** A Date comes as {date}. */
const state = (given) => {
  const { asOf, ...others } = given ?? {}
  return { ...decode(others), asOf: asOf?.date ? new Date(asOf.date) : asOf && decode(asOf) }
}

/** For the active change, which the transaction has for this very store. */
async function edit(tx, store, added, removed) {
  for (const items of removed) await vnstore.remove(tx, store, decode(items))
  for (const items of added) await vnstore.add(tx, store, decode(items))
}

const inTransactions = {
  'bstore.get_or_create': (tx, prefix, part, times) => bstore.getOrCreate(tx, blobs(prefix), part.repeat(times)),
  'bstore.get': async (tx, prefix, uid) => {
    const blob = await bstore.get(tx, blobs(prefix), decode(uid))
    return blob && [blob.length, createHash('sha256').update(blob).digest('hex')]
  },
  'bstore.size': (tx, prefix, uid) => bstore.size(tx, blobs(prefix), decode(uid)),
  'bstore.read': (tx, prefix, uid, start, end) => bstore.read(tx, blobs(prefix), decode(uid), start, end),
  'bstore.remove': (tx, prefix, uid) => bstore.remove(tx, blobs(prefix), decode(uid)),

  'nstore.add': (tx, store, rows) => {
    for (const [items, value] of rows) nstore.add(tx, tuples(store), decode(items), { value })
  },
  'nstore.remove': (tx, store, items) => nstore.remove(tx, tuples(store), decode(items)),
  'nstore.get': async (tx, store, items) => (await nstore.get(tx, tuples(store), decode(items)))?.toString(),
  'nstore.query': (tx, store, patterns) => all(nstore.query(tx, tuples(store), decode(patterns))),

  'eavstore.create': (tx, prefix, record) => eavstore.create(tx, records(prefix), decode(record)),
  'eavstore.get': (tx, prefix, uid) => eavstore.get(tx, records(prefix), decode(uid)),
  'eavstore.update': (tx, prefix, uid, record) => eavstore.update(tx, records(prefix), decode(uid), decode(record)),
  'eavstore.remove': (tx, prefix, uid) => eavstore.remove(tx, records(prefix), decode(uid)),
  'eavstore.query': (tx, prefix, ...conditions) => all(eavstore.query(tx, records(prefix), ...decode(conditions))),

  'pstore.index': async (tx, prefix, documents) => {
    for (const [docuid, counter] of documents) await pstore.index(tx, words(prefix), decode(docuid), counter)
  },
  'pstore.search': (tx, prefix, keywords, limit) => pstore.search(tx, words(prefix), keywords, limit),
  'pstore.counter': async (tx, prefix, docuid) =>
    Object.fromEntries((await pstore.counter(tx, words(prefix), decode(docuid))) ?? []),
  'pstore.remove': (tx, prefix, docuid) => pstore.remove(tx, words(prefix), decode(docuid)),

  /** A new change, not applied yet. */
  'vnstore.propose': async (tx, prefix, message, added, removed) => {
    const store = versions(prefix)
    const change = await vnstore.changeCreate(tx, store)
    await vnstore.changeMessage(tx, store, change, message)
    await edit(tx, store, added, removed)
    return change
  },
  'vnstore.edit': (tx, prefix, change, added, removed) => {
    const store = versions(prefix)
    vnstore.changeContinue(tx, store, decode(change))
    return edit(tx, store, added, removed)
  },
  'vnstore.apply': async (tx, prefix, change, options) => {
    await vnstore.changeApply(tx, versions(prefix), decode(change), options)
  },
  'vnstore.ask': (tx, prefix, items, options) => vnstore.ask(tx, versions(prefix), decode(items), state(options)),
  'vnstore.select': (tx, prefix, pattern, options) =>
    all(vnstore.select(tx, versions(prefix), decode(pattern), state(options))),
  'vnstore.query': (tx, prefix, patterns, options) =>
    all(vnstore.query(tx, versions(prefix), decode(patterns), state(options))),
  'vnstore.changes': async (tx, prefix, change) =>
    (await all(vnstore.changeChanges(tx, versions(prefix), decode(change)))).map(({ items, alive }) => [items, alive]),
  'vnstore.list': async (tx, prefix) =>
    (await all(vnstore.changeList(tx, versions(prefix)))).map(({ message, significance }) => [message, significance !== null]),
  'vnstore.diff': async (tx, prefix, from, to) =>
    (await all(vnstore.diff(tx, versions(prefix), decode(from), decode(to)))).map(({ items, alive }) => [items, alive]),
  'vnstore.history': async (tx, prefix, items) =>
    (await vnstore.history(tx, versions(prefix), decode(items))).map(({ message, alive }) => [message, alive]),

  /** How many keys there are under a prefix and, as most stores have it, under the prefix as the start of a nested tuple. */
  keys: async (tx, prefix) => {
    const nested = found.pack([prefix]).subarray(0, -1)
    const ranges = [found.range(prefix), [nested, Buffer.concat([nested, Buffer.from([0xff])])]]
    const lists = await Promise.all(ranges.map(([begin, end]) => all(found.query(tx, begin, end))))
    return lists.flat().length
  },
}

/** Those that take transactions of their own. */
const onDatabases = {
  'bstore.write': (db, prefix, part, times) => bstore.write(db, blobs(prefix), part.repeat(times)),
  'eavstore.verify': async (db, prefix, options) => {
    const { stale, missing } = await eavstore.verify(db, records(prefix), options)
    return { stale, missing }
  },
}

async function answerTo(db, [name, ...values]) {
  try {
    const onDatabase = onDatabases[name]
    if (onDatabase) return encode(await onDatabase(db, ...values))
    return encode(await transactional(db, (tx) => inTransactions[name](tx, ...values)))
  } catch (error) {
    return { error: error.code ?? error.name, message: error.message }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const db = await found.open(process.argv[2])
  const answers = []
  for (const call of JSON.parse(line)) answers.push(await answerTo(db, call))
  console.log(JSON.stringify(answers))
  await found.close(db)
  console.log()
}
