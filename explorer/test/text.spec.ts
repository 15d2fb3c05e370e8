import test from 'ava'
import fc from 'fast-check'

import { parseTuple as parsePrinted } from '../../cli/format/tuple_parser.js'
import { printTuple } from '../../cli/format/tuple_printer.js'
import * as found from '../../index.js'
import { fromWire, fromWireTuple, toWire, toWireTuple, unpackedWire } from '../server/items.js'
import type { WireItem } from '../wire/items.js'
import { formatBytes, formatItem, formatTerm, formatTuple, parseBytes, parseItem, parseTerm, parseTuple } from '../wire/text.js'

test('items are read as they are written', (t) => {
  const cases: [string, WireItem][] = [
    ['Paris', 'Paris'],
    ["Trinidad and Tobago, it's (bare)", "Trinidad and Tobago, it's (bare)"],
    ['  padded ', 'padded'],
    ["' padded '", ' padded '],
    ['"double"', 'double'],
    ["'12'", '12'],
    ["'a\\'b\\n\\x07\\u{1f600}\\u00e9'", "a'b\n\x07😀é"],
    ['null', null],
    ['true', true],
    ['12', 12],
    ['-3', -3],
    ['0', 0],
    ['007', '007'],
    ['9007199254740993', { integer: '9007199254740993' }],
    ['1.5', 1.5],
    ['1.0', { double: '3ff0000000000000' }],
    ['-0.0', { double: '8000000000000000' }],
    ['inf', { double: '7ff0000000000000' }],
    ['double(0x7ff8000000000001)', { double: '7ff8000000000001' }],
    ['float(0.1)', { float: '3dcccccd' }],
    ['0x00Ff', { bytes: '00ff' }],
    ["b'\\x00a'", { bytes: '0061' }],
    ['0741C7A8-7ce4-2c82-1807-2e8c35bf992d', { uuid: '0741c7a8-7ce4-2c82-1807-2e8c35bf992d' }],
    ["uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')", { uuid: '0741c7a8-7ce4-2c82-1807-2e8c35bf992d' }],
    ["versionstamp('000000000000000100000000')", { versionstamp: '000000000000000100000000' }],
    ["('a', 1, (null,), ())", ['a', 1, [null], []]],
    ['(bare words, 2)', ['bare words', 2]],
    ["''", ''],
  ]
  for (const [text, item] of cases) t.deepEqual(parseItem(text), item, text)
  for (const text of ["'open", "('a'", "('a' 'b')", "'a' b", "uuid('x')", "float(x)", "b'é'", "'\\q'", "('a',,)", '1e999', "'\\ud800'"]) {
    t.throws(() => parseItem(text), { name: 'ItemError' }, text)
  }
})

test('tuples and terms are read as they are written', (t) => {
  t.deepEqual(parseTuple('demo, borders'), ['demo', 'borders'])
  t.deepEqual(parseTuple("('demo', 'borders')"), ['demo', 'borders'])
  t.deepEqual(parseTuple('(a),'), [['a']])
  t.deepEqual(parseTuple('((a,),)'), [['a']])
  t.deepEqual(parseTuple(''), [])
  t.deepEqual(parseTuple('()'), [])
  t.deepEqual(parseTerm('?near'), { variable: 'near' })
  t.deepEqual(parseTerm("'?near'"), '?near')
  t.is(parseTerm(''), undefined)
  t.is(parseTerm('?'), undefined)
  t.is(formatTerm('?near'), "'?near'")
  t.deepEqual(parseBytes("('a', 1)"), { tuple: ['a', 1] })
  t.deepEqual(parseBytes('é\\xff\\\\'), { hex: 'c3a9ff5c' })
  t.throws(() => parseBytes('a\\b'), { name: 'ItemError' })
})

const item: fc.Arbitrary<found.TupleItem> = fc.letrec<{ item: found.TupleItem }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
    fc.integer(),
    fc.double().map((value) => new found.Double(value)),
    fc.float().map((value) => new found.Float(value)),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => found.Double.fromBits(bits)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('?x', '12', 'null', '0x', "it's", ' ', '(', 'a, b', '\\', '"', '\u202e', 'uuid(', '1e5', '+1.5', 'inf'),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new found.Uuid(bytes)),
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new found.Versionstamp(Buffer.concat([Buffer.of(0), bytes.subarray(1)]))),
    fc.array(tie('item'), { maxLength: 3 }),
  ),
})).item

test('no item is lost on its way to the page, as text, and back', (t) => {
  fc.assert(
    fc.property(item, (item) => {
      const packed = found.pack([item])
      const wire = unpackedWire(packed)?.[0] as WireItem
      t.deepEqual(toWire(found.unpack(packed)[0] as found.UnpackedItem), wire)
      for (const back of [JSON.parse(JSON.stringify(wire)), parseItem(formatItem(wire)), parseTerm(formatTerm(wire))]) {
        t.true(found.pack([fromWire(back as WireItem)]).equals(packed), formatItem(wire))
      }
    }),
    { numRuns: 1000 },
  )
})

test('no tuple is lost as text', (t) => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), (items) => {
      const wire = toWireTuple(found.unpack(found.pack(items)))
      t.true(found.pack(fromWireTuple(parseTuple(formatTuple(wire)))).equals(found.pack(items)), formatTuple(wire))
      t.deepEqual(parseBytes(formatTuple(wire)), { tuple: parseTuple(formatTuple(wire)) })
    }),
    { numRuns: 300 },
  )
})

test('tuples are written as the command found writes them', (t) => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), (items) => {
      const unpacked = found.unpack(found.pack(items))
      const text = formatTuple(toWireTuple(unpacked))
      t.is(text, printTuple(unpacked))
      t.true(found.pack(parsePrinted(text).items).equals(found.pack(items)), text)
    }),
    { numRuns: 300 },
  )
})

test('no bytes are lost as text', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }).map((text) => Buffer.from(text))), (bytes) => {
      const hex = Buffer.from(bytes).toString('hex')
      t.deepEqual(parseBytes(formatBytes(hex)), { hex })
    }),
  )
})
