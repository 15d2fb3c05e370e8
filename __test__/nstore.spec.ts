import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { nstore } from '../index.js'
import { memory, signal, turnsDuring } from './support.js'

const v = nstore.var
const triples = nstore.make('triples', ['triples'], 3)

/** A database with tuples in the store. */
async function filled(t: ExecutionContext, tuples: found.Tuple[]): Promise<found.Database> {
  const db = await memory(t)
  await found.transactional(db, (tx) => {
    for (const tuple of tuples) nstore.add(tx, triples, tuple)
  })
  return db
}

const friends: found.Tuple[] = [
  ['alice', 'knows', 'bob'],
  ['alice', 'knows', 'carol'],
  ['bob', 'knows', 'dave'],
  ['carol', 'knows', 'dave'],
  ['carol', 'knows', 'carol'],
]

test('a pattern is found by what is known in it', async (t) => {
  const db = await filled(t, friends)
  await found.transactional(db, async (tx) => {
    const select = (pattern: nstore.Pattern) => found.all(nstore.select(tx, triples, pattern))
    t.deepEqual(await select(['alice', 'knows', v('whom')]), [{ whom: 'bob' }, { whom: 'carol' }])
    t.deepEqual(await select([v('who'), 'knows', 'dave']), [{ who: 'bob' }, { who: 'carol' }])
    t.deepEqual(await select(['bob', v('how'), 'dave']), [{ how: 'knows' }])
    t.deepEqual(await select(['alice', 'knows', 'bob']), [{}])
    t.deepEqual(await select(['alice', 'knows', 'dave']), [])
    t.is((await select([v('a'), v('b'), v('c')])).length, 5)
  })
})

test('patterns are joined in the order of their indices', async (t) => {
  const db = await filled(t, friends)
  await found.transactional(db, async (tx) => {
    const ofFriends = [
      ['alice', 'knows', v('friend')],
      [v('friend'), 'knows', v('other')],
    ] as const
    const expected = [
      { friend: 'bob', other: 'dave' },
      { friend: 'carol', other: 'carol' },
      { friend: 'carol', other: 'dave' },
    ]
    const rows: unknown[] = []
    for await (const { friend, other } of nstore.query(tx, triples, ofFriends)) rows.push({ friend, other })
    t.deepEqual(rows, expected)
    t.deepEqual(await found.all(nstore.query(tx, triples, ofFriends)), expected)
    t.is(await nstore.count(tx, triples, ofFriends), 3)
    const first = nstore.select(tx, triples, ofFriends[0])
    t.deepEqual(await found.all(nstore.where(tx, triples, first, ofFriends[1])), expected)
    t.deepEqual(await found.all(nstore.where(tx, triples, [{ friend: 'bob' }], ofFriends[1])), [expected[0]])
  })
})

test('a variable stands for one value, also twice in a pattern', async (t) => {
  const db = await filled(t, friends)
  await found.transactional(db, async (tx) => {
    t.deepEqual(await found.all(nstore.select(tx, triples, [v('x'), 'knows', v('x')])), [{ x: 'carol' }])
  })
})

test('equality finds nothing longer', async (t) => {
  const keys = ['a', 'a\0', 'a\0b', Buffer.from('6100ff', 'hex'), Buffer.from('a'), [1], [1, null], [], null]
  const db = await filled(t, keys.map((key, index) => [key, 'is', index]))
  await found.transactional(db, async (tx) => {
    for (const [index, key] of keys.entries()) {
      t.deepEqual(await found.all(nstore.select(tx, triples, [key, 'is', v('index')])), [{ index }])
    }
  })
})

test('items of every kind come back', async (t) => {
  const items: found.UnpackedItem[] = [
    null, true, -5, 2n ** 80n, 1.5, 'text\0', Buffer.from('00ff', 'hex'), found.Uuid.random(), new found.Double(1),
    new found.Float(0.5), new found.Versionstamp(Buffer.alloc(10, 7), 3), ['nested', [null]],
  ]
  const db = await filled(t, items.map((item, index) => [index, 'is', item]))
  await found.transactional(db, async (tx) => {
    const rows = await found.all(nstore.select(tx, triples, [v('index'), 'is', v('item')]))
    t.is(rows.length, items.length)
    for (const { index, item } of rows) t.deepEqual(found.pack([item]), found.pack([items[index as number] ?? null]))
  })
})

