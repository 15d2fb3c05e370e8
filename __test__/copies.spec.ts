// Bytes are copied at the call: what becomes of the caller's memory afterwards changes nothing, in whatever memory it is.

import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { bstore, eavstore, nstore, pstore, vnstore, get, query, transactional } from '../index.js'
import { END, keys, memory, read, write } from './support.js'

/** Bytes as a caller has them, and the end of them. */
interface Given {
  readonly bytes: Uint8Array
  /** Writes over them, and takes their memory away where that can be. */
  readonly spoil: () => void
}

const memories: Record<string, (content: Buffer) => Given> = {
  'memory of its own': (content) => {
    const bytes = new Uint8Array(content)
    return {
      bytes,
      spoil: () => {
        bytes.fill(0xee)
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
      },
    }
  },
  'a part of something larger': (content) => {
    const whole = Buffer.concat([Buffer.from('before'), content, Buffer.from('after')])
    return { bytes: whole.subarray(6, 6 + content.length), spoil: () => void whole.fill(0xee) }
  },
  "Node's pool": (content) => {
    const bytes = Buffer.from(content)
    return { bytes, spoil: () => void bytes.fill(0xee) }
  },
  'memory shared with other threads': (content) => {
    const bytes = new Uint8Array(new SharedArrayBuffer(content.length))
    bytes.set(content)
    return { bytes, spoil: () => void bytes.fill(0xee) }
  },
}

interface Scene {
  readonly t: ExecutionContext
  readonly db: found.Database
  /** Bytes that `spoil` spoils. */
  readonly give: (content: string | Uint8Array) => Uint8Array
  /** Makes a call with such bytes, and spoils them at once, before anything is waited for. */
  readonly call: <T>(make: () => T) => T
}

const rows = { a: '1', b: '2', c: '3', d: '4' }
const allKeys = async (db: found.Database): Promise<string> =>
  keys(await transactional(db, (tx) => found.all(query(tx, '', END))))

type Atomic = (tx: found.Transaction, key: found.Bytes, param: found.Bytes) => void
const atomic: Record<string, [Atomic, before: string, param: string, after: string]> = {
  add: [found.add, 'a', '\x01', 'b'],
  bitAnd: [found.bitAnd, 'c', 'a', 'a'],
  bitOr: [found.bitOr, 'a', 'b', 'c'],
  bitXor: [found.bitXor, 'a', '\x03', 'b'],
  max: [found.max, 'a', 'b', 'b'],
  min: [found.min, 'b', 'a', 'a'],
  byteMax: [found.byteMax, 'a', 'b', 'b'],
  byteMin: [found.byteMin, 'b', 'a', 'a'],
  appendIfFits: [found.appendIfFits, 'a', 'b', 'ab'],
  compareAndClear: [found.compareAndClear, 'a', 'a', 'undefined'],
}

