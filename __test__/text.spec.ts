// Text is never altered: it goes in and comes out by its length, whatever is in it, and what UTF-8 cannot say is refused.

import test from 'ava'

import * as found from '../index.js'
import { bstore, eavstore, get, nstore, pstore, set, transactional, vnstore } from '../index.js'
import { END, keys, memory } from './support.js'

const blobs = bstore.make('blobs', ['blobs'])
const tuples = nstore.make('tuples', ['tuples'], 2)
const records = eavstore.make('records', ['records'])
const words = pstore.make('words', ['words'])
const facts = vnstore.make('facts', ['facts'], ['key', 'value'])

/** The kinds of characters, by how many bytes of UTF-8 they take, and the one that ends the strings of C. */
const CHARACTERS = ['x', 'é', '語', '\u{1F525}', '\0']
/** Beyond the largest room that text is converted in. */
const LENGTH_MAX = 4200

/** A text of so many bytes, of one kind of character as far as they go. */
function textOf(character: string, bytes: number): string {
  const width = Buffer.byteLength(character)
  return 'y'.repeat(bytes % width) + character.repeat(Math.floor(bytes / width))
}

for (const character of CHARACTERS) {
  test(`text of every length is the same as a key, as a value and as a bound: ${JSON.stringify(character)}`, async (t) => {
    const db = await memory(t)
    const STEP = 600
    for (let from = 0; from <= LENGTH_MAX; from += STEP) {
      await transactional(db, async (tx) => {
        for (let length = from; length < from + STEP && length <= LENGTH_MAX; length++) {
          const text = textOf(character, length)
          set(tx, text, text)
          const value = await get(tx, text)
          const rows = await found.all(found.query(tx, text, found.gt(text)))
          const back = [value, ...rows.flat()].map(String)
          if (back.length !== 3 || back.some((each) => each !== text)) t.fail(`${length} bytes`)
        }
      })
    }
    const kept = await found.all(found.scan(db, '', END))
    const lengths = new Set(kept.map(([key, value]) => (key.equals(value) && String(key) === textOf(character, key.length) ? key.length : -1)))
    t.deepEqual([...lengths].sort((one, other) => one - other), Array.from({ length: LENGTH_MAX + 1 }, (_, length) => length))
  })
}

test('texts that stores of others have altered', async (t) => {
  const db = await memory(t)
  const json = JSON.stringify({ text: 'v'.repeat(1024 - 11) })
  t.is(json.length, 1024)
  await transactional(db, async (tx) => {
    set(tx, 'key', '123')
    set(tx, 'json', json)
    set(tx, '\0inside', 'x')
    set(tx, '\x01', 'outside')
  })
  await transactional(db, async (tx) => {
    t.is(String(await get(tx, 'key')), '123')
    t.is(String(await get(tx, 'json')), json)
    t.is(keys(await found.all(found.query(tx, '\x00', '\x01'))), '\0inside')
  })
})

