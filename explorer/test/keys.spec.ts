import test from 'ava'
import fc from 'fast-check'

import * as found from '../../index.js'
import { hex, page, type Page } from './client.js'

async function children(made: Page, prefix: string, after?: string, limit = 100, until?: string) {
  return made.ask('keys/tree', { prefix, limit, ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) })
}

const set = (made: Page, rows: readonly (readonly [found.Bytes, found.Bytes])[]): Promise<void> =>
  found.transactional(made.db, (tx) => rows.forEach(([key, value]) => found.set(tx, key, value)))

test('a level of the tree has each item once, with what is at it and under it', async (t) => {
  const made = await page(t)
  await set(made, [
    [found.pack(['a']), 'one'],
    [found.pack(['a', 1]), 'two'],
    [found.pack(['a', 2, 'x']), 'three'],
    [found.pack(['a\0b']), found.pack([1, 2.5])],
    [found.pack([null, 'n']), ''],
    [found.pack([7]), Buffer.alloc(200)],
    [found.pack([['nested', null], 1]), 'four'],
    ['zz raw', 'five'],
    [Buffer.of(0xfe, 0xff), 'six'],
  ])
  const { children: top, more } = await children(made, '')
  t.false(more)
  t.deepEqual(
    top.map(({ item, value, children }) => [item, value?.length, children]),
    [
      [null, undefined, true],
      ['a', 3, true],
      ['a\0b', found.pack([1, 2.5]).length, false],
      [['nested', null], undefined, true],
      [7, 200, false],
      [undefined, 4, false],
      [undefined, 3, false],
    ],
  )
  t.deepEqual(top[2]?.value?.tuple, [1, 2.5])
  t.is(top[4]?.value?.hex.length, 2 * 96)
  const { children: under } = await children(made, hex(['a']))
  t.deepEqual(under.map(({ item, children }) => [item, children]), [[1, false], [2, true]])
  t.deepEqual((await children(made, hex('zz '))).children.map(({ key }) => key), [hex('zz raw')])
})

test('every key is in the tree, once, whatever its bytes', async (t) => {
  const made = await page(t)
  // Bytes that mean something to the tuple layer, and others.
  const byte = fc.oneof(fc.constantFrom(0x00, 0x01, 0x02, 0x05, 0x14, 0x15, 0x1d, 0x0b, 0x21, 0x26, 0x30, 0xff), fc.integer({ min: 0, max: 255 }))
  const raw = fc.array(byte, { minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)).filter(([first]) => first !== 0xff)
  const item = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.constant(null), fc.array(fc.constantFrom(null, 'a', 1), { maxLength: 2 }))
  const packed = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => found.pack(items as found.Tuple))
  const keysOf = async (prefix: string, until?: string): Promise<string[]> => {
    const keys: string[] = []
    for (let after: string | undefined, more = true; more; ) {
      const level = await children(made, prefix, after, 3, until)
      for (const child of level.children) {
        if (child.value !== undefined) keys.push(child.key)
        if (child.children) keys.push(...(await keysOf(child.key, child.end)))
      }
      more = level.more
      after = level.children.at(-1)?.end
    }
    return keys
  }
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.oneof(raw, packed), { maxLength: 12, selector: (key) => key.toString('hex') }), async (keys) => {
      await found.transactional(made.db, (tx) => {
        found.clear(tx, '', Buffer.of(0xff))
        for (const key of keys) found.set(tx, key, 'v')
      })
      t.deepEqual(await keysOf(''), keys.map((key) => key.toString('hex')).sort())
    }),
    { numRuns: 60 },
  )
})

test('a large level comes in pages, and costs no more than what is shown', async (t) => {
  const made = await page(t)
  await set(made, Array.from({ length: 3000 }, (_, at) => [found.pack(['log', at]), 'x'.repeat(100)] as const))
  await set(made, Array.from({ length: 300 }, (_, at) => [found.pack(['user', at, 'name']), 'x'] as const))
  await set(made, [[found.pack(['wide']), Buffer.alloc(100_000)]])
  const { children: top } = await children(made, '')
  t.deepEqual(top.map(({ item }) => item), ['log', 'user', 'wide'])
  t.true((top[0]?.bytes ?? 0) > 100_000)
  t.is(top[2]?.value?.length, 100_000)

  const seen: unknown[] = []
  for (let after: string | undefined, more = true; more; ) {
    const level = await children(made, hex(['log']), after, 500)
    t.true(level.children.length <= 500)
    seen.push(...level.children.map(({ item }) => item))
    after = level.children.at(-1)?.end
    more = level.more
  }
  t.deepEqual(seen, Array.from({ length: 3000 }, (_, at) => at))
})

