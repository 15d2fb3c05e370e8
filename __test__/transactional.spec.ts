// The retry loop: what is tried again, hooks, limits, signals, and what is left of a transaction after it.

import test from 'ava'

import * as found from '../index.js'
import { FdbError, get, set, transactional } from '../index.js'
import { memory, read, signal, write } from './support.js'

test('gives what the body gave, sync or async', async (t) => {
  const db = await memory(t)
  t.is(await transactional(db, () => 1), 1)
  t.is(await transactional(db, async () => 2), 2)
  t.is(await transactional(db, () => undefined), undefined)
})

test('any retryable error from any call runs the body again', async (t) => {
  const db = await memory(t, { a: '1', b: '2' })
  const inner = (errno: number): Error => new FdbError(errno)
  const wrapped = (errno: number): Error => new Error('outer', { cause: new Error('inner', { cause: inner(errno) }) })
  for (const make of [inner, wrapped]) {
    for (const errno of [1007, 1009, 1020, 1021, 1037, 1038, 1042, 1051]) {
      let attempts = 0
      const value = await transactional(db, (tx) => {
        attempts += 1
        if (attempts < 3) throw make(errno)
        return `${tx.attempt} ${tx.maybeCommitted}`
      })
      t.is(value, `3 ${errno === 1021 ? 'true' : 'false'}`, String(errno))
    }
  }
})

test('a real conflict is retried, also one that the body has wrapped', async (t) => {
  const db = await memory(t, { a: '1' })
  let attempts = 0
  await transactional(db, async (tx) => {
    attempts += 1
    const before = Number(await get(tx, 'a'))
    if (attempts === 1) await write(db, 'a', '10')
    set(tx, 'a', String(before + 1))
  })
  t.is(attempts, 2)
  t.is(await read(db, 'a'), '11')
})

test('a counter under contention is exact', async (t) => {
  const db = await memory(t, { count: '0' })
  await Promise.all(
    Array.from({ length: 40 }, () =>
      transactional(db, async (tx) => {
        const before = Number(await get(tx, 'count'))
        await new Promise((resolve) => setImmediate(resolve))
        set(tx, 'count', String(before + 1))
      }),
    ),
  )
  t.is(await read(db, 'count'), '40')
})

test('an error of another copy of the package or another realm is known, a stranger with a code is not', async (t) => {
  const db = await memory(t)
  const { runInNewContext } = await import('node:vm')
  const foreign = runInNewContext(
    `const error = new Error('from elsewhere'); error.errno = 1020; error[brand] = true; error`,
    { brand: Symbol.for('found-db.FdbError') },
  ) as Error
  let attempts = 0
  await transactional(db, () => {
    attempts += 1
    if (attempts === 1) throw foreign
  })
  t.is(attempts, 2)

  const stranger = Object.assign(new Error('of a socket'), { code: 'not_committed', errno: 1020 })
  let calls = 0
  t.is(
    await t.throwsAsync(() =>
      transactional(db, () => {
        calls += 1
        throw stranger
      }),
    ),
    stranger,
  )
  t.is(calls, 1)
})

test('an error that another attempt cannot help is thrown as it came, and nothing is committed', async (t) => {
  const db = await memory(t)
  for (const error of [new Error('mine'), new FdbError(2000), new Error('outer', { cause: new FdbError(2101) })]) {
    const thrown = await t.throwsAsync(() =>
      transactional(db, (tx) => {
        set(tx, 'a', '1')
        throw error
      }),
    )
    t.is(thrown, error)
  }
  await t.throwsAsync(() => transactional(db, () => Promise.reject(null)), { any: true })
  t.is(await read(db, 'a'), undefined)
})

test('circles of causes end', async (t) => {
  const db = await memory(t)
  const circle = new Error('round')
  circle.cause = circle
  t.is(
    await t.throwsAsync(() =>
      transactional(db, () => {
        throw circle
      }),
    ),
    circle,
  )
})

test('vars are emptied between attempts', async (t) => {
  const db = await memory(t)
  const seen: string[][] = []
  await transactional(db, (tx) => {
    seen.push(Object.keys(tx.vars))
    tx.vars.mine = 1
    if (tx.attempt < 3) throw new FdbError(1020)
  })
  t.deepEqual(seen, [[], [], []])
})

test('retryLimit ends it with the last error', async (t) => {
  const db = await memory(t)
  let attempts = 0
  const error = new FdbError(1020)
  const thrown = await t.throwsAsync(() =>
    transactional(
      db,
      () => {
        attempts += 1
        throw error
      },
      { retryLimit: 2, maxRetryDelay: 1 },
    ),
  )
  t.is(thrown, error)
  t.is(attempts, 3)
})

test('timeout ends it with 1031, which tells the error before', async (t) => {
  const db = await memory(t)
  const thrown = await t.throwsAsync(
    () =>
      transactional(
        db,
        () => {
          throw new FdbError(1020)
        },
        { timeout: 50 },
      ),
    { instanceOf: FdbError, code: 'transaction_timed_out' },
  )
  t.is((thrown?.cause as FdbError).code, 'not_committed')
})

