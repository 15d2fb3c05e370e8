// The tuple layer: the bytes of the official Python binding, both ways, and equal to the native side's.

import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'

import test from 'ava'
import fc from 'fast-check'

import {
  Double,
  Float,
  FoundError,
  hasIncompleteVersionstamp,
  pack,
  packWithVersionstamp,
  range,
  unpack,
} from '../index.js'
import { Uuid, Versionstamp, type Tuple, type TupleItem } from '../index.js'
import { native, taken } from '../lib/native.js'
import { anyTuple } from './tuples.js'

type Described = [string, ...unknown[]]

const vectors = readFileSync(new URL('../crates/found/tests/data/tuples.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as { items: Described[]; packed: string })

/** The item of a description in the vectors. */
function item([kind, value, extra]: Described): TupleItem {
  switch (kind) {
    case 'null':
      return null
    case 'int': {
      const integer = BigInt(value as string)
      return BigInt.asIntN(54, integer) === integer && Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
    }
    case 'double': {
      const double = Double.fromBits(BigInt(`0x${value as string}`))
      const plain = Number.isNaN(double.value) ? double.bits === 0x7ff8000000000000n : !Number.isInteger(double.value)
      return plain ? double.value : double
    }
    case 'float':
      return Float.fromBits(Number.parseInt(value as string, 16))
    case 'str':
      return value as string
    case 'bytes':
      return Buffer.from(value as string, 'hex')
    case 'bool':
      return value as boolean
    case 'uuid':
      return new Uuid(value as string)
    case 'versionstamp':
      return new Versionstamp(Buffer.from(value as string, 'hex'), extra as number)
    case 'tuple':
      return (value as Described[]).map(item)
    default:
      throw new Error(`unknown kind ${kind}`)
  }
}

test('packs and unpacks what the official Python binding has packed', (t) => {
  t.true(vectors.length >= 3000)
  for (const { items, packed } of vectors) {
    const tuple = items.map(item)
    if (hasIncompleteVersionstamp(tuple)) continue
    if (pack(tuple).toString('hex') !== packed) t.is(pack(tuple).toString('hex'), packed, JSON.stringify(items))
    const unpacked = unpack(Buffer.from(packed, 'hex'))
    if (!pack(unpacked).equals(Buffer.from(packed, 'hex'))) t.fail(`not lossless: ${packed}`)
    t.deepEqual(unpacked, tuple as typeof unpacked)
  }
})

/** What the native side makes of the bytes: packed again, or nothing if it refuses them. */
function nativeEcho(bytes: Uint8Array): Buffer | undefined {
  try {
    const echo = native.tupleEcho(bytes)
    return typeof echo === 'number' ? taken(echo) : (echo as Buffer)
  } catch {
    return undefined
  }
}

/** The same of this side. An incomplete versionstamp is let through, as the native echo does. */
function ownEcho(bytes: Uint8Array): Buffer | undefined {
  try {
    return Buffer.concat(unpack(bytes).map(packAny))
  } catch (error) {
    if (!(error instanceof FoundError)) throw error
    return undefined
  }
}

function packAny(value: TupleItem): Buffer {
  return hasIncompleteVersionstamp([value]) ? packWithVersionstamp([value]).subarray(0, -4) : pack([value])
}

test('equals the native side on random tuples', (t) => {
  fc.assert(
    fc.property(anyTuple, (tuple) => {
      const packed = pack(tuple)
      return nativeEcho(packed)?.equals(packed) === true && pack(unpack(packed)).equals(packed)
    }),
    { numRuns: 3000 },
  )
  t.pass()
})

test('equals the native side on bytes that may be no tuple', (t) => {
  const damaged = fc.tuple(anyTuple, fc.nat(), fc.nat({ max: 255 }), fc.nat()).map(([tuple, at, byte, cut]) => {
    const bytes = Buffer.from(pack(tuple))
    if (bytes.length > 0) bytes[at % bytes.length] = byte
    return bytes.subarray(0, bytes.length - (cut % (bytes.length + 1)))
  })
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 24 })), (bytes) => {
      const own = ownEcho(bytes)
      const other = nativeEcho(bytes)
      return own === undefined ? other === undefined : other?.equals(own) === true
    }),
    { numRuns: 5000 },
  )
  t.pass()
})

