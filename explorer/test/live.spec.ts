import test, { type ExecutionContext } from 'ava'

import * as found from '../../index.js'
import { target } from '../../__test__/support.js'
import { serve } from '../server/index.js'
import { events, hex, page, Page } from './client.js'

type Event = { event: string; data: Record<string, unknown> }

/** A stream that is open, and its name. */
async function stream(t: ExecutionContext, made: Page): Promise<{ id: string; next(): Promise<Event> }> {
  const response = await made.fetch('/api/live')
  t.is(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  const come = events(response)
  const next = async (): Promise<Event> => {
    const { value, done } = await come.next()
    if (done) throw new Error('the stream has ended')
    return value as Event
  }
  const { event, data } = await next()
  t.is(event, 'stream')
  return { id: String(data.stream), next }
}

const write = (made: Page, key: found.Bytes, value: string): Promise<void> =>
  found.transactional(made.db, (tx) => found.set(tx, key, value))

test('a key that is followed comes again when it changes', async (t) => {
  const made = await page(t)
  const { id, next } = await stream(t, made)
  const followed = [{ id: 'a', name: 'keys/value', body: { key: hex('k') } }]
  t.is((await made.post('/api/live', { stream: id, followed })).status, 200)
  t.deepEqual(await next(), { event: 'answer', data: { id: 'a', answer: { key: hex('k') } } })
  await write(made, 'k', 'one')
  t.deepEqual(await next(), { event: 'answer', data: { id: 'a', answer: { key: hex('k'), value: { hex: hex('one') } } } })
  await write(made, 'k', 'two')
  t.deepEqual(await next(), { event: 'answer', data: { id: 'a', answer: { key: hex('k'), value: { hex: hex('two') } } } })
})

test('a prefix that is followed comes again when what is shown of it changes', async (t) => {
  const made = await page(t)
  const { id, next } = await stream(t, made)
  const followed = [{ id: 'a', name: 'keys/tree', body: { prefix: hex(['a']), limit: 10 } }]
  await made.post('/api/live', { stream: id, followed })
  t.deepEqual((await next()).data, { id: 'a', answer: { children: [], more: false } })
  await write(made, found.pack(['a', 1]), 'one')
  const { data } = await next()
  const { children } = data.answer as { children: { item: unknown }[] }
  t.deepEqual(children.map(({ item }) => item), [1])
})

test('what is not followed any more comes no more, and what is still followed is not begun again', async (t) => {
  const made = await page(t)
  const { id, next } = await stream(t, made)
  const follow = (...keys: string[]): Promise<Response> =>
    made.post('/api/live', { stream: id, followed: keys.map((key) => ({ id: key, name: 'keys/value', body: { key: hex(key) } })) })
  await follow('a', 'b')
  t.deepEqual([(await next()).data.id, (await next()).data.id].sort(), ['a', 'b'])
  await follow('b', 'c')
  t.is((await next()).data.id, 'c')
  await write(made, 'a', 'x')
  await write(made, 'b', 'y')
  t.is((await next()).data.id, 'b')
})

test('a read that fails is told of', async (t) => {
  const made = await page(t)
  const { id, next } = await stream(t, made)
  const store = { prefix: ['x'], items: ['a'] }
  const body = { store, patterns: [['v']], asOf: { time: 8e15 }, offset: 0, limit: 1 }
  await made.post('/api/live', { stream: id, followed: [{ id: 'a', name: 'vnstore/select', body }] })
  const { event, data } = await next()
  t.is(event, 'failure')
  t.is((data.error as { code: string }).code, 'FOUND_VNSTORE_FUTURE')
})

test('only reads can be followed, of the form they have', async (t) => {
  const made = await page(t, { write: true })
  const { id } = await stream(t, made)
  const status = async (stream: string, followed: unknown): Promise<number> =>
    (await made.post('/api/live', { stream, followed })).status
  t.is(await status(id, [{ id: 'a', name: 'keys/commit', body: { edits: [{ key: '00', expected: null }] } }]), 400)
  t.is(await status(id, [{ id: 'a', name: 'keys/value', body: { key: 'zz' } }]), 400)
  t.is(await status(id, [{ id: 'a', name: 'keys/value', body: { key: '00' } }, 1]), 400)
  t.is(await status('99', []), 404)
  t.is(await status(id, []), 200)
})

test('closing the server ends the streams', async (t) => {
  const db = await found.open(target('memory:'))
  t.teardown(() => found.close(db))
  const served = await serve(db, { label: 'memory:' })
  const made = new Page(db, served.url)
  await made.open()
  const { next } = await stream(t, made)
  await served.close()
  await t.throwsAsync(next())
  await t.throwsAsync(made.fetch('/api/session'))
  // The database is still open.
  t.is(await found.transactional(db, (tx) => found.get(tx, 'k')), undefined)
})
