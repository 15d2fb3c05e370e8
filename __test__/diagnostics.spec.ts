import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, tracingChannel } from 'node:diagnostics_channel'

import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { FdbError, set, transactional } from '../index.js'
import { memory, read, target } from './support.js'

const runs = tracingChannel<unknown, found.TransactionTrace>('found-db.transaction')
const retries = channel('found-db.transaction.retry')

/** What transactions of one database tell during a test, as [event, a copy of the message]. Other tests run beside it. */
function listen(t: ExecutionContext, name: string): [event: string, message: found.TransactionTrace][] {
  const heard: [string, found.TransactionTrace][] = []
  const hear = (event: string) => (message: found.TransactionTrace) => {
    if (message.target === name) heard.push([event, { ...message }])
  }
  const subscribers = {
    start: hear('start'),
    end: hear('end'),
    asyncStart: hear('asyncStart'),
    asyncEnd: hear('asyncEnd'),
    error: hear('error'),
  }
  runs.subscribe(subscribers)
  t.teardown(() => runs.unsubscribe(subscribers))
  return heard
}

async function opened(t: ExecutionContext, name: string): Promise<found.Database> {
  const db = await found.open(name)
  t.teardown(() => found.close(db))
  return db
}

test.serial('a run tells of its beginning, its attempts and its commit', async (t) => {
  const name = target('memory:told')
  const db = await opened(t, name)
  const heard = listen(t, name)
  const tried: unknown[] = []
  const onRetry = (message: unknown): void => {
    const { transaction, attempt, error } = message as found.TransactionRetry
    if (transaction.target === name) tried.push([attempt, transaction.attempts, error.code])
  }
  retries.subscribe(onRetry)
  t.teardown(() => retries.unsubscribe(onRetry))

  const result = await transactional(db, (tx) => {
    set(tx, 'a', '1')
    if (tx.attempt < 3) throw new Error('wrapped', { cause: new FdbError(1020) })
    return 'done'
  })

  t.is(result, 'done')
  t.deepEqual(tried, [
    [2, 2, 'not_committed'],
    [3, 3, 'not_committed'],
  ])
  t.deepEqual(
    heard.map(([event, { attempts }]) => [event, attempts]),
    [
      ['start', 1],
      ['end', 1],
      ['asyncStart', 3],
      ['asyncEnd', 3],
    ],
  )
  const last = heard.at(-1)![1]
  t.is(last.snapshot, false)
  t.is(last.result, 'done')
  t.is(last.stats?.retries, 2)
  t.true(last.stats!.commitBytes > 0 && last.stats!.elapsed >= 0)
  t.true(last.committedVersion! > 0n)
  t.false('error' in last)
})

test.serial('a run that only reads has no committed version', async (t) => {
  const name = target('memory:told reads')
  const db = await opened(t, name)
  const heard = listen(t, name)
  await transactional(db, (tx) => found.get(tx, 'a'), { snapshot: true })
  const last = heard.at(-1)![1]
  t.true(last.snapshot)
  t.is(last.stats?.retries, 0)
  t.false('committedVersion' in last)
})

test.serial('a run that fails tells why', async (t) => {
  const name = target('memory:told failures')
  const db = await opened(t, name)
  const heard = listen(t, name)
  const error = new Error('mine')
  await t.throwsAsync(() => transactional(db, () => Promise.reject(error)), { is: error })
  await t.throwsAsync(
    () =>
      transactional(
        db,
        () => {
          throw new FdbError(1020)
        },
        { retryLimit: 1, maxRetryDelay: 1 },
      ),
    { code: 'not_committed' },
  )
  t.deepEqual(
    heard.map(([event]) => event),
    [1, 2].flatMap(() => ['start', 'end', 'error', 'asyncStart', 'asyncEnd']),
  )
  t.is(heard[4]![1].error, error)
  t.false('stats' in heard[4]![1])
  t.is((heard[9]![1].error as FdbError).errno, 1020)
  t.is(heard[9]![1].attempts, 2)
})

test.serial('what is refused is no run', async (t) => {
  const name = target('memory:told refusals')
  const db = await opened(t, name)
  const heard = listen(t, name)
  await t.throwsAsync(() => transactional(db, 1 as never), { instanceOf: TypeError })
  await t.throwsAsync(() => transactional(db, () => 1, { signal: AbortSignal.abort(new Error('enough')) }))
  await found.close(db)
  await t.throwsAsync(() => transactional(db, () => 1), { code: 'FOUND_CLOSED' })
  t.deepEqual(heard, [])
})

test.serial('a store bound to the channel is there in the body and its hooks', async (t) => {
  const name = target('memory:told stores')
  const db = await opened(t, name)
  const storage = new AsyncLocalStorage<string>()
  runs.start.bindStore(storage as AsyncLocalStorage<unknown>, ({ target }) => `run on ${target}`)
  t.teardown(() => runs.start.unbindStore(storage as AsyncLocalStorage<unknown>))
  const seen: unknown[] = []
  db.hooks.onCommit.push(() => seen.push(storage.getStore()))
  await transactional(db, async (tx) => {
    await found.get(tx, 'a')
    seen.push(storage.getStore())
    set(tx, 'a', '1')
  })
  t.deepEqual(seen, [`run on ${name}`, `run on ${name}`])
  t.is(storage.getStore(), undefined)
})

test.serial('a run that began unheard stays so', async (t) => {
  const db = await memory(t)
  let heard = 0
  const hear = (): void => void (heard += 1)
  await transactional(db, (tx) => {
    retries.subscribe(hear)
    t.teardown(() => retries.unsubscribe(hear))
    set(tx, 'a', '1')
    if (tx.attempt === 1) throw new FdbError(1020)
  })
  t.is(heard, 0)
  t.is(await read(db, 'a'), '1')
})