test('unpacks each type as documented', (t) => {
  const cases: [TupleItem, unknown][] = [
    [null, null],
    [true, true],
    [false, false],
    [0, 0],
    [-1, -1],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [-(2 ** 53 - 1), -(2 ** 53 - 1)],
    [2 ** 53, 2n ** 53n],
    [2n ** 53n + 1n, 2n ** 53n + 1n],
    // The sum is 2 ** 53, as numbers go.
    [Number.MAX_SAFE_INTEGER + 2, 2n ** 53n],
    [10n, 10],
    [1e21, 10n ** 21n],
    [0.5, 0.5],
    [-0, new Double(-0)],
    [Infinity, Infinity],
    [-Infinity, -Infinity],
    [NaN, NaN],
    [new Double(1), new Double(1)],
    [new Double(0.5), 0.5],
    [Double.fromBits(0xfff8000000000001n), Double.fromBits(0xfff8000000000001n)],
    [new Float(-42), new Float(-42)],
    ['', ''],
    ['\u{1F525}', '\u{1F525}'],
    ['a\0b', 'a\0b'],
    [new Uint8Array([0, 255, 0]), Buffer.from([0, 255, 0])],
    [new Uint8Array(0), Buffer.alloc(0)],
    [[], []],
    [
      [[null], [[]], 'a'],
      [[null], [[]], 'a'],
    ],
  ]
  for (const [given, expected] of cases) t.is(inspect(unpack(pack([given]))), inspect([expected]))
  t.true(Object.is((unpack(pack([-0]))[0] as Double).value, -0))
  t.deepEqual(unpack(pack([])), [])
})

test('writes the bytes that the specification and the official binding give', (t) => {
  const cases: [Tuple, string][] = [
    [['a'], '026100'],
    [[Buffer.from('foo\0bar')], '01666f6f00ff62617200'],
    [['F\u00d4O\u0000bar'], '0246c3944f00ff62617200'],
    [[[Buffer.from('foo\0bar'), null, []]], '0501666f6f00ff6261720000ff050000'],
    [[-5551212], '11ab4b93'],
    [[new Float(-42)], '203dd7ffff'],
    [[-255], '1300'],
    [[-256], '12feff'],
    [[-257], '12fefe'],
    [[2n ** 64n - 2n], '1cfffffffffffffffe'],
    [[2n ** 64n - 1n], `1d08${'ff'.repeat(8)}`],
    [[2n ** 64n], '1d09010000000000000000'],
    [[-(2n ** 64n - 1n)], `0bf7${'00'.repeat(8)}`],
    [[-(0xffn << 64n)], '0bf600ffffffffffffffff'],
    [[-(2n ** 72n - 1n)], `0bf6${'00'.repeat(9)}`],
    [[NaN], `21fff8000000000000`],
    [[-0], '217fffffffffffffff'],
    [[0], '14'],
    [[null, [null], [[], null]], '000500ff0005050000ff00'],
    [['\u{1F525}'], '02f09f94a500'],
  ]
  for (const [tuple, hex] of cases) t.is(pack(tuple).toString('hex'), hex)
})

test('reads both forms of the largest integer of 8 bytes', (t) => {
  const largest = 2n ** 64n - 1n
  const forms: [string, bigint][] = [
    [`1c${'ff'.repeat(8)}`, largest],
    [`1d08${'ff'.repeat(8)}`, largest],
    [`0c${'00'.repeat(8)}`, -largest],
    [`0bf7${'00'.repeat(8)}`, -largest],
  ]
  for (const [hex, value] of forms) t.deepEqual(unpack(Buffer.from(hex, 'hex')), [value])
})

test('keeps integers exact and in order at every length, and gives bigints only where they are needed', (t) => {
  const most = 2n ** 2040n - 1n
  for (let bytes = 1n; bytes <= 255n; bytes++) {
    const edges = [2n ** (8n * bytes), 0xffn << (8n * (bytes - 1n))].flatMap((edge) => [edge - 2n, edge - 1n, edge, edge + 1n])
    const values = [...new Set(edges.flatMap((edge) => [edge, -edge]))]
      .filter((value) => value <= most && value >= -most)
      .sort((one, other) => (one < other ? -1 : 1))
    const packed = values.map((value) => pack([value]))
    values.forEach((value, index) => {
      const [back] = unpack(packed[index]!)
      const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      if (back !== (safe ? Number(value) : value)) t.is(back, value)
      if (index > 0 && Buffer.compare(packed[index - 1]!, packed[index]!) >= 0) t.fail(`${value} is not above ${values[index - 1]}`)
    })
  }
  t.pass()
})

