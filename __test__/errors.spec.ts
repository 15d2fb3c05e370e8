// Errors: names, texts and predicates are FoundationDB's; a defect of the native side is an error, not a crash.

import { createReadStream } from 'node:fs'
import { inspect } from 'node:util'

import test from 'ava'

import * as found from '../index.js'
import { FdbError, FoundError } from '../index.js'
import { native } from '../lib/native.js'
import { memory, packageUrl, run, target } from './support.js'

test('an FdbError tells name, number, text and predicates', (t) => {
  const cases: [number, string, boolean, boolean][] = [
    [1007, 'transaction_too_old', true, false],
    [1020, 'not_committed', true, false],
    [1021, 'commit_unknown_result', true, true],
    [1031, 'transaction_timed_out', false, false],
    [2000, 'client_invalid_operation', false, false],
    [2101, 'transaction_too_large', false, false],
    [99999, 'unknown_error', false, false],
  ]
  for (const [errno, code, retryable, maybeCommitted] of cases) {
    const error = new FdbError(errno)
    t.is(error.code as string, code)
    t.is(error.errno, errno)
    t.is(error.retryable, retryable)
    t.is(error.maybeCommitted, maybeCommitted)
    t.is(found.isRetryable(new Error('outer', { cause: error })), retryable)
    t.is(found.isMaybeCommitted(new Error('outer', { cause: error })), maybeCommitted)
    t.true(error.message.endsWith(`(${errno})`))
    t.true(error instanceof FoundError)
    t.is(error.name, 'FdbError')
  }
  t.true(found.errorPredicate(found.ERROR_PREDICATE_RETRYABLE_NOT_COMMITTED, 1020))
  t.false(found.errorPredicate(found.ERROR_PREDICATE_RETRYABLE_NOT_COMMITTED, 1021))
  for (const stranger of [undefined, null, 1, 'text', {}, new Error('x'), { errno: 1020 }]) {
    t.false(found.isRetryable(stranger))
    t.false(found.isMaybeCommitted(stranger))
    t.is(found.findFdbError(stranger), undefined)
  }
})

test('an error of somebody else that passes through stays what it is', async (t) => {
  const db = await memory(t)
  const store = found.bstore.make('blobs', ['blobs'])
  const missing = createReadStream('/no/such/file')
  const error = await t.throwsAsync(() => found.bstore.write(db, store, missing))
  t.false(error instanceof FoundError)
  t.is((error as NodeJS.ErrnoException).code, 'ENOENT')
  t.is((error as NodeJS.ErrnoException).syscall, 'open')
})

test('the stack of an error leads to the call', async (t) => {
  const db = await memory(t)
  async function callerOfGet(): Promise<unknown> {
    const tx = found.makeTransaction(db)
    found.setReadVersion(tx, 1n << 62n)
    return await found.get(tx, 'a')
  }
  const error = await t.throwsAsync(callerOfGet, { instanceOf: FdbError, code: 'future_version' })
  t.regex(error!.stack!, /callerOfGet/)
  t.regex(inspect(error), /code: 'future_version'/)
})

test.serial('a panic of the native side is an error, wherever it comes, and keeps nothing else from its end', async (t) => {
  const defect = { message: /defect/, code: 'FOUND_INTERNAL' }
  for (const place of ['call', 'first poll', 'reply']) t.throws(() => native.panicForTest(place), defect, place)
  for (const place of ['later poll', 'later reply'])
    await t.throwsAsync(async () => native.panicForTest(place), defect, place)
  // All at once, so that each of them has others beside it in its turn of the event loop.
  const places = ['drop', 'later poll', 'drop', 'later reply', 'drop', 'later poll']
  const ends = await Promise.allSettled(places.map(async (place) => native.panicForTest(place)))
  t.deepEqual(
    ends.map(({ status }) => status),
    places.map((place) => (place === 'drop' ? 'fulfilled' : 'rejected')),
  )
  t.is(native.waitingOperations(), 0)
  const db = await memory(t)
  await found.transactional(db, (tx) => found.set(tx, 'a', '1'))
  t.is(String(await found.transactional(db, (tx) => found.get(tx, 'a'))), '1')
})

test('a panic in what is freed by the collector, or by the end of a process or a worker, ends neither otherwise', async (t) => {
  const load = `const { native } = await import(new URL('lib/native.js', ${JSON.stringify(packageUrl)}).href)`
  const worker = `${load}
    import { parentPort } from 'node:worker_threads'
    for (let index = 0; index < 3; index++) [native.panicForTest('end'), native.panicForTest('handle')]
    parentPort.postMessage('ready')`
  const ended = await run(
    `${load}
    import { Worker } from 'node:worker_threads'
    for (let index = 0; index < 100; index++) native.panicForTest('handle')
    await new Promise(setImmediate)
    globalThis.gc()
    while (native.liveHandles() > 1) await new Promise(setImmediate)
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)})))
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    const db = await found.open(MEMORY)
    await found.transactional(db, (tx) => found.set(tx, 'a', '1'))
    console.log(String(await found.transactional(db, (tx) => found.get(tx, 'a'))))
    for (let index = 0; index < 3; index++) [native.panicForTest('end'), native.panicForTest('handle')]
    process.exit(0)`,
    '--expose-gc',
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: '1', errors: '' })
})

test('handles of the wrong kind are refused by the native side', (t) => {
  const wrong = [undefined, null, 1, 'text', {}, () => {}]
  for (const value of wrong) {
    for (const call of [
      'close',
      'get',
      'commit',
      'release',
      'cancelWatch',
      'scanPage',
      'endFollow',
      'nextPage',
    ] as const) {
      t.throws(() => (native[call] as (value: unknown) => unknown)(value), { instanceOf: TypeError })
    }
  }
})

test('a handle of another kind is refused by the native side', async (t) => {
  const handle = await native.open(target('memory:'))
  t.throws(() => native.get(handle as never, 'a', false), { instanceOf: TypeError, message: /^tx: / })
  const tx = native.createTransaction(handle, false)
  t.throws(() => native.close(tx as never), { instanceOf: TypeError, message: /^db: / })
  t.throws(() => native.nextPage(tx, 1), { instanceOf: RangeError, message: /^next: / })
  native.release(tx)
  t.is(await (async () => native.get(tx, 'a', false))().catch((error: unknown) => error), 1025)
  native.close(handle)
})
