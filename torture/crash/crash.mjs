// Kills writers, again and again, and checks what they leave.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import * as found from '../../index.js'
import { Random } from '../random.mjs'
import { check } from './check.mjs'
import { ACCOUNTS, blobs, makeSteps, OPENING_BALANCE, RAW, runSteps } from './work.mjs'

/** How many writers one file sees before a new one is begun. */
const WRITERS_PER_FILE = 10
const WRITER = fileURLToPath(new URL('writer.mjs', import.meta.url))

/** Runs `rounds` rounds. */
export async function crash({ rounds, seed, report }) {
  const directory = await mkdtemp(join(tmpdir(), 'found-db-torture-'))
  const random = new Random(seed)
  let [kills, whileOpening, commits] = [0, 0, 0]
  let file
  const whole = await wholeDatabase(seed)
  await report('the check lets a whole database pass', () => checkPlanted(whole))
  for (const [name, begin, end] of FAULTS) {
    await report(`the check finds a missing ${name}`, () => checkPlanted(whole, begin, end))
  }
  try {
    for (let round = 0; round < rounds; round++) {
      if (round % WRITERS_PER_FILE === 0) file = newFile(directory, round)
      await report(`round ${round} of seed ${seed}`, async () => {
        const killed = await killOne(file, random, round)
        kills += 1
        whileOpening += killed.whileOpening ? 1 : 0
        commits += killed.commits
      })
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return `${kills} kills, ${whileOpening} of them while opening; ${FAULTS.length} planted faults; ${commits} commits checked`
}

/** A key of each kind that can be missing: the first of a range. */
const FAULTS = [
  ['plain key', RAW, found.nextPrefix(RAW)],
  ...[0, 1, 2].map((index) => [`row of index ${index} of tuples`, ...found.range(['n', index])]),
  ['attribute of a record', ...found.range([['e', Buffer.of(1)]])],
  ['entry of the index of records', ...found.range([['e', Buffer.of(2)]])],
  ['token of a text', ...found.range(['p', Buffer.of(1)])],
  ['posting', ...found.range([['p', Buffer.of(2)]])],
  ['counter', ...found.range([['p', Buffer.of(3)]])],
  ['fact', ...found.range(['v', 'tuples', 0])],
  ['fact in another index', ...found.range(['v', 'tuples', 4])],
  ['hash of a blob', ...found.range([['b', Buffer.of(1)]])],
  ['chunk of a blob', ...found.range([['b', Buffer.of(2)]])],
]

/** The pairs of a database that was not killed. */
async function wholeDatabase(seed) {
  const db = await found.open('memory:')
  const random = new Random(seed)
  await found.transactional(db, (tx) => {
    for (let account = 0; account < ACCOUNTS; account++) {
      found.set(tx, found.pack(['bank', account]), String(OPENING_BALANCE))
    }
  })
  for (let turn = 0; turn < 120; turn++) {
    const steps = makeSteps(random)
    await found.transactional(db, (tx) => runSteps(tx, String(turn), steps))
  }
  const pairs = await found.all(found.scan(db, '', Buffer.of(0xff)))
  await found.close(db)
  return pairs
}

/** Checks such a database, without the first key of a range if there is one: then the check must complain. */
async function checkPlanted(pairs, begin, end) {
  const db = await found.open('memory:')
  try {
    const fault =
      begin === undefined
        ? -1
        : pairs.findIndex(([key]) => Buffer.compare(key, Buffer.from(begin)) >= 0 && Buffer.compare(key, Buffer.from(end)) < 0)
    if (begin !== undefined && fault < 0) throw new Error('there is no such key to leave out')
    await found.transactional(db, (tx) => {
      pairs.forEach(([key, value], index) => {
        if (index !== fault) found.set(tx, key, value)
      })
    })
    const complaint = await check(db, new Map(), 0n).then(
      () => undefined,
      (error) => error,
    )
    if (complaint === undefined && begin !== undefined) throw new Error('nothing was found')
    if (complaint !== undefined && begin === undefined) throw complaint
  } finally {
    await found.close(db)
  }
}

function newFile(directory, round) {
  return { target: `file:${join(directory, `${round}.db`)}`, acknowledged: new Map(), uploads: [], newest: 0n }
}

async function killOne(file, random, round) {
  const writer = spawn(process.execPath, [WRITER, file.target, String(random.below(1e9)), String(round)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  writer.stderr.on('data', (data) => (errors += data))
  const ended = new Promise((resolve) => writer.once('close', resolve))
  // One in eight while it still opens the file, the others while it commits.
  const whileOpening = random.oneIn(8)
  const after = random.below(whileOpening ? 150 : 500)
  const kill = () => setTimeout(() => writer.kill('SIGKILL'), after)
  if (whileOpening) kill()
  let newest = file.newest
  for await (const line of createInterface({ input: writer.stdout })) {
    let message
    try {
      message = JSON.parse(line)
    } catch {
      // The kill has cut it off, so it was not said.
      continue
    }
    if (message.ready !== undefined) {
      if (BigInt(message.ready) <= file.newest) throw new Error(`the read version went back to ${message.ready}`)
      if (!whileOpening) kill()
    } else if (message.upload !== undefined) file.uploads.push(message.upload)
    else {
      file.acknowledged.set(message.id, message.version)
      if (BigInt(message.version) > newest) newest = BigInt(message.version)
    }
  }
  await ended
  if (writer.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself (${writer.exitCode}): ${errors}`)
  const db = await found.open(file.target)
  try {
    const { commits, newest: seen } = await check(db, file.acknowledged, newest)
    for (const uid of file.uploads) {
      const there = await found.transactional(db, (tx) => found.bstore.has(tx, blobs, new found.Uuid(uid)))
      if (!there) throw new Error(`the acknowledged upload ${uid} is gone`)
    }
    file.newest = seen
    return { whileOpening, commits }
  } finally {
    await found.close(db)
  }
}
