// The process that is killed: several clients that commit without pause, and one that streams large blobs. It says what
// is acknowledged as soon as it is: writing to a pipe is synchronous.
//
//   node writer.mjs TARGET SEED ROUND

import * as found from '../../index.js'
import { bytesOf, Random } from '../random.mjs'
import { ACCOUNTS, blobs, makeSteps, OPENING_BALANCE, runSteps } from './work.mjs'

const CLIENTS = 5
const [target, seed, round] = process.argv.slice(2)
const db = await found.open(target)

/** Tells the parent. */
function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function client(number) {
  const random = new Random(Number(seed) * 31 + number)
  for (let turn = 0; ; turn++) {
    const id = `${round}.${number}.${turn}`
    const steps = makeSteps(random)
    const attempt = found.makeTransaction(db)
    let version
    for (;;) {
      try {
        await runSteps(attempt, id, steps)
        await found.commit(attempt)
        version = found.getCommittedVersion(attempt)
        break
      } catch (error) {
        await found.onError(attempt, error)
      }
    }
    say({ id, version: String(version) })
  }
}

async function uploader() {
  const random = new Random(Number(seed) * 31 + CLIENTS)
  for (;;) {
    const count = 1 + random.below(6)
    async function* pieces() {
      for (let piece = 0; piece < count; piece++) yield bytesOf(random.below(1e9), 700_000)
    }
    say({ upload: String(await found.bstore.write(db, blobs, pieces())) })
  }
}

const firstVersion = await found.transactional(db, async (tx) => {
  const key = found.pack(['bank', 0])
  if ((await found.get(tx, key)) === undefined) {
    for (let account = 0; account < ACCOUNTS; account++) {
      found.set(tx, found.pack(['bank', account]), String(OPENING_BALANCE))
    }
  }
  return found.readVersion(tx)
})
say({ ready: String(firstVersion) })
await Promise.all([uploader(), ...Array.from({ length: CLIENTS }, (_, number) => client(number))])
