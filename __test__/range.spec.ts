// Ranges: which rows come, for keys and selectors, in both directions, whatever the size of the pages.

import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { all, gt, gte, limit, lt, lte, query, transactional } from '../index.js'
import { END, keys, memory, signal } from './support.js'

const letters = { a: '1', b: '2', c: '3', d: '4', e: '5' }

async function rows(
  db: found.Database,
  key: found.KeyOrSelector,
  other: found.KeyOrSelector,
  options?: found.QueryOptions,
): Promise<string> {
  return keys(await transactional(db, (tx) => all(query(tx, key, other, options))))
}

test('the direction follows from the keys, as on a cluster', async (t) => {
  const db = await memory(t, letters)
  t.is(await rows(db, 'b', 'd'), 'b c')
  t.is(await rows(db, 'd', 'b'), 'd c b')
  t.is(await rows(db, 'd', 'd'), 'd')
  t.is(await rows(db, 'b', 'd', { reverse: true }), 'c b')
  t.is(await rows(db, 'b', 'd', { reverse: false }), 'b c')
  t.is(await rows(db, '', END), 'a b c d e')
  t.is(await rows(db, 'x', 'x'), '')
})

test('key selectors stand in both places', async (t) => {
  const db = await memory(t, letters)
  t.is(await rows(db, gt('b'), 'd'), 'c')
  t.is(await rows(db, gte('b'), gt('d')), 'b c d')
  t.is(await rows(db, gte('b', 2), gte('d', 2)), 'c d')
  t.is(await rows(db, lt('c'), lte('e')), 'b c d')
  t.is(await rows(db, gt('a'), gt('d'), { reverse: true }), 'd c b')
  t.is(await rows(db, gte('d'), gte('b')), 'd c b')
})

test('limit counts in the direction of the read', async (t) => {
  const db = await memory(t, letters)
  t.is(await rows(db, 'a', 'e', { limit: 2 }), 'a b')
  t.is(await rows(db, 'a', 'e', { limit: 2, reverse: true }), 'd c')
  t.is(await rows(db, 'e', 'a', { limit: 2 }), 'e d')
  t.is(await rows(db, 'a', 'e', { limit: 100 }), 'a b c d')
})

/** What ends a range can have, and what they are among sorted keys: the place of a selector, as FoundationDB defines it. */
const bounds: [key: found.KeyOrSelector, other: found.KeyOrSelector][] = [
  ['', END],
  ['010', '041'],
  [gt('010'), gt('041')],
  [lt('011'), lte('041')],
  // Far from the key, over own writes and cleared keys, and beyond the ends.
  [gte('018', 3), gte('050', -4)],
  [lte('031', -9), gt('019', 9)],
  [gte('003', -20), gt('058', 20)],
  [gt('030'), gte('020')],
]

function place(sorted: readonly string[], bound: found.KeyOrSelector): number {
  const { key, orEqual, offset } = bound instanceof found.KeySelector ? bound : gte(bound)
  const before = sorted.filter((each) => each < String(key) || (orEqual && each === String(key))).length
  const at = before - 1 + offset
  return String(key) === String(END) ? sorted.length : Math.min(Math.max(at, 0), sorted.length)
}

test('rows are the same for every mode, limit, direction, page size and kind of bound, over own writes', async (t) => {
  const stored = Array.from({ length: 60 }, (_, index) => String(index).padStart(3, '0'))
  const db = await memory(t, Object.fromEntries(stored.map((key) => [key, `value ${key}`])))
  await transactional(db, async (tx) => {
    found.clear(tx, '020', '030')
    found.set(tx, '025', 'new')
    found.set(tx, '031', 'over')
    found.set(tx, '999', 'new')
    found.clear(tx, '040')
    const values = new Map(stored.map((key) => [key, `value ${key}`]))
    for (const key of [...stored.filter((key) => key >= '020' && key < '030'), '040']) values.delete(key)
    for (const [key, value] of [['025', 'new'], ['031', 'over'], ['999', 'new']] as const) values.set(key, value)
    const sorted = [...values.keys()].sort()
    for (const [key, other] of bounds) {
      const inside = sorted.slice(place(sorted, key), place(sorted, other))
      for (const mode of Object.values(found.STREAMING_MODE)) {
        for (const reverse of [false, true]) {
          for (const most of [0, 1, 7, 51, 200]) {
            for (const targetBytes of [0, 1, 40]) {
              if (mode === found.STREAMING_MODE_EXACT && most === 0) continue
              const got = await all(query(tx, key, other, { mode, reverse, limit: most, targetBytes }))
              const wanted = reverse ? [...inside].reverse() : inside
              const cut = most === 0 ? wanted : wanted.slice(0, most)
              const told = (rows: readonly (readonly [unknown, unknown])[]): string => rows.map((row) => row.join('=')).join(' ')
              const expected = told(cut.map((each) => [each, values.get(each)]))
              if (told(got) !== expected) t.is(told(got), expected, JSON.stringify({ key, other, mode, reverse, most, targetBytes }))
            }
          }
        }
      }
    }
  })
  t.pass()
})