test('refuses what cannot be packed, naming the item', (t) => {
  const wrong: [unknown, typeof TypeError | typeof RangeError, RegExp][] = [
    [undefined, TypeError, /^tuple: /],
    ['text', TypeError, /^tuple: /],
    [[undefined], TypeError, /^tuple\[0\]: /],
    [[1, [2, Symbol('x')]], TypeError, /^tuple\[1\]\[1\]: /],
    [[() => {}], TypeError, /^tuple\[0\]: /],
    [[{}], TypeError, /^tuple\[0\]: /],
    [[Object.create(null)], TypeError, /^tuple\[0\]: /],
    [[new Date(0)], TypeError, /^tuple\[0\]: /],
    [[new Uint16Array(2)], TypeError, /^tuple\[0\]: /],
    [['\ud83d'], TypeError, /^tuple\[0\]: .*surrogate at index 0/],
    [['ok', `${'x'.repeat(50)}\udd25`], TypeError, /^tuple\[1\]: .*surrogate at index 50/],
    [['a\ud800b'], TypeError, /^tuple\[0\]: .*surrogate at index 1/],
    [[2n ** 2040n], RangeError, /^tuple\[0\]: .*more than the 255/],
    [['a', [-(2n ** 2040n)]], RangeError, /^tuple\[1\]\[0\]: .*more than the 255/],
    [[new Versionstamp()], TypeError, /packWithVersionstamp/],
  ]
  for (const [tuple, instanceOf, message] of wrong) t.throws(() => pack(tuple as Tuple), { instanceOf, message })
  let deep: TupleItem = 1
  for (let depth = 0; depth < 501; depth++) deep = [deep]
  t.throws(() => pack([deep]), { instanceOf: RangeError, message: /500/ })
  const circle: TupleItem[] = []
  circle.push(circle)
  t.throws(() => pack(circle), { instanceOf: RangeError })
  t.notThrows(() => pack([2n ** 2040n - 1n, -(2n ** 2040n - 1n)]))
})

test('is not confused by an item whose accessor packs', (t) => {
  const tricky = ['a', 'b']
  Object.defineProperty(tricky, 1, { get: () => pack(['inner']).toString('hex') })
  t.deepEqual(unpack(pack(tricky)), ['a', pack(['inner']).toString('hex')])
})

test('refuses bytes that are no tuple, telling where', (t) => {
  const wrong: [string, RegExp][] = [
    ['1c', /offset=0/],
    ['02616263', /offset=0/],
    ['05', /offset=0/],
    ['15010561', /offset=2|offset=3/],
    ['02ff00', /UTF-8; offset=0/],
    ['02eda0be00', /UTF-8; offset=0/],
    ['02eda0beedb5af00', /UTF-8; offset=0/],
    ['22', /0x22 offset=0/],
    ['32', /0x32 offset=0/],
    ['1501f0', /0xf0 offset=2/],
    ['40', /0x40 offset=0/],
    ['ff', /0xff offset=0/],
  ]
  for (const [hex, message] of wrong) {
    t.throws(() => unpack(Buffer.from(hex, 'hex')), { instanceOf: FoundError, code: 'FOUND_TUPLE', message }, hex)
  }
  t.throws(() => unpack('text' as unknown as Uint8Array), { instanceOf: TypeError, message: /^bytes: / })
})

test('orders tuples by their bytes: by UTF-8 and by type', (t) => {
  const ascending: Tuple[] = [
    [null],
    [Buffer.from('a')],
    ['a'],
    ['a', 1],
    ['a\0'],
    ['\uff04'],
    ['\u{1F525}'],
    [[]],
    [-(2n ** 70n)],
    [-1],
    [0],
    [1],
    [2],
    [new Float(0)],
    [-0.5],
    [0.5],
    [false],
    [true],
    [new Uuid('00000000-0000-4000-8000-000000000000')],
    [new Versionstamp(Buffer.alloc(10))],
  ]
  for (let index = 1; index < ascending.length; index++) {
    t.true(Buffer.compare(pack(ascending[index - 1]!), pack(ascending[index]!)) < 0, `${index}`)
  }
})

