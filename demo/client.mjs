// The client and the tuple layer at work: the README's example, then the countries of the world.

import { equal } from 'node:assert/strict'
import * as found from '../index.js'
import { say, time } from './say.mjs'

/** Stores countries under tuple keys and reads them back in several ways. */
export async function client(db, countries) {
  // The example of the README, which is that of asyncio-foundationdb.
  equal(await found.transactional(db, (tx) => found.get(tx, 'hello')), undefined)
  await found.transactional(db, (tx) => found.set(tx, 'hello', 'world'))
  await found.transactional(db, (tx) => found.set(tx, 'azul', 'world'))
  const pairs = await found.transactional(db, (tx) => found.all(found.query(tx, '', '\x7f')))
  say('set two keys, read the range back', pairs.map(([key, value]) => `${key}=${value}`).join(' '))

  // Countries by region and name, each a tuple key; and how many there are in each region, counted atomically.
  const one = Buffer.alloc(8)
  one.writeBigInt64LE(1n)
  const stored = await time(() => found.transactional(db, (tx) => {
    for (const { cca3, name, region, area } of countries) {
      found.set(tx, found.pack(['country', region, name.common]), JSON.stringify({ cca3, area }))
      found.add(tx, found.pack(['count', region]), one)
    }
  }))
  say('stored the countries of the world, durably', `${countries.length} in ${stored}`)

  const counts = await found.transactional(db, (tx) => found.all(found.query(tx, ...found.range(['count']))))
  say(
    'counted them by region, with atomic adds',
    counts.map(([key, value]) => `${found.unpack(key)[1]} ${value.readBigInt64LE()}`).join(', '),
  )

  const oceania = await found.transactional(db, async (tx) => {
    const names = []
    for await (const [key] of found.query(tx, ...found.range(['country', 'Oceania']), { limit: 4 })) {
      names.push(found.unpack(key)[2])
    }
    return names
  })
  say('read the first four of Oceania', oceania.join(', '))

  // Two transactions read and write one key at a time: one of them must try again, and nothing is lost.
  let attempts = 0
  const visit = () =>
    found.transactional(db, async (tx) => {
      attempts += 1
      const visits = Number((await found.get(tx, 'visits')) ?? 0)
      found.set(tx, 'visits', String(visits + 1))
    })
  await Promise.all(Array.from({ length: 8 }, visit))
  const visits = await found.transactional(db, (tx) => found.get(tx, 'visits'))
  say('8 counters at once on one key', `${visits} counted, in ${attempts} attempts`)

  // A watch is told of what another transaction commits.
  const watch = await found.transactional(db, (tx) => found.watch(tx, 'hello'))
  await found.transactional(db, (tx) => found.set(tx, 'hello', 'moon'))
  await watch.changed
  say('watched a key', `hello is now ${await found.transactional(db, (tx) => found.get(tx, 'hello'))}`)

  // A versionstamp orders by commit, without a counter.
  const event = found.packWithVersionstamp(['log', new found.Versionstamp()])
  await found.transactional(db, (tx) => found.setVersionstampedKey(tx, event, 'first'))
  await found.transactional(db, (tx) => found.setVersionstampedKey(tx, event, 'second'))
  const log = await found.transactional(db, (tx) => found.all(found.query(tx, ...found.range(['log']))))
  say('appended to a log by versionstamp', log.map(([, value]) => String(value)).join(', '))
}