test('values come back from get, select and query', async (t) => {
  const db = await memory(t)
  await found.transactional(db, async (tx) => {
    nstore.add(tx, triples, ['a', 'to', 'b'], { value: 'one' })
    nstore.add(tx, triples, ['b', 'to', 'c'], { value: Buffer.from([0, 1, 0]) })
    t.is((await nstore.get(tx, triples, ['a', 'to', 'b']))?.toString(), 'one')
    t.is(await nstore.get(tx, triples, ['a', 'to', 'c']), undefined)
    t.deepEqual(await found.all(nstore.select(tx, triples, ['b', 'to', v('x')], { values: true })), [
      { bindings: { x: 'c' }, values: [Buffer.from([0, 1, 0])] },
    ])
    const path = [
      [v('x'), 'to', v('y')],
      ['a', 'to', v('x')],
    ] as const
    for (const reorder of [false, true]) {
      t.deepEqual(await found.all(nstore.query(tx, triples, path, { values: true, reorder })), [
        { bindings: { x: 'b', y: 'c' }, values: [Buffer.from([0, 1, 0]), Buffer.from('one')] },
      ])
    }
    nstore.add(tx, triples, ['a', 'to', 'b'])
    t.is((await nstore.get(tx, triples, ['a', 'to', 'b']))?.length, 0)
    nstore.remove(tx, triples, ['a', 'to', 'b'])
    nstore.remove(tx, triples, ['not', 'to', 'be'])
    t.is(await nstore.count(tx, triples, [[v('a'), v('b'), v('c')]]), 1)
  })
})

test('a versionstamp becomes that of the commit in every index', async (t) => {
  const db = await memory(t)
  const { stamp } = await found.transactional(db, (tx) => {
    nstore.add(tx, triples, ['log', found.Versionstamp.incomplete(1), 'entry'])
    return found.getVersionstamp(tx)
  })
  const at = new found.Versionstamp(await stamp, 1)
  await found.transactional(db, async (tx) => {
    const [entry, ...others] = await found.all(nstore.select(tx, triples, ['log', v('at'), v('what')]))
    t.deepEqual([String(entry?.at), entry?.what, others], [String(at), 'entry', []])
    t.deepEqual(await found.all(nstore.select(tx, triples, [v('log'), at, 'entry'])), [{ log: 'log' }])
    t.throws(() => nstore.select(tx, triples, ['log', found.Versionstamp.incomplete(), v('x')]), {
      instanceOf: TypeError,
      message: /^pattern: .*versionstamp/,
    })
  })
})

test('many rows come in blocks, and the order stays', async (t) => {
  const db = await filled(t, Array.from({ length: 5000 }, (_, index) => [index, 'next', index + 1]))
  await found.transactional(db, async (tx) => {
    const steps = [
      [v('a'), 'next', v('b')],
      [v('b'), 'next', v('c')],
    ] as const
    const rows = await found.all(nstore.query(tx, triples, steps))
    t.is(rows.length, 4999)
    t.true(rows.every(({ a, b, c }, index) => a === index && b === index + 1 && c === index + 2))
    t.is(await nstore.count(tx, triples, steps), 4999)
    let seen = 0
    for await (const _ of nstore.query(tx, triples, steps)) if (++seen === 10) break
    t.is(seen, 10)
    const bindings = Array.from({ length: 1000 }, (_, index) => ({ a: 4999 - index }))
    const found_ = await found.all(nstore.where(tx, triples, bindings, [v('a'), 'next', v('b')]))
    t.true(found_.every(({ a, b }, index) => a === 4999 - index && b === 5000 - index))
    t.is(found_.length, 1000)
  })
})

test('a long join lets the event loop go round meanwhile', async (t) => {
  const db = await filled(t, Array.from({ length: 3000 }, (_, index) => [index, 'next', index + 1]))
  await found.transactional(db, async (tx) => {
    const next = (a: string, b: string) => [v(a), 'next', v(b)]
    const { turns } = await turnsDuring(() =>
      nstore.count(tx, triples, [next('a', 'b'), next('b', 'c'), next('c', 'd'), next('d', 'e')]),
    )
    // 12,000 reads. On a cluster's path each of them wakes the join, which is polled once in a turn all the same.
    t.true(turns >= 10, `the event loop came round ${turns} times`)
  })
})