test('packs one incomplete versionstamp, at any depth and behind any prefix', (t) => {
  const stamp = new Versionstamp(undefined, 7)
  for (let length = 0; length <= 300; length++) {
    const prefix = Buffer.alloc(length, 0x61)
    const packed = packWithVersionstamp(['a', [1, stamp], 'z'], prefix)
    const offset = packed.readUInt32LE(packed.length - 4)
    t.deepEqual(packed.subarray(0, length), prefix)
    t.is(packed.subarray(offset, offset + 12).toString('hex'), `${'ff'.repeat(10)}0007`)
    const done = Buffer.from(packed.subarray(length, -4))
    Buffer.alloc(10, 1).copy(done, offset - length)
    t.deepEqual(unpack(done), ['a', [1, stamp.complete(Buffer.alloc(10, 1))], 'z'])
  }
  t.throws(() => packWithVersionstamp(['a']), { instanceOf: TypeError, message: /no incomplete/ })
  t.throws(() => packWithVersionstamp([stamp, [stamp]]), { instanceOf: TypeError, message: /more than one/ })
  t.true(hasIncompleteVersionstamp([1, ['a', [stamp]]]))
  t.false(hasIncompleteVersionstamp([1, ['a', [new Versionstamp(Buffer.alloc(10))]]]))
  // Ten ff bytes are how an incomplete one is written.
  t.true(hasIncompleteVersionstamp([new Versionstamp(Buffer.alloc(10, 0xff))]))
})

test('range has the tuples that begin with a tuple, not those whose last string does', (t) => {
  const [begin, end] = range(['a'])
  const inside = (tuple: Tuple): boolean => {
    const packed = pack(tuple)
    return Buffer.compare(begin, packed) <= 0 && Buffer.compare(packed, end) < 0
  }
  t.deepEqual(
    [['a'], ['a', null], ['a', 1], ['a', 'z', []], ['ab'], ['a\0b'], ['b']].map((tuple) => inside(tuple)),
    [false, true, true, true, false, false, false],
  )
  t.deepEqual(range([]), [Buffer.from([0]), Buffer.from([255])])
})

test('the classes of items copy what they are given and refuse what is wrong', (t) => {
  const bytes = Buffer.alloc(16, 1)
  const uuid = new Uuid(bytes)
  bytes.fill(2)
  uuid.bytes.fill(3)
  t.is(uuid.toString(), '01010101-0101-0101-0101-010101010101')
  t.is(JSON.stringify({ uuid }), '{"uuid":"01010101-0101-0101-0101-010101010101"}')
  t.true(uuid.equals(new Uuid('01010101-0101-0101-0101-010101010101')))
  t.regex(Uuid.random().toString(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  for (const wrong of ['', 'x', bytes.subarray(1), 1, null, undefined]) {
    t.throws(() => new Uuid(wrong as string), { message: /^value: / })
  }

  const stamp = new Versionstamp(Buffer.alloc(10, 1), 513)
  t.is(stamp.toString(), `${'01'.repeat(10)}0201`)
  t.true(stamp.isComplete)
  t.false(Versionstamp.incomplete(1).isComplete)
  t.true(new Versionstamp(stamp.bytes).equals(stamp))
  for (const wrong of [Buffer.alloc(9), Buffer.alloc(11), 'x', null]) {
    t.throws(() => new Versionstamp(wrong as Buffer), { message: /^stamp: / })
  }
  for (const wrong of [-1, 65536, 0.5, '1', null]) {
    t.throws(() => new Versionstamp(Buffer.alloc(10), wrong as number), { message: /^userVersion: / })
  }

  t.is(new Double(1.5).value + 1, 2.5)
  t.is(new Float(0.1).value, Math.fround(0.1))
  t.throws(() => new Double('1' as unknown as number), { instanceOf: TypeError, message: /^value: / })
  t.throws(() => Double.fromBits(2n ** 64n), { instanceOf: RangeError, message: /^bits: / })
  t.throws(() => Float.fromBits(2 ** 32), { instanceOf: RangeError, message: /^bits: / })
})

test('what is unpacked does not share memory with what was packed', (t) => {
  const packed = pack([Buffer.from('abc')])
  const [bytes] = unpack(packed) as [Buffer]
  packed.fill(0)
  t.is(bytes.toString(), 'abc')
})