test('a transaction kept after its run is refused', async (t) => {
  const db = await memory(t)
  const kept = await transactional(db, (tx) => tx)
  const over = { instanceOf: found.FoundError, code: 'FOUND_TRANSACTION_OVER' }
  await t.throwsAsync(() => get(kept, 'a'), over)
  t.throws(() => set(kept, 'a', '1'), over)
  t.throws(() => found.getVersionstamp(kept), over)
  t.throws(() => found.watch(kept, 'a'), over)
  t.throws(() => found.query(kept, 'a', 'b'), over)
  t.throws(() => found.reset(kept), over)
  await t.throwsAsync(() => found.commit(kept), over)
  await t.notThrowsAsync(() => kept[Symbol.asyncDispose]())
})

test('hooks run around the body, in order, and inside the transaction', async (t) => {
  const db = await memory(t)
  const log: string[] = []
  db.hooks.onBegin.push((tx) => void log.push(`begin ${tx.attempt} ${Object.keys(tx.vars).length}`))
  db.hooks.onBegin.push((tx) => void (tx.vars.made = true))
  db.hooks.onCommit.push(async (tx) => {
    log.push(`commit ${String(tx.vars.made)}`)
    set(tx, 'by hook', (await get(tx, 'a')) ?? 'none')
  })
  db.hooks.onPostCommit.push((tx, stats) => {
    log.push(
      `post ${stats.retries} ${stats.commitBytes > 0} ${stats.elapsed >= 0} ${found.getCommittedVersion(tx) > 0n}`,
    )
  })
  await transactional(db, (tx) => {
    log.push('body')
    set(tx, 'a', '1')
    if (tx.attempt === 1) throw new FdbError(1020)
  })
  t.deepEqual(log, ['begin 1 0', 'body', 'begin 2 0', 'body', 'commit true', 'post 1 true true true'])
  t.is(await read(db, 'by hook'), '1')

  log.length = 0
  await using tx = await found.transaction(db)
  set(tx, 'b', '1')
  await found.commit(tx)
  t.deepEqual(log, ['begin 1 0', 'commit true', 'post 0 true true true'])

  log.length = 0
  const plain = found.makeTransaction(db)
  set(plain, 'c', '1')
  await found.commit(plain)
  t.deepEqual(log, [])
})

test('a hook that fails fails the transaction; after the commit it stays committed', async (t) => {
  const db = await memory(t)
  const error = new Error('refused')
  db.hooks.onCommit.push(() => {
    throw error
  })
  t.is(await t.throwsAsync(() => write(db, 'a', '1')), error)
  db.hooks.onCommit.pop()
  t.is(await read(db, 'a'), undefined)

  db.hooks.onPostCommit.push(() => Promise.reject(new FdbError(1020)))
  await t.throwsAsync(() => write(db, 'a', '2'), { code: 'not_committed' })
  db.hooks.onPostCommit.pop()
  t.is(await read(db, 'a'), '2')
})

test('a signal aborts before, during and between attempts', async (t) => {
  const db = await memory(t)
  const reason = new Error('enough')
  t.is(await t.throwsAsync(() => transactional(db, () => t.fail(), { signal: AbortSignal.abort(reason) })), reason)

  const controller = new AbortController()
  const entered = signal()
  let kept: found.Transaction | undefined
  const running = transactional(
    db,
    (tx) => {
      kept = tx
      entered.resolve()
      return new Promise(() => {})
    },
    { signal: controller.signal },
  )
  await entered.promise
  controller.abort(reason)
  t.is(await t.throwsAsync(running), reason)
  t.is(await t.throwsAsync(() => get(kept!, 'a')), reason)

  const retrying = new AbortController()
  const aborted = transactional(
    db,
    (tx) => {
      if (tx.attempt === 3) retrying.abort(reason)
      throw new FdbError(1020)
    },
    { signal: retrying.signal, maxRetryDelay: 1 },
  )
  t.is(await t.throwsAsync(aborted), reason)

  const unused = new AbortController()
  t.is(await transactional(db, () => 'done', { signal: unused.signal }), 'done')
  unused.abort()
})

test('a signal ends one attempt as well', async (t) => {
  const db = await memory(t)
  const controller = new AbortController()
  const reason = new Error('enough')
  await using tx = await found.transaction(db, { signal: controller.signal })
  set(tx, 'a', '1')
  controller.abort(reason)
  t.is(await t.throwsAsync(() => get(tx, 'a')), reason)
  t.is(await t.throwsAsync(() => found.commit(tx)), reason)
})

test('transactions may be nested and run in parallel', async (t) => {
  const db = await memory(t)
  await transactional(db, async (outer) => {
    set(outer, 'outer', '1')
    await transactional(db, (inner) => set(inner, 'inner', '1'))
    t.is((await get(outer, 'outer'))?.toString(), '1')
  })
  t.is(await read(db, 'inner'), '1')
  t.is(await read(db, 'outer'), '1')
})

test('reads of one transaction may run at the same time', async (t) => {
  const db = await memory(t)
  await transactional(db, (tx) => {
    for (let index = 0; index < 1000; index++) set(tx, `key ${index}`, String(index))
  })
  const values = await transactional(db, (tx) =>
    Promise.all(Array.from({ length: 1000 }, (_, index) => get(tx, `key ${index}`))),
  )
  t.true(values.every((value, index) => value?.toString() === String(index)))
})