/** What each function that takes bytes does with them, seen after they are spoiled. */
const cases: Record<string, (scene: Scene) => Promise<unknown>> = {
  set: async ({ t, db, give, call }) => {
    await transactional(db, (tx) => call(() => found.set(tx, give('key'), give('value'))))
    t.is(await read(db, 'key'), 'value')
  },
  clear: async ({ t, db, give, call }) => {
    await transactional(db, (tx) => {
      call(() => found.clear(tx, give('a')))
      call(() => found.clear(tx, give('b'), give('d')))
    })
    t.is(await allKeys(db), 'd')
  },
  'atomic operations': async ({ t, db, give, call }) => {
    for (const [name, [operation, before, param, after]] of Object.entries(atomic)) {
      await write(db, name, before)
      await transactional(db, (tx) => call(() => operation(tx, give(name), give(param))))
      t.is(String(await read(db, name)), after, name)
    }
  },
  'versionstamped keys and values': async ({ t, db, give, call }) => {
    const stamped = found.packWithVersionstamp(['log', new found.Versionstamp()])
    await transactional(db, (tx) => {
      call(() => found.setVersionstampedKey(tx, give(stamped), give('entry')))
      call(() => found.setVersionstampedValue(tx, give('last'), give(stamped)))
    })
    const [[, value] = []] = await transactional(db, (tx) => found.all(query(tx, ...found.range(['log']))))
    t.is(String(value), 'entry')
    const last = await transactional(db, (tx) => get(tx, 'last'))
    t.is(found.unpack(last!)[0], 'log')
  },
  'get and getKey': async ({ t, db, give, call }) => {
    await transactional(db, async (tx) => {
      const value = call(() => get(tx, give('b')))
      const key = call(() => found.getKey(tx, give('bb')))
      const next = call(() => found.getKey(tx, found.gt(give('b'))))
      t.deepEqual([await value, await key, await next].map(String), ['2', 'c', 'c'])
    })
  },
  query: async ({ t, db, give, call }) => {
    await transactional(db, async (tx) => {
      const plain = call(() => query(tx, give('a'), give('c')))
      const selected = call(() => query(tx, found.gt(give('a')), found.gt(give('c'))))
      t.is(keys(await found.all(plain)), 'a b')
      t.is(keys(await found.all(selected)), 'b c')
    })
  },
  scan: async ({ t, db, give, call }) => {
    const scanned = call(() => found.scan(db, give('a'), give('d'), { after: give('a') }))
    t.is(keys(await found.all(scanned)), 'b c')
  },
  'watch and watchLoop': async ({ t, db, give, call }) => {
    const watch = await transactional(db, (tx) => call(() => found.watch(tx, give('a'))))
    const loop = call(() => found.watchLoop(db, give('b')))
    t.is(String((await loop.next()).value), '2')
    await loop.return()
    await write(db, 'a', 'new')
    await t.notThrowsAsync(watch.changed)
  },
  'sizes and places': async ({ t, db, give, call }) => {
    await transactional(db, (tx) => {
      for (let index = 0; index < 50; index++) found.set(tx, `e${String(index).padStart(2, '0')}`, 'v'.repeat(90_000))
    })
    await transactional(db, async (tx) => {
      const size = call(() => found.estimatedSizeBytes(tx, give('e'), give('f')))
      const points = call(() => found.getRangeSplitPoints(tx, give('e'), give('f'), 1_000_000))
      t.true((await size) > 0)
      t.deepEqual([(await points).at(0), (await points).at(-1)].map(String), ['e', 'f'])
    })
  },
  addConflictRange: async ({ t, db, give, call }) => {
    const tx = found.makeTransaction(db)
    await found.readVersion(tx)
    call(() => found.addConflictRange(tx, give('b'), give('c'), found.CONFLICT_RANGE_TYPE_READ))
    found.set(tx, 'a', '')
    await write(db, 'bb', '')
    await t.throwsAsync(() => found.commit(tx), { code: 'not_committed' })
  },
  'where ids of idempotent runs are kept': async ({ t, db, give, call }) => {
    await call(() => transactional(db, (tx) => found.set(tx, 'a', ''), { idempotent: { prefix: give('ids/') } }))
    t.is((await transactional(db, (tx) => found.all(query(tx, 'ids/', 'ids0')))).length, 1)
  },
  tuples: async ({ t, give, call }) => {
    const nested = ['a', [Buffer.from('b'), Buffer.from('c')]]
    const packed = call(() => found.pack([give('a'), [give('b'), [give('c')]]]))
    t.deepEqual(found.unpack(packed), [Buffer.from('a'), [Buffer.from('b'), [Buffer.from('c')]]])
    t.deepEqual(call(() => found.unpack(give(found.pack(nested)))), nested)
    const stamp = new found.Versionstamp()
    const stamped = call(() => found.packWithVersionstamp([give('a'), stamp], give('prefix')))
    t.deepEqual(stamped, found.packWithVersionstamp([Buffer.from('a'), stamp], 'prefix'))
    t.deepEqual(call(() => found.range([give('a')])), found.range([Buffer.from('a')]))
    t.is(String(call(() => found.nextPrefix(give('a')))), 'b')
    t.is(String(call(() => found.gt(give('a'))).key), 'a')
    const ones = Buffer.alloc(10, 1)
    t.deepEqual(call(() => new found.Versionstamp(give(ones))).bytes.subarray(0, 10), ones)
    t.deepEqual(call(() => stamp.complete(give(ones))).bytes.subarray(0, 10), ones)
    t.is(call(() => new found.Uuid(give(Buffer.alloc(16)))).toString(), '00000000-0000-0000-0000-000000000000')
  },
  bstore: async ({ t, db, give, call }) => {
    const store = call(() => bstore.make('blobs', [give('blobs')]))
    const blob = async (uid: found.Uuid): Promise<Buffer | undefined> =>
      transactional(db, (tx) => bstore.get(tx, store, uid))
    const created = await transactional(db, (tx) => call(() => bstore.getOrCreate(tx, store, give('a blob'))))
    t.is(String(await blob(created)), 'a blob')
    t.is(String(await blob(await call(() => bstore.write(db, store, give('written'))))), 'written')
    // More than crosses at a time.
    const long = Buffer.alloc(5_000_000, 'long ')
    t.true((await blob(await call(() => bstore.write(db, store, give(long)))))?.equals(long))
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      const chunk = give('0')
      for (const digit of '0123456789') {
        chunk.set(Buffer.from(digit))
        yield chunk
      }
    }
    t.is(String(await blob(await bstore.write(db, store, chunks()))), '0123456789')
  },
  nstore: async ({ t, db, give, call }) => {
    const store = nstore.make('n', ['n'], 2)
    const pair = (item: string): found.Tuple => [give(item), [give('x'), give(item)]]
    const kept = (item: string): found.Tuple => [Buffer.from(item), [Buffer.from('x'), Buffer.from(item)]]
    const at = nstore.var('at')
    await transactional(db, async (tx) => {
      for (const item of ['a', 'b', 'c']) call(() => nstore.add(tx, store, pair(item), { value: give(`of ${item}`) }))
      call(() => nstore.remove(tx, store, pair('c')))
      t.is(String(await call(() => nstore.get(tx, store, pair('a')))), 'of a')
      t.is(await nstore.get(tx, store, kept('c')), undefined)
      const [, nested] = kept('b')
      const expected = [{ at: Buffer.from('b') }]
      const term = (): found.TupleItem => [give('x'), give('b')]
      t.deepEqual(await found.all(call(() => nstore.select(tx, store, [at, term()]))), [...expected])
      for (const reorder of [false, true]) {
        const patterns = (): nstore.Pattern[] => [
          [at, nstore.var('other')],
          [give('b'), term()],
          [at, term()],
        ]
        t.deepEqual(await found.all(call(() => nstore.query(tx, store, patterns(), { reorder }))), [
          { at: Buffer.from('b'), other: nested! },
        ] as unknown[])
      }
      t.is(await call(() => nstore.count(tx, store, [[give('a'), at]])), 1)
      t.is((await call(() => nstore.explain(tx, store, [[give('a'), at]], { run: true })))[0]?.rows, 1)
      const binding = async function* (): AsyncGenerator<{ at: Uint8Array }> {
        const bytes = give('a')
        for (const item of ['a', 'b']) {
          bytes.set(Buffer.from(item))
          yield { at: bytes }
        }
      }
      const there = await found.all(nstore.where(tx, store, binding(), [at, nstore.var('nested')]))
      t.deepEqual(there.map((each) => String(each.at)), ['a', 'b'])
    })
  },
  eavstore: async ({ t, db, give, call }) => {
    const store = eavstore.make('e', ['e'])
    await transactional(db, async (tx) => {
      await call(() => eavstore.create(tx, store, { a: give('1'), b: [give('2')] }, give('uid')))
      const uid = Buffer.from('uid')
      t.deepEqual(await call(() => eavstore.get(tx, store, give('uid'))), { a: Buffer.from('1'), b: [Buffer.from('2')] })
      await call(() => eavstore.update(tx, store, give('uid'), { a: give('3') }))
      const equal = call(() => eavstore.query<Buffer>(tx, store, 'a', give('3')))
      const between = call(() => eavstore.query<Buffer>(tx, store, { a: { gte: give('3'), lt: give('4') } }))
      t.deepEqual(await found.all(equal), [uid])
      t.deepEqual(await found.all(between), [uid])
      t.true(await call(() => eavstore.remove(tx, store, give('uid'))))
    })
  },
  pstore: async ({ t, db, give, call }) => {
    const store = pstore.make('p', ['p'])
    await transactional(db, async (tx) => {
      await call(() => pstore.index(tx, store, give('document'), { word: 1 }))
      t.deepEqual(await pstore.search(tx, store, ['word'], 10), [[Buffer.from('document'), 1]])
      t.is((await call(() => pstore.counter(tx, store, give('document'))))?.get('word'), 1)
      t.true(await call(() => pstore.remove(tx, store, give('document'))))
    })
  },
  vnstore: async ({ t, db, give, call }) => {
    const store = vnstore.make('v', ['v'], ['key', 'value'])
    const items = (): found.Tuple => [give('a'), [give('b')]]
    await transactional(db, async (tx) => {
      const change = await vnstore.changeCreate(tx, store)
      await call(() => vnstore.add(tx, store, items(), { value: give('of it') }))
      await vnstore.changeApply(tx, store, change)
      t.is(String(await call(() => vnstore.get(tx, store, items()))), 'of it')
      t.true(await call(() => vnstore.ask(tx, store, items())))
      t.is((await call(() => vnstore.history(tx, store, items()))).length, 1)
      const value = vnstore.var('value')
      const expected = [{ value: [Buffer.from('b')] }]
      t.deepEqual(await found.all(call(() => vnstore.select(tx, store, [give('a'), value]))), expected)
      t.deepEqual(await found.all(call(() => vnstore.query(tx, store, [[give('a'), value]]))), expected)
      await vnstore.changeCreate(tx, store)
      t.true(await call(() => vnstore.remove(tx, store, items())))
    })
  },
}

for (const [where, make] of Object.entries(memories)) {
  for (const [name, run] of Object.entries(cases)) {
    test(`${name}: bytes in ${where}`, async (t) => {
      const db = await memory(t, rows)
      let given: Given[] = []
      await run({
        t,
        db,
        give: (content) => {
          const one = make(Buffer.from(content as Uint8Array))
          given.push(one)
          return one.bytes
        },
        call: (make) => {
          const made = make()
          for (const { spoil } of given) spoil()
          given = []
          return made
        },
      })
    })
  }
}