test('a value comes as it is, with the tuple that it may be', async (t) => {
  const made = await page(t)
  const uuid = found.Uuid.random()
  const tuple = [1, -1, 2n ** 70n, 1.5, new found.Double(1), new found.Float(0.5), null, true, 'é', Buffer.of(0, 255), uuid, ['x', []]]
  await set(made, [
    [found.pack(['t']), found.pack(tuple)],
    ['raw', Buffer.of(0xff, 0xfe)],
  ])
  const value = await made.ask('keys/value', { key: hex(['t']) })
  t.deepEqual(value.tuple, ['t'])
  t.is(value.value?.hex, found.pack(tuple).toString('hex'))
  t.deepEqual(value.value?.tuple, [
    1, -1, { integer: String(2n ** 70n) }, 1.5, { double: '3ff0000000000000' }, { float: '3f000000' }, null, true, 'é',
    { bytes: '00ff' }, { uuid: String(uuid) }, ['x', []],
  ])
  t.deepEqual(await made.ask('keys/value', { key: hex('raw') }), { key: hex('raw'), value: { hex: 'fffe' } } as never)
  t.deepEqual(await made.ask('keys/value', { key: hex(['none']) }), { key: hex(['none']), tuple: ['none'] } as never)
  // What the page has is packed to the same bytes again.
  t.is((await made.ask('keys/pack', { tuple: [...(value.value?.tuple ?? [])] })).hex, found.pack(tuple).toString('hex'))
})

test('edits are committed together, or none of them', async (t) => {
  const made = await page(t, { write: true })
  await set(made, [
    ['a', 'one'],
    ['b', 'two'],
  ])
  const committed = await made.ask('keys/commit', {
    edits: [
      { key: hex('a'), expected: hex('one'), set: { hex: hex('uno') } },
      { key: hex('b'), expected: hex('two') },
      { key: hex(['c']), expected: null, set: { tuple: ['x', 1] } },
    ],
  })
  t.deepEqual(committed, { committed: true, conflicts: [] })
  const values = await found.transactional(made.db, (tx) => Promise.all(['a', 'b', found.pack(['c'])].map((key) => found.get(tx, key))))
  t.deepEqual(values.map((value) => value?.toString('hex')), [hex('uno'), undefined, hex(['x', 1])])

  const refused = await made.ask('keys/commit', {
    edits: [
      { key: hex('a'), expected: hex('one'), set: { hex: '' } },
      { key: hex('b'), expected: hex('two'), set: { hex: '' } },
      { key: hex('new'), expected: null, set: { hex: '' } },
    ],
  })
  t.false(refused.committed)
  t.deepEqual(refused.conflicts.map(({ key, value }) => [key, value?.hex]), [[hex('a'), hex('uno')], [hex('b'), undefined]])
  t.is(await found.transactional(made.db, (tx) => found.get(tx, 'new')), undefined)
})

test('what has not the form it should have is refused, and says what is wrong', async (t) => {
  const made = await page(t, { write: true })
  const bad: [string, unknown, RegExp][] = [
    ['keys/tree', {}, /prefix/],
    ['keys/tree', { prefix: 'zz', limit: 1 }, /prefix/],
    ['keys/tree', { prefix: 'abc', limit: 1 }, /prefix/],
    ['keys/tree', { prefix: '', limit: 0 }, /limit/],
    ['keys/tree', { prefix: '', limit: 1e6 }, /limit/],
    ['keys/tree', { prefix: '', limit: '1' }, /limit/],
    ['keys/tree', { prefix: '', limit: 1, more: true }, /additional/],
    ['keys/tree', { prefix: 'ff', limit: 1 }, /ff/],
    ['keys/tree', [], /object/],
    ['keys/value', { key: 1 }, /key/],
    ['keys/pack', { tuple: [{ uuid: 'x' }] }, /tuple/],
    ['keys/pack', { tuple: [{ integer: '1e5' }] }, /tuple/],
    ['keys/pack', { tuple: [{ bytes: '0' }] }, /tuple/],
    ['keys/pack', { tuple: [[[[{ integer: 'x' }]]]] }, /tuple/],
    ['keys/pack', { tuple: ['\ud800'] }, /surrogate/],
    ['keys/commit', { edits: [] }, /edits/],
    ['keys/commit', { edits: [{ key: '00' }] }, /expected/],
    ['keys/commit', { edits: [{ key: '00', expected: null, set: {} }] }, /set/],
  ]
  for (const [name, body, message] of bad) {
    const refused = await made.refused(name, body)
    t.is(refused.status, 400, `${name} ${JSON.stringify(body)}`)
    t.regex(refused.message, message)
  }
  t.is((await made.fetch('/api/keys/tree', { method: 'POST', body: '{' })).status, 400)
  t.is((await made.post('/api/keys/pack', { tuple: ['x'.repeat(5_000_000)] })).status, 413)
  t.is((await made.fetch('/api/keys/tree')).status, 404)
  const system = await made.refused('keys/value', { key: 'ff00' })
  t.is(system.code, 'key_outside_legal_range')
})
