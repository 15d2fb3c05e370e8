// A worker of the isolation part: several clients, on handles of their own, that run transactions of one kind and tell
// what they did and saw.

import { parentPort, workerData } from 'node:worker_threads'

import * as found from '../../index.js'
import { Random } from '../random.mjs'
import { runSteps, makeSteps } from '../crash/work.mjs'

const { target, kind, mode, worker, clients, turns, seed } = workerData
const LISTS = 5
const ACCOUNTS = 6
const PAIRS = 4

const snapshot = mode === 'snapshot'
const number = (bytes) => (bytes === undefined ? 0 : Number(bytes.toString()))
const listOf = (bytes) => (bytes === undefined || bytes.length === 0 ? [] : bytes.toString().slice(0, -1).split(',').map(Number))

/** A pause of no known length, so that others come in between. */
const pause = (random) => new Promise((resolve) => (random.oneIn(4) ? setTimeout(resolve, random.below(4)) : setImmediate(resolve)))

/** With snapshot reads: makes it snapshot isolation, where of two who write one key the second fails. */
function writes(tx, key) {
  if (snapshot) found.addConflictRange(tx, key, `${key}\0`, found.CONFLICT_RANGE_TYPE_READ)
}

const kinds = {
  /** Appends to lists and reads them. */
  async append(tx, random, unique) {
    const ops = []
    for (let count = 1 + random.below(5); count > 0; count--) {
      const key = `list ${random.below(LISTS)}`
      if (random.oneIn(2)) {
        const value = unique()
        writes(tx, key)
        found.appendIfFits(tx, key, `${value},`)
        ops.push(['append', key, value])
      } else {
        ops.push(['read', key, listOf(await found.get(tx, key, { snapshot }))])
      }
      await pause(random)
    }
    return ops
  },

  /** Reads and writes registers; told with its versionstamp, which says where in the order it is. */
  async register(tx, random, unique) {
    const ops = []
    for (let count = 1 + random.below(4); count > 0; count--) {
      const key = `register ${random.below(LISTS)}`
      if (random.oneIn(2)) ops.push(['read', key, number(await found.get(tx, key))])
      else {
        const value = unique()
        found.set(tx, key, String(value))
        ops.push(['write', key, value])
      }
      await pause(random)
    }
    found.setVersionstampedKey(tx, stampKey(), JSON.stringify(ops))
    return ops
  },

  /** Moves money, or reads all accounts, slowly. */
  async bank(tx, random) {
    if (random.oneIn(3)) {
      let sum = 0
      for (let account = 0; account < ACCOUNTS; account++) {
        sum += number(await found.get(tx, `account ${account}`, { snapshot: random.oneIn(2) }))
        await pause(random)
      }
      return [['sum', sum]]
    }
    const [from, to, amount] = [random.below(ACCOUNTS), random.below(ACCOUNTS), random.below(100)]
    const before = number(await found.get(tx, `account ${from}`))
    await pause(random)
    found.set(tx, `account ${from}`, String(before - amount))
    found.set(tx, `account ${to}`, String(number(await found.get(tx, `account ${to}`)) + amount))
    return []
  },

  /** Goes off duty if another is on, or on duty: one of each pair must always be. */
  async skew(tx, random) {
    const pair = random.below(PAIRS)
    const mine = `duty ${pair} ${random.below(2)}`
    const both = []
    for (const side of [0, 1]) {
      both.push(number(await found.get(tx, `duty ${pair} ${side}`, { snapshot })))
      await pause(random)
    }
    writes(tx, mine)
    if (both[0] + both[1] === 2) found.set(tx, mine, '0')
    else {
      found.set(tx, `duty ${pair} 0`, '1')
      found.set(tx, `duty ${pair} 1`, '1')
      writes(tx, `duty ${pair} 0`)
      writes(tx, `duty ${pair} 1`)
    }
    return [['duty', both[0] + both[1]]]
  },

  /** Counts. */
  async count(tx) {
    found.add(tx, 'count', Buffer.of(1, 0, 0, 0, 0, 0, 0, 0))
    return []
  },

  /** Works with the five stores. */
  async stores(tx, random, unique) {
    await runSteps(tx, String(unique()), makeSteps(random))
    return []
  },
}

function stampKey() {
  const key = Buffer.concat([Buffer.from('stamp '), Buffer.alloc(14)])
  key.writeUInt32LE(6, key.length - 4)
  return key
}

async function client(index) {
  const db = await found.open(target)
  const history = []
  let values = 0
  const place = worker * clients + index
  const unique = () => (values += 1) * 1000 + place
  for (let turn = 0; turn < turns; turn++) {
    const begun = process.hrtime.bigint()
    let ops
    const body = async (tx) => {
      ops = []
      // The same choices in each attempt: what is tried again is the same transaction.
      return (ops = await kinds[kind](tx, new Random(seed + turn * 1000 + place), unique))
    }
    const options = { idempotent: mode !== 'plain' }
    const entry = { id: `${place}.${turn}`, begun, status: 'ok' }
    try {
      entry.ops = await found.transactional(db, body, options)
    } catch (error) {
      if (!found.isMaybeCommitted(error)) throw error
      Object.assign(entry, { status: 'unknown', ops })
    }
    entry.done = process.hrtime.bigint()
    history.push(entry)
  }
  await found.close(db)
  return history
}

const histories = await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
parentPort.postMessage(histories.flat())