test('explain says what is read, and reorder starts where there is least', async (t) => {
  const db = await filled(t, [
    ...Array.from({ length: 1500 }, (_, index): found.Tuple => [index, 'is', 'person']),
    ['me', 'knows', 7],
  ])
  await found.transactional(db, async (tx) => {
    const patterns = [
      [v('who'), 'is', 'person'],
      ['me', 'knows', v('who')],
    ] as const
    const written = await nstore.explain(tx, triples, patterns, { run: true })
    const best = await nstore.explain(tx, triples, patterns, { run: true, reorder: true })
    t.deepEqual(written.map((step) => step.pattern), [0, 1])
    t.deepEqual(best.map((step) => step.pattern), [1, 0])
    t.like(best[0], { index: 0, columns: [0, 1, 2], known: 2, estimated: 1, rows: 1, reads: 1 })
    t.true((written[1]?.reads ?? 0) >= 1500)
    t.is(best[1]?.known, 3)
    t.false('rows' in (await nstore.explain(tx, triples, patterns))[0]!)
    const same = await found.all(nstore.query(tx, triples, patterns, { reorder: true }))
    t.deepEqual(same, await found.all(nstore.query(tx, triples, patterns)))
  })
})

test('what is wrong is said at once and by name', async (t) => {
  const db = await memory(t)
  await found.transactional(db, async (tx) => {
    t.throws(() => nstore.make('n', [], 13), { instanceOf: RangeError, message: /^columns: / })
    t.throws(() => nstore.make('n', 'p' as never, 3), { instanceOf: TypeError })
    t.throws(() => nstore.add(tx, {} as never, ['a', 'b', 'c']), { instanceOf: TypeError, message: /^store: / })
    t.throws(() => nstore.add(tx, triples, ['a', 'b']), { instanceOf: TypeError, message: /^items: expected 3 items, got 2/ })
    t.throws(() => nstore.add(tx, triples, ['a', 'b', '\ud83d']), { instanceOf: TypeError, message: /lone surrogate/ })
    t.throws(() => nstore.add(tx, triples, ['a', 'b', v('c') as never]), { instanceOf: TypeError, message: /^items\[2\]: / })
    t.throws(() => nstore.select(tx, triples, ['a', v('b')]), { instanceOf: RangeError, message: /^pattern: / })
    t.throws(() => nstore.query(tx, triples, []), { instanceOf: RangeError, message: /^patterns: / })
    t.throws(() => nstore.select(tx, triples, ['a', 'b', v('c')], { value: true } as never), { instanceOf: TypeError })
    t.throws(() => v('__proto__'), { instanceOf: RangeError, message: /^name: / })
    const error = t.throws(() => nstore.add(tx, triples, ['a', 'x'.repeat(10_000), 'c']), {
      instanceOf: nstore.NStoreError,
      code: 'FOUND_NSTORE_LIMIT',
    })
    t.regex(error.message, /triples.*items\[1\]/)
    t.throws(() => nstore.add(tx, triples, ['a', 'b', 'c'], { value: Buffer.alloc(100_001) }), {
      instanceOf: nstore.NStoreError,
    })
    t.is(await found.getApproximateSize(tx), 0)
  })
})

test('a query ends with its transaction, its attempt and its signal', async (t) => {
  const db = await filled(t, Array.from({ length: 3000 }, (_, index) => [index, 'next', index + 1]))
  const everything: nstore.Pattern = [v('a'), v('b'), v('c')]
  const later = await found.transactional(db, async (tx) => {
    const solutions = nstore.select(tx, triples, everything)
    await solutions.next()
    return solutions
  })
  await t.throwsAsync(found.all(later), { code: 'FOUND_TRANSACTION_OVER' })

  await found.transactional(db, async (tx) => {
    const stop = new AbortController()
    const solutions = nstore.select(tx, triples, everything, { signal: stop.signal })
    await solutions.next()
    const reason = new Error('enough')
    stop.abort(reason)
    await t.throwsAsync(found.all(solutions), { is: reason })
    const closed = signal()
    async function* source() {
      try {
        for (let a = 0; ; a++) yield { a }
      } finally {
        closed.resolve()
      }
    }
    for await (const _ of nstore.where(tx, triples, source(), [v('a'), 'next', v('b')])) break
    await closed.promise
  })
})

test('transactions that look for the same tuples and change them are run one after the other', async (t) => {
  const db = await filled(t, [['counter', 'is', 0]])
  await Promise.all(
    Array.from({ length: 40 }, () =>
      found.transactional(db, async (tx) => {
        for await (const { n } of nstore.select(tx, triples, ['counter', 'is', v('n')])) {
          nstore.remove(tx, triples, ['counter', 'is', n])
          nstore.add(tx, triples, ['counter', 'is', (n as number) + 1])
        }
      }),
    ),
  )
  await found.transactional(db, async (tx) => {
    t.deepEqual(await found.all(nstore.select(tx, triples, ['counter', 'is', v('n')])), [{ n: 40 }])
  })
})