test.serial('a page of one row is what one byte to a page gives, in every mode', async (t) => {
  const db = await memory(t, letters)
  const { native } = await import('../lib/native.js')
  for (const mode of Object.values(found.STREAMING_MODE)) {
    await transactional(db, async (tx) => {
      const [before] = native.traffic()
      const rows = await all(query(tx, 'a', 'f', { mode, limit: 5, targetBytes: 1 }))
      const [after] = native.traffic()
      t.is(rows.length, 5)
      t.true(after - before >= 5, `${mode}: ${after - before} crossings`)
    })
  }
})

test('rows come one by one as well, and leaving early ends the reading', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    const seen: string[] = []
    for await (const [key, value] of query(tx, 'a', 'z', { targetBytes: 1 })) {
      seen.push(`${key}=${value}`)
      if (seen.length === 3) break
    }
    t.deepEqual(seen, ['a=1', 'b=2', 'c=3'])

    const iterator = query(tx, 'a', 'z', { targetBytes: 1 })
    t.deepEqual((await iterator.next()).value?.map(String), ['a', '1'])
    t.deepEqual(await iterator.return(), { done: true, value: undefined })
    t.deepEqual(await iterator.next(), { done: true, value: undefined })
    t.deepEqual(await all(iterator), [])

    const rest = query(tx, 'a', 'z')
    await rest.next()
    t.is(keys(await all(rest)), 'b c d e')
    t.deepEqual(await rest.next(), { done: true, value: undefined })
  })
})

test('calls of next that overlap each get a row of their own', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    const iterator = query(tx, 'a', 'z', { targetBytes: 1 })
    const results = await Promise.all(Array.from({ length: 7 }, () => iterator.next()))
    t.deepEqual(results.map(({ done, value }) => (done ? '-' : String(value[0]))).sort(), [
      '-',
      '-',
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
  })
})

test('nothing is read before the first row is asked for', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    const later = query(tx, 'a', 'z')
    found.set(tx, 'bb', 'new')
    t.is(keys(await all(later)), 'a b bb c d e')
  })
})

test('limit ends the iterable that it reads from', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    t.is(keys(await all(limit(query(tx, 'a', 'z'), 2))), 'a b')
    t.is(keys(await all(limit(query(tx, 'a', 'z'), 0))), '')
    t.is(keys(await all(limit(query(tx, 'a', 'z'), 9))), 'a b c d e')
  })
  let ended = false
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let number = 0; ; number++) yield number
    } finally {
      ended = true
    }
  }
  t.deepEqual(await all(limit(numbers(), 3)), [0, 1, 2])
  t.true(ended)
})

test('a range ends with its transaction, by an error and not by silence', async (t) => {
  const db = await memory(t, letters)
  const code = 'FOUND_TRANSACTION_OVER'
  const [fresh, begun] = await transactional(db, async (tx) => {
    const iterator = query(tx, 'a', 'z', { targetBytes: 1 })
    await iterator.next()
    return [query(tx, 'a', 'z'), iterator]
  })
  await t.throwsAsync(() => all(fresh!), { instanceOf: found.FoundError, code })
  await t.throwsAsync(() => all(begun!), { instanceOf: found.FoundError, code })

  let first: found.Rows | undefined
  await transactional(db, async (tx) => {
    if (first === undefined) {
      first = query(tx, 'a', 'z', { targetBytes: 1 })
      await first.next()
      throw new found.FdbError(1020)
    }
    await t.throwsAsync(() => all(first!), { code, message: /earlier attempt/ })
  })
})