/** Where text goes in besides, and how it comes out again: the same. */
const throughCalls: Record<string, (tx: found.Transaction, text: string) => Promise<unknown> | unknown> = {
  getKey: (tx, text) => (set(tx, text, ''), found.getKey(tx, text)),
  selectors: async (tx, text) => (set(tx, text, ''), (await found.all(found.query(tx, found.gte(text), found.gt(text))))[0]?.[0]),
  clear: async (tx, text) => {
    set(tx, text, '')
    set(tx, `${text}\0`, '')
    found.clear(tx, text)
    return (await found.all(found.query(tx, text, found.gt(`${text}\0`)))).length === 1 ? text : 'another was cleared'
  },
  'clear of a range': async (tx, text) => {
    set(tx, text, '')
    set(tx, `${text}\0`, '')
    found.clear(tx, text, `${text}\0`)
    return (await found.all(found.query(tx, text, found.gt(`${text}\0`)))).length === 1 ? text : 'another was cleared'
  },
  appendIfFits: (tx, text) => (found.appendIfFits(tx, `of ${text}`, text), get(tx, `of ${text}`)),
  byteMax: (tx, text) => (found.byteMax(tx, `of ${text}`, text), get(tx, `of ${text}`)),
  compareAndClear: async (tx, text) => {
    set(tx, 'compared', text)
    found.compareAndClear(tx, 'compared', text)
    return (await get(tx, 'compared')) === undefined ? text : 'it differs'
  },
  nextPrefix: (_tx, text) => {
    const bytes = Buffer.from(text)
    const next = found.nextPrefix(text)
    const above = Buffer.concat([bytes, Buffer.alloc(8, 0xff)])
    return Buffer.compare(above, next) < 0 && Buffer.compare(bytes, next) < 0 ? text : next
  },
  pack: (_tx, text) => found.unpack(found.pack([text]))[0],
  'pack of what is nested': (_tx, text) => (found.unpack(found.pack([[text]]))[0] as string[])[0],
  'the prefix of packWithVersionstamp': (_tx, text) =>
    found.packWithVersionstamp([new found.Versionstamp()], text).subarray(0, Buffer.byteLength(text)),
  'a blob': async (tx, text) => bstore.get(tx, blobs, await bstore.getOrCreate(tx, blobs, text)),
  'an item and a value of a tuple': async (tx, text) => {
    nstore.add(tx, tuples, [text, 1], { value: text })
    const [row] = await found.all(nstore.select(tx, tuples, [nstore.var('it'), 1], { values: true }))
    nstore.remove(tx, tuples, [text, 1])
    return row?.bindings.it === String(row?.values[0]) ? row?.bindings.it : row
  },
  'a record': async (tx, text) => {
    const uid = await eavstore.create(tx, records, { [`a${text}`]: text })
    const record = await eavstore.get(tx, records, uid)
    const uids = await found.all(eavstore.query(tx, records, `a${text}`, text))
    return uids.length === 1 ? record?.[`a${text}`] : 'it is not found'
  },
  'the uid of a record': async (tx, text) => {
    await eavstore.create(tx, records, { a: 1 }, text)
    return (await found.all(eavstore.query<string>(tx, records, 'a', 1)))[0]
  },
  'a document and its word': async (tx, text) => {
    await pstore.index(tx, words, text, { [`w${text}`]: 1 })
    return (await pstore.search(tx, words, [`w${text}`], 1))[0]?.[0]
  },
  'a fact and the message of its change': async (tx, text) => {
    const change = await vnstore.changeCreate(tx, facts)
    await vnstore.changeMessage(tx, facts, change, text)
    await vnstore.add(tx, facts, [text, 1])
    await vnstore.changeApply(tx, facts, change)
    const [row] = await found.all(vnstore.select(tx, facts, [vnstore.var('it'), 1], { asOf: change }))
    await vnstore.changeCreate(tx, facts)
    await vnstore.remove(tx, facts, [text, 1])
    return (await vnstore.changeGet(tx, facts, change))?.message === text ? row?.it : 'the message differs'
  },
}

for (const [name, call] of Object.entries(throughCalls)) {
  test(`text goes through ${name} as it is`, async (t) => {
    const db = await memory(t)
    for (const character of CHARACTERS) {
      // Around the sizes of buffers that text might be converted in.
      for (const length of [1, 2, 15, 16, 17, 255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049]) {
        const text = textOf(character, length)
        const back = await transactional(db, async (tx) => {
          const back = await call(tx, text)
          found.reset(tx)
          return back
        })
        if (String(back) !== text) t.fail(`${JSON.stringify(character)}, ${length} bytes: ${String(back).slice(0, 100)}`)
      }
    }
    t.pass()
  })
}

test('a lone surrogate is refused wherever text goes in', async (t) => {
  const db = await memory(t)
  await transactional(db, async (tx) => {
    for (const text of ['\ud83d', '\udd25\ud83d', 'a\ud800b', `${'x'.repeat(300)}\udc00`]) {
      const expected = { instanceOf: TypeError, message: /lone surrogate at index/ }
      t.throws(() => set(tx, text, ''), { ...expected, message: /^key: .*lone surrogate/ })
      t.throws(() => set(tx, '', text), { ...expected, message: /^value: .*lone surrogate/ })
      t.throws(() => found.clear(tx, text), expected)
      t.throws(() => found.clear(tx, 'a', text), expected)
      t.throws(() => found.add(tx, 'a', text), expected)
      t.throws(() => found.addConflictRange(tx, text, 'b', 0), expected)
      t.throws(() => found.watch(tx, text), expected)
      t.throws(() => found.query(tx, text, 'b'), expected)
      t.throws(() => found.gte(text), expected)
      t.throws(() => found.nextPrefix(text), expected)
      t.throws(() => found.setOption(tx, 'debug_transaction_identifier', text), expected)
      await t.throwsAsync(() => get(tx, text), expected)
      await t.throwsAsync(() => found.getKey(tx, text), expected)
    }
  })
  t.throws(() => found.scan(db, '\ud83d', 'b'), { instanceOf: TypeError })
  t.throws(() => found.watchLoop(db, '\ud83d'), { instanceOf: TypeError })
  // U+FFFD itself, which stands for what cannot be said, is text like any other.
  t.is((await transactional(db, (tx) => (set(tx, 'a', '\ufffd'), get(tx, 'a'))))?.toString(), '\ufffd')
})

