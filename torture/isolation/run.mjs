// One history: workers that run transactions of one kind on one database in memory, and the judgement of what they saw.
// It is a process of its own, because failures by chance are switched on for a whole process.
//
//   node run.mjs KIND MODE SEED TURNS
//
// Modes: `serializable`; `snapshot` for snapshot reads; `plain` without idempotency. Prints a summary.

import { Worker } from 'node:worker_threads'

import * as found from '../../index.js'
import { check } from '../crash/check.mjs'
import { ACCOUNTS, OPENING_BALANCE, blobs } from '../crash/work.mjs'
import { bytesOf } from '../random.mjs'
import { anyCycle, cycleOfOneRw, edgesOf } from './cycles.mjs'

const WORKERS = 4
const CLIENTS = 4
const [kind, mode, seedText, turnsText] = process.argv.slice(2)
const [seed, turns] = [Number(seedText), Number(turnsText)]
const target = 'memory:isolation'
const db = await found.open(target)

function work(worker) {
  return new Promise((resolve, reject) => {
    const data = { target, kind, mode, worker, clients: CLIENTS, turns, seed }
    const thread = new Worker(new URL('worker.mjs', import.meta.url), { workerData: data })
    thread.once('message', resolve)
    thread.once('error', reject)
  })
}

const prepare = {
  bank: (tx) => {
    for (let account = 0; account < 6; account++) found.set(tx, `account ${account}`, '1000')
  },
  skew: (tx) => {
    for (let pair = 0; pair < 4; pair++) for (const side of [0, 1]) found.set(tx, `duty ${pair} ${side}`, '1')
  },
  stores: (tx) => {
    for (let account = 0; account < ACCOUNTS; account++) {
      found.set(tx, found.pack(['bank', account]), String(OPENING_BALANCE))
    }
  },
}

const rows = (prefix) => found.all(found.scan(db, prefix, found.nextPrefix(prefix)))

const judge = {
  async append(history) {
    const lists = (await rows('list ')).map(([key, value]) => [key.toString(), value.toString().slice(0, -1).split(',').map(Number)])
    const edges = edgesOf(history, new Map(lists))
    const cycle = anyCycle(history, edges)
    if (mode === 'serializable' && cycle !== undefined) throw new Error(`a cycle: ${cycle}`)
    if (mode === 'snapshot') {
      const forbidden = cycleOfOneRw(history, edges)
      if (forbidden !== undefined) throw new Error(`a cycle that snapshot isolation forbids: ${forbidden}`)
      if (cycle === undefined) throw new Error('no cycle: that snapshot reads are weaker should show')
    }
    return `${edges.length} edges${cycle === undefined ? '' : ', write skew seen'}`
  },

  async register(history) {
    const order = await rows('stamp ')
    const committed = history.filter(({ status }) => status === 'ok').length
    if (order.length < committed || order.length > history.length) throw new Error(`${order.length} of ${committed} commits`)
    const registers = new Map()
    for (const [key, value] of order) {
      for (const [op, register, seen] of JSON.parse(value.toString())) {
        if (op === 'write') registers.set(register, seen)
        else if ((registers.get(register) ?? 0) !== seen) {
          throw new Error(`at ${key.toString('hex')} ${register} was read as ${seen}, it was ${registers.get(register)}`)
        }
      }
    }
    return `${order.length} in the order of their versionstamps`
  },

  async bank(history) {
    const sums = history.flatMap(({ ops }) => ops.map(([, sum]) => sum))
    if (sums.some((sum) => sum !== 6000)) throw new Error(`sums: ${[...new Set(sums)]}`)
    const end = (await rows('account ')).reduce((sum, [, value]) => sum + Number(value.toString()), 0)
    if (end !== 6000) throw new Error(`the sum at the end: ${end}`)
    return `${sums.length} sums, all 6000`
  },

  async skew(history) {
    const none = history.filter(({ ops }) => ops.some(([, duty]) => duty === 0)).length
    if (mode === 'serializable' && none > 0) throw new Error(`${none} times nobody was on duty`)
    if (mode === 'snapshot' && none === 0) throw new Error('no write skew: that snapshot reads are weaker should show')
    return `${none} times nobody was on duty`
  },

  async count(history) {
    const count = Number((await rows('count'))[0][1].readBigUInt64LE())
    if (mode === 'plain' && count <= history.length) throw new Error('no commit came twice: unknown results should show')
    if (mode !== 'plain' && count !== history.length) throw new Error(`${count} instead of ${history.length}`)
    return `${count} counted`
  },

  async stores() {
    const { commits } = await check(db, new Map(), 0n)
    return `${commits} commits checked`
  },
}

/** What the stores do in transactions of their own. */
async function upload() {
  if (kind !== 'stores') return
  for (let number = 0; number < 3; number++) {
    const bytes = bytesOf(seed + number, 2_500_000)
    const uid = await found.bstore.write(db, blobs, bytes)
    const back = await found.transactional(db, (tx) => found.bstore.get(tx, blobs, uid))
    if (!back?.equals(bytes)) throw new Error('an upload is not what was written')
  }
}

await found.transactional(db, (tx) => prepare[kind]?.(tx))
const [, ...histories] = await Promise.all([upload(), ...Array.from({ length: WORKERS }, (_, worker) => work(worker))])
const history = histories.flat()
const unknown = history.filter(({ status }) => status === 'unknown').length
console.log(`${history.length} transactions (${unknown} unknown), ${await judge[kind](history)}`)
await found.close(db)
