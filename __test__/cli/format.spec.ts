// How keys and values are written as text: what is shown can be typed, and stands for the same bytes.

import test from 'ava'
import fc from 'fast-check'

import { parseBytes, parsePrefix, printKey, printValue } from '../../cli/format/bytes_text.js'
import { FORMS, read, show } from '../../cli/format/forms.js'
import { fieldName, printRow, readRow } from '../../cli/format/json_rows.js'
import { bytes, count, duration } from '../../cli/format/quantities.js'
import { parsePartialTuple, parseTuple } from '../../cli/format/tuple_parser.js'
import { printTuple } from '../../cli/format/tuple_printer.js'
import { commandsOf, keyWord, unfinishedOf, valueWord } from '../../cli/shell/words.js'
import { Double, Float, pack, unpack, Uuid, Versionstamp, type Tuple } from '../../index.js'
import { anyTuple } from '../tuples.js'

const anyBytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text)),
    fc.string({ maxLength: 12 }).map((text) => Buffer.from(text)),
    anyTuple.map((tuple) => pack(tuple)),
  )
  .map((made) => Buffer.from(made))

test('bytes survive being shown and read, as key, as value, as a word and in JSON', (t) => {
  fc.assert(
    fc.property(anyBytes, (original) => {
      for (const text of [printKey(original), printValue(original)]) {
        if (!parseBytes(text).equals(original)) return false
        // One line, and nothing in it that a terminal would obey.
        if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return false
      }
      const line = `get ${keyWord(original)} ${valueWord(original)} ; x`
      const [[, key, value] = [], last] = commandsOf(line)
      if (last?.[0] !== 'x') return false
      return parseBytes(key as string).equals(original) && parseBytes(value as string).equals(original)
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('tuples survive being shown and read, and begin with the items that were typed so far', (t) => {
  fc.assert(
    fc.property(anyTuple, (tuple) => {
      const text = printTuple(unpack(pack(tuple)))
      if (!pack(parseTuple(text).items).equals(pack(tuple))) return false
      const open = parsePartialTuple(printTuple(unpack(pack(tuple)), true))
      return open !== undefined && pack(open.items).equals(pack(tuple))
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

test('rows survive JSON in every form that has them', (t) => {
  fc.assert(
    fc.property(anyBytes, anyBytes, fc.constantFrom(...FORMS), fc.constantFrom(...FORMS), (key, value, one, other) => {
      let line: string
      try {
        line = printRow(key, value, { key: one, value: other })
      } catch (error) {
        return one === 'utf8' || other === 'utf8' ? /not UTF-8/.test(String(error)) : false
      }
      const [readKey, readValue] = readRow(line)
      return readKey.equals(key) && readValue.equals(value)
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

test('what each item of a tuple looks like', (t) => {
  const items: [Tuple, string][] = [
    [[], '()'],
    [['user'], "('user',)"],
    [['user', 42, -7, 2n ** 70n], "('user', 42, -7, 1180591620717411303424)"],
    [[null, true, false], '(null, true, false)'],
    [["it's", 'a\nb\t\0\\', 'é✓', '\u202e'], "('it\\'s', 'a\\nb\\t\\x00\\\\', 'é✓', '\\u{202e}')"],
    [[Buffer.from([0, 65, 39, 255])], "(b'\\x00A\\'\\xff',)"],
    [[1.5, new Double(2), new Double(-0), new Double(1e300), new Double(1e21)], '(1.5, 2.0, -0.0, 1e+300, 1e+21)'],
    [[NaN, Infinity, -Infinity], '(nan, inf, -inf)'],
    [[Double.fromBits(0x7ff8000000000001n)], '(double(0x7ff8000000000001),)'],
    [
      [new Float(1.5), new Float(0.1), new Float(NaN), Float.fromBits(0x7fc00001)],
      '(float(1.5), float(0.1), float(nan), float(0x7fc00001))',
    ],
    [[new Float(0), new Float(-0), new Float(-Infinity)], '(float(0.0), float(-0.0), float(-inf))'],
    [[new Uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')], "(uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d'),)"],
    [[new Versionstamp(Buffer.alloc(10, 1), 2)], "(versionstamp('010101010101010101010002'),)"],
    [['a', [1, [], [null]]], "('a', (1, (), (null,)))"],
  ]
  for (const [tuple, text] of items) {
    t.is(printKey(pack(tuple)), tuple.length === 0 ? '' : text)
    t.deepEqual(parseBytes(text), pack(tuple), text)
  }
})

test('no bit of a float is lost as text', (t) => {
  const edges = [0, 1, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff]
  const float = fc.oneof(fc.constantFrom(...edges, ...edges.map((bits) => (bits | 0x80000000) >>> 0)), fc.integer({ min: 0, max: 0xffffffff }))
  fc.assert(
    fc.property(float, fc.bigInt(0n, 2n ** 64n - 1n), (bits, wide) => {
      const tuple = [Float.fromBits(bits), Double.fromBits(wide), Double.fromBits(BigInt(bits) << 32n)]
      t.deepEqual(parseBytes(printKey(pack(tuple))), pack(tuple), printKey(pack(tuple)))
    }),
    { numRuns: 1000, examples: edges.flatMap((bits) => [[bits, 0n], [(bits | 0x80000000) >>> 0, 0n]] as [number, bigint][]) },
  )
})

test('tuples may be typed in other ways', (t) => {
  const ways: [string, Tuple][] = [
    ['("user")', ['user']],
    ['( "user" , 42 , )', ['user', 42]],
    ["('\\x41\\u0042\\u{43}\\n\\\"')", ['ABC\n"']],
    ['(+5, -0, 007)', [5, 0, 7]],
    ['(1e2, 5E-1)', [new Double(100), 0.5]],
    ['(double(1), float(-inf), double(nan))', [new Double(1), new Float(-Infinity), NaN]],
    ["(versionstamp('01010101010101010101'))", [new Versionstamp(Buffer.alloc(10, 1), 0)]],
  ]
  for (const [text, tuple] of ways) t.deepEqual(parseBytes(text), pack(tuple), text)
})

test('what is wrong with text is said, with the place', (t) => {
  const wrong: [string, RegExp][] = [
    ['a\\qb', /^a backslash must be followed .* at character 2$/],
    ['(user)', /^user is no item; a text is written in quotes, such as 'user', at character 2$/],
    ["('a'", /^expected , or \), but the text ends, at character 5$/],
    ["('a", /^the quotes are not closed, at character 2$/],
    ["('a' 'b')", /^expected , or \), at character 6$/],
    ["('a')x", /^something stands behind the tuple, at character 6$/],
    ["('a'...)", /^\.\.\. stands for many keys; here one is wanted, at character 5$/],
    ['(1...)', /^expected , or \), at character 3$|^expected an item/],
    ["(b'é')", /^bytes are written in ASCII and \\xNN, at character 4$/],
    ["(b'\\u{100}')", /^a byte is at most ff, at character 4$/],
    ["('\\ud800')", /lone surrogate/],
    ['a\ud800', /lone surrogate has no bytes, at character 2$/],
    ["(uuid('x'))", /^value: expected a UUID/],
    ["(versionstamp('00'))", /^a versionstamp is 20 or 24 hexadecimal digits/],
    ['(versionstamp())', /^tuple: has an incomplete versionstamp/],
    ['(1e999)', /^the number is too large for 64 bits, at character 2$/],
    ['(date(1))', /^there is no date\(\.\.\.\)/],
    ['('.repeat(600), /nested deeper than 500/],
  ]
  for (const [text, message] of wrong) t.throws(() => parseBytes(text), { message }, text)
})

test('the keys that begin with something', (t) => {
  const ranges: [string, Buffer, Buffer][] = [
    ['', Buffer.alloc(0), Buffer.of(0xff)],
    ['ab', Buffer.from('ab'), Buffer.from('ac')],
    ['a\\xff', Buffer.from([0x61, 0xff]), Buffer.from('b')],
    ['\\xff', Buffer.of(0xff), Buffer.of(0xff, 0xff)],
    ['()', Buffer.alloc(0), Buffer.of(0xff)],
    ["('a',)", pack(['a']), Buffer.concat([pack(['a']), Buffer.of(0xff)])],
    [
      "('a', 'b'...)",
      Buffer.concat([pack(['a']), Buffer.from('\x02b')]),
      Buffer.concat([pack(['a']), Buffer.from('\x02c')]),
    ],
    ["('a', ''...)", Buffer.concat([pack(['a']), Buffer.of(2)]), Buffer.concat([pack(['a']), Buffer.of(3)])],
  ]
  for (const [text, begin, end] of ranges) t.deepEqual(parsePrefix(text), { begin, end }, text)
})

test('plain text is shown as text, although it may pass for a tuple, and numbers as bytes', (t) => {
  t.is(printKey(Buffer.from("'")), "'")
  t.is(printKey(Buffer.from('3123456789012')), '3123456789012')
  t.is(printKey(Buffer.from('(a')), '\\x28a')
  t.is(printValue(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])), '\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00')
  t.is(printValue(Buffer.from('{"a": 1}')), '{"a": 1}')
  t.is(printValue(pack(['a', null])), "('a', null)")
})

test('forms', (t) => {
  const five = Buffer.from('0500000000000000', 'hex')
  t.is(show(five, 'int', 'value'), '5')
  t.is(show(Buffer.of(0xff, 0xff), 'int', 'value'), '-1/2')
  t.is(show(five, 'hex', 'value'), '0500000000000000')
  t.is(show(five, 'base64', 'value'), 'BQAAAAAAAAA=')
  t.deepEqual(read('255/1', 'int'), Buffer.of(255))
  t.deepEqual(read('-128/1', 'int'), Buffer.of(128))
  t.throws(() => read('256/1', 'int'), { message: /does not fit into 1 bytes/ })
  t.throws(() => read('x', 'int'), { message: /^not an integer/ })
  t.throws(() => read('0g', 'hex'), { message: /^not a hexadecimal digit, at character 2$/ })
  t.throws(() => read('abc', 'hex'), { message: /^half a byte/ })
  t.throws(() => read('ab$=', 'base64'), { message: /^not base64/ })
  t.is(fieldName('key', 'text'), 'key')
  t.is(fieldName('value', 'hex'), 'value_hex')
})

test('what is wrong with a row of JSON is said', (t) => {
  const wrong: [string, RegExp][] = [
    ['{', /^not JSON/],
    ['[]', /^not a JSON object$/],
    ['{"key": "a"}', /^there is no value$/],
    ['{"value": "a"}', /^there is no key$/],
    ['{"key": "a", "key_hex": "00", "value": ""}', /^there is more than one key$/],
    ['{"key": 1, "value": ""}', /^key is not a text$/],
    ['{"key_hex": "0", "value": ""}', /^key_hex: half a byte/],
    ['{"key": "a", "value": "", "ttl": 1}', /^there is no field "ttl"$/],
  ]
  for (const [line, message] of wrong) t.throws(() => readRow(line), { message }, line)
})

test('words', (t) => {
  t.deepEqual(commandsOf(''), [])
  t.deepEqual(commandsOf('  # get x'), [])
  t.deepEqual(commandsOf('get a;; set  b c ;'), [
    ['get', 'a'],
    ['set', 'b', 'c'],
  ])
  t.deepEqual(commandsOf("get ('a b', ';\"') x"), [['get', "('a b', ';\"')", 'x']])
  t.deepEqual(commandsOf('set "a b" \'{"c": ";"}\' it\'s a\\ b'), [['set', 'a b', '{"c": ";"}', "it's", 'a b']])
  t.deepEqual(commandsOf('"(a" "" "\\"\\\\\\x00"'), [['\\x28a', '', '"\\\\\\x00']])
  t.throws(() => commandsOf('get "a'), { message: /^the quotes are not closed, at character 5$/ })
  t.throws(() => commandsOf("get ('a')b"), { message: /^a space must come after a tuple/ })
  t.throws(() => commandsOf('get a\\'), { message: /^a backslash ends the line/ })
  t.deepEqual(unfinishedOf('get a; set (1, 2) ("b c'), { words: ['set', '(1, 2)'], start: 18 })
  t.deepEqual(unfinishedOf('get ab'), { words: ['get'], start: 4 })
  t.deepEqual(unfinishedOf('get '), { words: ['get'], start: 4 })
  t.is(unfinishedOf('# get'), undefined)
})

test('numbers for people', (t) => {
  t.is(count(1234567), '1,234,567')
  t.deepEqual([0, 1, 999, 1000, 999_949, 999_950, 12_345_678, 5e15].map(bytes), [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '999.9 kB',
    '1.0 MB',
    '12.3 MB',
    '5.0 PB',
  ])
  t.deepEqual([0.4, 59, 60, 3599, 3600, 90_000].map(duration), [
    '0 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
    '25 h 0 min',
  ])
})