/** Everything of the stores that text goes into. */
const intoStores: Record<string, (tx: found.Transaction, db: found.Database, text: string) => unknown> = {
  'bstore.make': (_tx, _db, text) => bstore.make('name', [text]),
  'bstore.getOrCreate': (tx, _db, text) => bstore.getOrCreate(tx, blobs, text),
  'bstore.write': (_tx, db, text) => bstore.write(db, blobs, text),
  'bstore.write of chunks': (_tx, db, text) => bstore.write(db, blobs, (async function* () { yield text })()),
  'nstore.make': (_tx, _db, text) => nstore.make('name', [text], 2),
  'nstore.add': (tx, _db, text) => nstore.add(tx, tuples, ['a', text]),
  'nstore.add of what is nested': (tx, _db, text) => nstore.add(tx, tuples, ['a', [[text]]]),
  'a value of nstore.add': (tx, _db, text) => nstore.add(tx, tuples, ['a', 1], { value: text }),
  'nstore.remove': (tx, _db, text) => nstore.remove(tx, tuples, [text, 1]),
  'nstore.get': (tx, _db, text) => nstore.get(tx, tuples, [text, 1]),
  'nstore.var': (_tx, _db, text) => nstore.var(text),
  'nstore.select': (tx, _db, text) => nstore.select(tx, tuples, [text, nstore.var('b')]),
  'nstore.query': (tx, _db, text) => nstore.query(tx, tuples, [['a', text]], { reorder: true }),
  'nstore.where': (tx, _db, text) => found.all(nstore.where(tx, tuples, [{ a: text }], [nstore.var('a'), 1])),
  'nstore.count': (tx, _db, text) => nstore.count(tx, tuples, [[text, 1]]),
  'eavstore.make': (_tx, _db, text) => eavstore.make('name', [text]),
  'an attribute of eavstore.create': (tx, _db, text) => eavstore.create(tx, records, { [text]: 1 }),
  'a value of eavstore.create': (tx, _db, text) => eavstore.create(tx, records, { a: text }),
  'a list of eavstore.create': (tx, _db, text) => eavstore.create(tx, records, { a: ['b', text] }),
  'a uid of eavstore.create': (tx, _db, text) => eavstore.create(tx, records, { a: 1 }, text),
  'eavstore.update': (tx, _db, text) => eavstore.update(tx, records, 'uid', { a: text }),
  'eavstore.get': (tx, _db, text) => eavstore.get(tx, records, text),
  'eavstore.remove': (tx, _db, text) => eavstore.remove(tx, records, text),
  'eavstore.query by attribute': (tx, _db, text) => eavstore.query(tx, records, text, 1),
  'eavstore.query by value': (tx, _db, text) => eavstore.query(tx, records, 'a', text),
  'eavstore.query by range': (tx, _db, text) => eavstore.query(tx, records, { a: { gte: text } }),
  'pstore.make': (_tx, _db, text) => pstore.make('name', [text]),
  'a document of pstore.index': (tx, _db, text) => pstore.index(tx, words, text, { word: 1 }),
  'a word of pstore.index': (tx, _db, text) => pstore.index(tx, words, 'document', { [text]: 1 }),
  'pstore.search': (tx, _db, text) => pstore.search(tx, words, ['word', text], 10),
  'pstore.counter': (tx, _db, text) => pstore.counter(tx, words, text),
  'pstore.remove': (tx, _db, text) => pstore.remove(tx, words, text),
  'vnstore.make': (_tx, _db, text) => vnstore.make('name', ['name'], ['a', text]),
  'vnstore.add': (tx, _db, text) => vnstore.add(tx, facts, ['a', text]),
  'a value of vnstore.add': (tx, _db, text) => vnstore.add(tx, facts, ['a', 1], { value: text }),
  'vnstore.remove': (tx, _db, text) => vnstore.remove(tx, facts, [text, 1]),
  'vnstore.get': (tx, _db, text) => vnstore.get(tx, facts, [text, 1]),
  'vnstore.ask': (tx, _db, text) => vnstore.ask(tx, facts, [text, 1]),
  'vnstore.select': (tx, _db, text) => vnstore.select(tx, facts, [text, vnstore.var('b')]),
  'vnstore.query': (tx, _db, text) => vnstore.query(tx, facts, [[text, vnstore.var('b')]]),
  'vnstore.history': (tx, _db, text) => vnstore.history(tx, facts, [text, 1]),
}

test('a lone surrogate is refused by every store, and nothing is written', async (t) => {
  const db = await memory(t)
  const calls = Object.entries(intoStores)
  for (const text of ['\ud83d', '\udd25\ud83d', 'a\ud800b']) {
    for (const [name, call] of calls) {
      await transactional(db, async (tx) => {
        const change = await vnstore.changeCreate(tx, facts)
        const refused = { instanceOf: TypeError, message: /lone surrogate at index/ }
        await t.throwsAsync(async () => call(tx, db, text), refused, name)
        await t.throwsAsync(() => vnstore.changeMessage(tx, facts, change, text), refused)
        found.reset(tx)
      })
    }
  }
  t.deepEqual(await found.all(found.scan(db, '', END)), [])
  // Their partners together are a character.
  for (const call of [intoStores['nstore.add'], intoStores['a word of pstore.index']])
    await t.notThrowsAsync(() => transactional(db, (tx) => call!(tx, db, '\u{1F525}') as void))
})
