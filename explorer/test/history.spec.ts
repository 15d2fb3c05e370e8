import test from 'ava'

import * as found from '../../index.js'
import { vnstore } from '../../index.js'
import { page } from './client.js'
import { fill } from './data.js'

const store = { prefix: ['demo', 'facts'], items: ['uid', 'key', 'value'] }
const all = { offset: 0, limit: 100 }
const city = { variable: 'city' }
const capital = [['KAZ', 'capital', city]]

test('changes are listed and read, and every state of the past', async (t) => {
  const made = await page(t)
  await fill(made.db)
  const { rows, more } = await made.ask('vnstore/changes', { store, ...all })
  t.false(more)
  t.deepEqual(
    rows.map(({ message, significance }) => [message, significance !== null]),
    [
      ['proposal: Alma-Ata, as it was spelled', false],
      ['atlas of 1990', true],
      ['the move of 1997', true],
      ['renamed in 1998', true],
      ['the move of 2006', true],
    ],
  )
  const times = rows.slice(1).map(({ time }) => time ?? 0)
  t.deepEqual(times, [...times].sort((one, other) => one - other))
  t.true(times.every((time) => Math.abs(time - Date.now()) < 600_000))
  const [proposal, first, second] = rows.map(({ uid }) => uid) as [string, string, string]

  const cities = async (state: object): Promise<unknown> =>
    (await made.ask('vnstore/select', { store, patterns: capital, ...state, ...all })).rows.flat()
  t.deepEqual(await cities({}), ['Astana'])
  t.deepEqual(await cities({ asOf: { change: first } }), ['Almaty'])
  t.deepEqual(await cities({ asOf: { change: second } }), ['Akmola'])
  t.deepEqual(await cities({ asOf: { time: 0 } }), [])
  t.deepEqual(await cities({ pending: proposal }), ['Alma-Ata', 'Astana'])

  const change = await made.ask('vnstore/change', { store, change: second, ...all })
  t.is(change.change?.message, 'the move of 1997')
  t.deepEqual(
    [...change.rows].sort((one, other) => Number(one.alive) - Number(other.alive)),
    [
      { items: ['KAZ', 'capital', 'Almaty'], alive: false },
      { items: ['KAZ', 'capital', 'Akmola'], alive: true },
    ],
  )
  const diff = await made.ask('vnstore/diff', { store, from: { change: first }, to: 'head', offset: 0, limit: 2 })
  t.deepEqual([diff.rows.length, diff.more], [2, true])
  const rest = await made.ask('vnstore/diff', { store, from: { change: first }, to: 'head', offset: 2, limit: 2 })
  t.deepEqual([rest.rows.length, rest.more], [2, false])
  const { events } = await made.ask('vnstore/history', { store, items: ['KAZ', 'capital', 'Almaty'] })
  t.deepEqual(events.map(({ message, alive }) => [message, alive]), [['atlas of 1990', true], ['the move of 1997', false]])

  const future = await made.refused('vnstore/select', { store, patterns: capital, asOf: { time: 8e15 }, ...all })
  t.deepEqual([future.status, future.code], [422, 'FOUND_VNSTORE_FUTURE'])
  const none = await made.ask('vnstore/change', { store, change: String(found.Uuid.random()), ...all })
  t.deepEqual(none, { rows: [], more: false } as never)
})

test('a change is made, filled and applied', async (t) => {
  const made = await page(t, { write: true })
  const { change } = await made.ask('vnstore/create', { store, message: 'made here' })
  const items = ['PER', 'capital', 'Lima']
  await made.ask('vnstore/add', { store, change, items })
  await made.ask('vnstore/add', { store, change, items: ['PER', 'capital', 'Cuzco'] })
  t.deepEqual(await made.ask('vnstore/remove', { store, change, items: ['PER', 'capital', 'Cuzco'] }), { alive: true })
  t.deepEqual(await made.ask('vnstore/remove', { store, change, items: ['PER', 'capital', 'Quito'] }), { alive: false })
  await made.ask('vnstore/message', { store, change, message: 'renamed here' })
  t.deepEqual(await made.ask('vnstore/conflicts', { store, change }), { pending: true, base: true, conflicts: [] })
  const known = await made.ask('vnstore/change', { store, change, ...all })
  t.is(known.change?.significance, null)
  await made.ask('vnstore/apply', { store, change, overwrite: false })
  const facts = vnstore.make('facts', store.prefix, store.items)
  t.true(await found.transactional(made.db, (tx) => vnstore.ask(tx, facts, items)))
  const again = await made.refused('vnstore/apply', { store, change, overwrite: false })
  t.deepEqual([again.status, again.code], [422, 'FOUND_VNSTORE_APPLIED'])
  t.false((await made.ask('vnstore/conflicts', { store, change })).pending)
  t.is((await made.refused('vnstore/create', { store, message: '' })).status, 400)
  t.is((await made.refused('vnstore/add', { store, change, items: ['too', 'few'] })).status, 400)
})

test('conflicts are told before a change is applied, and nothing of the question is written', async (t) => {
  const made = await page(t, { write: true })
  await fill(made.db)
  const [proposal, , second] = (await made.ask('vnstore/changes', { store, ...all })).rows
  const change = proposal?.uid ?? ''
  const conflicts = [{ items: ['KAZ', 'capital', 'Almaty'], change: second?.uid }]
  t.deepEqual(await made.ask('vnstore/conflicts', { store, change }), { pending: true, base: true, conflicts } as never)
  t.is((await made.ask('vnstore/change', { store, change, ...all })).change?.significance, null)
  const refused = await made.refused('vnstore/apply', { store, change, overwrite: false })
  t.deepEqual([refused.status, refused.code, refused.conflicts], [409, 'FOUND_VNSTORE_CONFLICT', conflicts])
  await made.ask('vnstore/apply', { store, change, overwrite: true })
  const { rows } = await made.ask('vnstore/select', { store, patterns: capital, ...all })
  t.deepEqual(rows.flat().sort(), ['Alma-Ata', 'Astana'])
})