test('what is left while it waits is done, and leaves others alone', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    const left = query(tx, 'a', 'z', { targetBytes: 1 })
    await left.next()
    const other = query(tx, 'a', 'z', { targetBytes: 1 })
    const [begun, under] = [other.next(), left.next()]
    t.is((await begun).value?.[0].toString(), 'a')
    await left.return()
    t.true((await under).done || (await under).value?.[0].toString() === 'b')
    t.deepEqual(await left.next(), { done: true, value: undefined })
    t.is(keys(await all(other)), 'b c d e')

    const done = { done: true, value: undefined } as IteratorResult<number, undefined>
    const ended = signal<IteratorResult<number, undefined>>()
    const end = (): Promise<IteratorResult<number, undefined>> => {
      ended.resolve(done)
      return ended.promise
    }
    const first = limit({ [Symbol.asyncIterator]: () => ({ next: () => ended.promise, return: end }) }, 3)
    const next = first.next()
    t.deepEqual(await first.return(), done)
    t.deepEqual(await next, done)
  })
})

test('a signal ends a range before, during and after', async (t) => {
  const db = await memory(t, letters)
  const reason = new Error('enough')
  await transactional(db, async (tx) => {
    const aborted = query(tx, 'a', 'z', { signal: AbortSignal.abort(reason) })
    t.is(await t.throwsAsync(() => aborted.next()), reason)

    const controller = new AbortController()
    const iterator = query(tx, 'a', 'z', { targetBytes: 1, signal: controller.signal })
    await iterator.next()
    controller.abort(reason)
    t.is(await t.throwsAsync(() => all(iterator)), reason)
    t.deepEqual(await iterator.next(), { done: true, value: undefined })

    const late = new AbortController()
    t.is(keys(await all(query(tx, 'a', 'z', { signal: late.signal }))), 'a b c d e')
    late.abort(reason)
  })
})

test('rows do not share memory with each other, with the store or with later reads', async (t) => {
  const db = await memory(t, letters)
  await transactional(db, async (tx) => {
    const first = await all(query(tx, 'a', 'z'))
    for (const [key, value] of first.slice(0, 2)) {
      key.fill(0)
      value.fill(0)
    }
    t.is(keys(first.slice(2)), 'c d e')
    t.is(keys(await all(query(tx, 'a', 'z'))), 'a b c d e')
  })
})

test('a range larger than any page comes whole', async (t) => {
  const db = await memory(t)
  const value = 'v'.repeat(9000)
  await transactional(db, (tx) => {
    for (let index = 0; index < 300; index++) found.set(tx, String(index).padStart(4, '0'), value)
  })
  for (const mode of [found.STREAMING_MODE_WANT_ALL, found.STREAMING_MODE_ITERATOR]) {
    const got = await transactional(db, (tx) => all(query(tx, '', END, { mode })))
    t.is(got.length, 300)
    t.true(got.every(([key, read], index) => Number(key) === index && read.toString() === value))
  }
})

test('all collects any async iterable', async (t) => {
  async function* letters(): AsyncGenerator<string> {
    yield 'a'
    yield 'b'
  }
  t.deepEqual(await all(letters()), ['a', 'b'])
  await t.throwsAsync(() => all(['a'] as unknown as AsyncIterable<string>), {
    instanceOf: TypeError,
    message: /^iterable: /,
  })
})

async function key(t: ExecutionContext, selector: found.KeyOrSelector): Promise<string> {
  const db = await memory(t, letters)
  return (await transactional(db, (tx) => found.getKey(tx, selector))).toString('latin1')
}

test('getKey finds the key of a selector', async (t) => {
  t.is(await key(t, lt('c')), 'b')
  t.is(await key(t, lte('c')), 'c')
  t.is(await key(t, gt('c')), 'd')
  t.is(await key(t, gte('c')), 'c')
  t.is(await key(t, 'bb'), 'c')
  t.is(await key(t, gt('b', 2)), 'd')
  t.is(await key(t, lt('c', -1)), 'a')
  t.is(await key(t, lt('a')), '')
  t.is(await key(t, gt('e')), '\xff')
})

test('nextPrefix ends the range of a prefix', (t) => {
  t.is(found.nextPrefix('ab').toString(), 'ac')
  t.deepEqual(found.nextPrefix(Buffer.from([1, 255, 255])), Buffer.from([2]))
  for (const wrong of ['', Buffer.from([255, 255])]) {
    t.throws(() => found.nextPrefix(wrong), { instanceOf: RangeError, message: /^key: / })
  }
})
