// Errors: names, texts and predicates are FoundationDB's; a defect of the native side is an error, not a crash.

import { createReadStream } from 'node:fs'
import { inspect } from 'node:util'

import test from 'ava'

import * as found from '../index.js'
import { FdbError, FoundError } from '../index.js'
import { native } from '../lib/native.js'
import { memory, target } from './support.js'

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

test('a panic of the native side is an error, in a call and in a future', async (t) => {
  t.throws(() => native.panicForTest(false), { message: /defect/, code: 'FOUND_INTERNAL' })
  await t.throwsAsync(async () => native.panicForTest(true), { message: /defect/, code: 'FOUND_INTERNAL' })
  t.throws(() => native.panicForTest(false))
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
