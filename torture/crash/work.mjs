// What the writer of the crash part does in its transactions, and what each of them leaves: a step is plain data, `run`
// does it to a database and `replay` to a model. Each transaction notes its steps in a log, under its versionstamp, so
// the log is the order of the commits, and the model that has replayed it must be what the database is.

import * as found from '../../index.js'
import { bytesOf } from '../random.mjs'

const { bstore, eavstore, nstore, pstore, vnstore } = found

/** Where the log lies: this and the versionstamp. */
export const LOG = 'log/'
/** Where the plain keys lie. */
export const RAW = 'raw/'

export const blobs = bstore.make('blobs', ['b'])
export const records = eavstore.make('records', ['e'])
export const tuples = nstore.make('tuples', ['n'], 3)
export const texts = pstore.make('texts', ['p'])
export const versions = vnstore.make('versions', ['v'], ['thing', 'property', 'state'])

export const ACCOUNTS = 8
export const OPENING_BALANCE = 1000
const WORDS = 'ant bee cat dog eel fox gnu hen'.split(' ')

/** The model of an empty database. */
export function emptyModel() {
  return {
    raw: new Map(),
    balances: Array.from({ length: ACCOUNTS }, () => OPENING_BALANCE),
    tuples: new Map(),
    records: new Map(),
    texts: new Map(),
    facts: new Map(),
    blobs: new Map(),
  }
}

/** Each kind of step: how to make up one, how to do it, what it does to the model. */
const kinds = {
  set: {
    make: (random) => ({ key: `k${random.below(200)}`, seed: random.below(1e9), length: random.below(random.of([20, 300, 5000])) }),
    run: (tx, { key, seed, length }) => found.set(tx, RAW + key, bytesOf(seed, length)),
    replay: (model, { key, seed, length }) => model.raw.set(key, bytesOf(seed, length)),
  },
  clear: {
    make: (random) => {
      const [a, b] = [random.below(200), random.below(200)].map((number) => `k${number}`).sort()
      return random.oneIn(4) ? { begin: a, end: b } : { begin: a, end: `${a}\0` }
    },
    run: (tx, { begin, end }) => found.clear(tx, RAW + begin, RAW + end),
    replay: (model, { begin, end }) => {
      for (const key of model.raw.keys()) if (begin <= key && key < end) model.raw.delete(key)
    },
  },
  add: {
    make: (random) => ({ key: `sum${random.below(3)}`, by: 1 + random.below(9) }),
    run: (tx, { key, by }) => found.add(tx, RAW + key, bigEnd(by)),
    replay: (model, { key, by }) => {
      const before = model.raw.get(key)?.readBigUInt64LE() ?? 0n
      model.raw.set(key, bigEnd(Number(before) + by))
    },
  },
  transfer: {
    make: (random) => ({ from: random.below(ACCOUNTS), to: random.below(ACCOUNTS), amount: random.below(50) }),
    run: async (tx, { from, to, amount }) => {
      await move(tx, from, -amount)
      await move(tx, to, amount)
    },
    replay: (model, { from, to, amount }) => {
      model.balances[from] -= amount
      model.balances[to] += amount
    },
  },
  tupleAdd: {
    make: (random) => ({ items: triple(random), value: String(random.below(1e6)) }),
    run: (tx, { items, value }) => nstore.add(tx, tuples, items, { value }),
    replay: (model, { items, value }) => model.tuples.set(JSON.stringify(items), value),
  },
  tupleRemove: {
    make: (random) => ({ items: triple(random) }),
    run: (tx, { items }) => nstore.remove(tx, tuples, items),
    replay: (model, { items }) => model.tuples.delete(JSON.stringify(items)),
  },
  recordUpdate: {
    make: (random) => ({ uid: `r${random.below(30)}`, record: record(random) }),
    run: (tx, { uid, record }) => eavstore.update(tx, records, uid, record),
    replay: (model, { uid, record }) => model.records.set(uid, record),
  },
  recordRemove: {
    make: (random) => ({ uid: `r${random.below(30)}` }),
    run: (tx, { uid }) => eavstore.remove(tx, records, uid),
    replay: (model, { uid }) => model.records.delete(uid),
  },
  textIndex: {
    make: (random) => ({ uid: `d${random.below(30)}`, counter: counter(random) }),
    run: (tx, { uid, counter }) => pstore.index(tx, texts, uid, counter),
    replay: (model, { uid, counter }) => model.texts.set(uid, counter),
  },
  textRemove: {
    make: (random) => ({ uid: `d${random.below(30)}` }),
    run: (tx, { uid }) => pstore.remove(tx, texts, uid),
    replay: (model, { uid }) => model.texts.delete(uid),
  },
  change: {
    make: (random) => ({
      facts: Array.from({ length: 1 + random.below(4) }, () => ({ items: triple(random), alive: !random.oneIn(3) })),
    }),
    run: async (tx, { facts }) => {
      const change = await vnstore.changeCreate(tx, versions)
      for (const { items, alive } of facts) {
        if (alive) await vnstore.add(tx, versions, items)
        else await vnstore.remove(tx, versions, items)
      }
      await vnstore.changeApply(tx, versions, change)
    },
    replay: (model, { facts }) => {
      for (const { items, alive } of facts) {
        if (alive) model.facts.set(JSON.stringify(items), true)
        else model.facts.delete(JSON.stringify(items))
      }
    },
  },
  blobCreate: {
    make: (random) => ({ seed: random.below(12), length: random.of([0, 1, 300, 4000, 99_999, 100_001]) }),
    run: async (tx, { seed, length }) => ({ uid: String(await bstore.getOrCreate(tx, blobs, bytesOf(seed, length))) }),
    replay: (model, { seed, length, uid }) => model.blobs.set(uid, { seed, length }),
  },
}

function bigEnd(number) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(number))
  return bytes
}

async function move(tx, account, by) {
  const key = found.pack(['bank', account])
  const balance = Number(await found.get(tx, key)) + by
  found.set(tx, key, String(balance))
}

function triple(random) {
  return [`s${random.below(6)}`, `p${random.below(4)}`, random.below(6)]
}

function record(random) {
  const record = {}
  for (let count = 1 + random.below(4); count > 0; count--) record[`a${random.below(6)}`] = random.below(10)
  return record
}

function counter(random) {
  const counter = {}
  for (let count = 1 + random.below(5); count > 0; count--) counter[random.of(WORDS)] = 1 + random.below(5)
  return counter
}

/** The steps of a transaction, by chance. Each kind occurs once at most: what a step reads, no other has written. */
export function makeSteps(random) {
  const names = new Set(Array.from({ length: 1 + random.below(4) }, () => random.of(Object.keys(kinds))))
  return [...names].map((kind) => ({ kind, ...kinds[kind].make(random) }))
}

/** Does the steps, and notes them in the log. */
export async function runSteps(tx, id, steps) {
  const done = []
  for (const step of steps) done.push({ ...step, ...(await kinds[step.kind].run(tx, step)) })
  found.setVersionstampedKey(tx, logKey(), JSON.stringify({ id, steps: done }))
}

/** The key of a log entry, for a versionstamp to be written into: it ends with where. */
function logKey() {
  const key = Buffer.concat([Buffer.from(LOG), Buffer.alloc(10), Buffer.alloc(4)])
  key.writeUInt32LE(LOG.length, key.length - 4)
  return key
}

/** Does to the model what the steps have done to the database. */
export function replaySteps(model, steps) {
  for (const step of steps) kinds[step.kind].replay(model, step)
}

/** The words that documents are made of. */
export { WORDS }
