// The stack tester: instructions are written as FoundationDB's binding tester writes them, and the stack that it leaves
// is compared with what the specification wants. The official tester is run by hand.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import test, { type ExecutionContext } from 'ava'

import { Session } from '../bindingtester/session.js'
import * as found from '../index.js'
import { folder, memory, read, write } from './support.js'

/** An operation, with the items that are pushed before it: the last of them is pushed first, so the first is on top. */
type Instruction = string | [operation: string, ...pushed: found.TupleItem[]]

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const ABSENT = bytes('RESULT_NOT_PRESENT')
const error = (code: number): Buffer => found.pack([bytes('ERROR'), bytes(String(code))])

async function store(db: found.Database, prefix: string, instructions: readonly Instruction[]): Promise<void> {
  const tuples: found.Tuple[] = []
  for (const instruction of instructions) {
    const [operation, ...pushed] = typeof instruction === 'string' ? [instruction] : instruction
    for (const item of pushed.reverse()) tuples.push(['PUSH', item])
    tuples.push([operation])
  }
  await found.transactional(db, (tx) => {
    for (const [index, tuple] of tuples.entries()) found.set(tx, found.pack([bytes(prefix), index]), packed(tuple))
  })
}

/** The bytes of a tuple, an incomplete versionstamp left as it is. */
function packed(tuple: found.Tuple): Buffer {
  return found.hasIncompleteVersionstamp(tuple) ? found.packWithVersionstamp(tuple).subarray(0, -4) : found.pack(tuple)
}

/** The items of the stack that was logged with the prefix `stack`, oldest first. */
async function stack(db: found.Database): Promise<found.UnpackedItem[]> {
  const rows = await found.all(found.scan(db, 'stack', 'stacl'))
  return rows.map(([, value]) => found.unpack(value)[0] as found.UnpackedItem)
}

/** Runs instructions in a new database and compares the stack, oldest item first. */
async function leaves(
  t: ExecutionContext,
  instructions: readonly Instruction[],
  expected: readonly found.TupleItem[],
): Promise<found.Database> {
  const db = await memory(t)
  await store(db, 'test', ['NEW_TRANSACTION', ...instructions, ['LOG_STACK', bytes('stack')]])
  await new Session(db).run(bytes('test'))
  t.deepEqual(await stack(db), found.unpack(found.pack(expected)))
  return db
}

test('the stack itself', async (t) => {
  await leaves(
    t,
    [
      ['DUP', 'a'],
      ['SWAP', 1, 'b'],
      ['POP', 'c'],
    ],
    ['a', 'b', 'a'],
  )
  await leaves(t, ['EMPTY_STACK', ['EMPTY_STACK', 1, 2], ['SUB', 1, 3]], [-2])
  await leaves(t, [['SUB', 1n << 100n, -1]], [(1n << 100n) + 1n])
  await leaves(
    t,
    [
      ['CONCAT', 'a', 'b'],
      ['CONCAT', bytes('a'), bytes('b')],
    ],
    ['ab', bytes('ab')],
  )
})

test('the stack is written down with positions and the numbers of instructions, values cut', async (t) => {
  const db = await memory(t)
  const instructions: Instruction[] = [['POP', 0, bytes('x'.repeat(50_000))], ...Array(150).fill('DUP')]
  await store(db, 'test', [...instructions, ['LOG_STACK', bytes('stack')]])
  await new Session(db).run(bytes('test'))
  const rows = await found.all(found.scan(db, 'stack', 'stacl'))
  t.is(rows.length, 151)
  t.true(rows.every(([, value]) => value.length === 40_000))
  t.deepEqual(
    rows.map(([key]) => found.unpack(key.subarray(5))),
    Array.from(rows, (_, position) => [position, 0]),
  )
})

test('a transaction reads, writes, commits and conflicts', async (t) => {
  const [a, b] = [bytes('a'), bytes('b')]
  await leaves(
    t,
    [
      ['GET', a],
      ['SET', a, bytes('1')],
      ['GET', a],
      ['GET_DATABASE', a],
      'COMMIT',
      'WAIT_FUTURE',
      'GET_COMMITTED_VERSION',
      'RESET',
      ['GET_DATABASE', a],
      ['CLEAR', a],
      ['GET_SNAPSHOT', a],
      'RESET',
      ['SET_DATABASE', a, bytes('2')],
      ['GET_TENANT', a],
      ['CLEAR_DATABASE', a],
      ['GET_DATABASE', a],
      'SET_READ_VERSION',
      ['GET', a],
      ['SET', b, b],
      'COMMIT',
      'WAIT_FUTURE',
      ['ON_ERROR', 1020],
      'WAIT_FUTURE',
      ['ON_ERROR', 2000],
      'WAIT_FUTURE',
    ],
    [
      ABSENT,
      bytes('1'),
      ABSENT,
      ABSENT,
      bytes('GOT_COMMITTED_VERSION'),
      bytes('1'),
      ABSENT,
      ABSENT,
      bytes('2'),
      ABSENT,
      ABSENT,
      bytes('1'),
      error(1020),
      ABSENT,
      error(2000),
    ],
  )
})

test('transactions have names, and the first one that of the prefix', async (t) => {
  const key = bytes('key')
  const db = await leaves(
    t,
    [
      ['SET', key, bytes('1')],
      ['USE_TRANSACTION', bytes('other')],
      ['GET', key],
      ['USE_TRANSACTION', bytes('test')],
      ['GET', key],
      'CANCEL',
      'COMMIT',
      'WAIT_FUTURE',
      ['USE_TRANSACTION', bytes('other')],
      'COMMIT',
      'WAIT_FUTURE',
    ],
    [ABSENT, bytes('1'), error(1025), ABSENT],
  )
  t.is(await read(db, key), undefined)
})

test('ranges and selectors', async (t) => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(bytes) as [Buffer, Buffer, Buffer, Buffer]
  const rows = (...keys: Buffer[]): Buffer => found.pack(keys.flatMap((key) => [key, key]))
  await leaves(
    t,
    [
      ['SET', a, a],
      ['SET', b, b],
      ['SET', c, c],
      ['SET', d, d],
      ['GET_RANGE', a, d, 0, 0, -1],
      ['GET_RANGE_SNAPSHOT', a, d, 2, 1, 4],
      ['GET_RANGE', a, d, 0, 0, 0],
      ['GET_RANGE_STARTS_WITH', b, 0, 0, -2],
      ['GET_RANGE_SELECTOR', a, 1, 1, c, 1, 2, 0, 0, -1, c],
      ['GET_KEY', a, 0, 2, b],
      ['GET_KEY', a, 0, 1, b],
      ['GET_KEY', d, 0, 1, b],
      ['CLEAR_RANGE', b, d],
      ['CLEAR_RANGE_STARTS_WITH', d],
      ['GET_RANGE', a, bytes('e'), 0, 0, -1],
      ['GET_RANGE_DATABASE', a, d, 0, 0, -1],
      ['GET_ESTIMATED_RANGE_SIZE', a, d],
      ['GET_RANGE_SPLIT_POINTS', a, d, 1000],
      'GET_APPROXIMATE_SIZE',
    ],
    [
      rows(a, b, c),
      rows(c, b),
      error(2210),
      rows(b),
      rows(c),
      b,
      b,
      c,
      rows(a),
      rows(),
      bytes('GOT_ESTIMATED_RANGE_SIZE'),
      bytes('GOT_RANGE_SPLIT_POINTS'),
      bytes('GOT_APPROXIMATE_SIZE'),
    ],
  )
})

test('atomic operations and conflict ranges', async (t) => {
  const [m, n] = [bytes('m'), bytes('n')]
  await leaves(
    t,
    [
      ['ATOMIC_OP', 'ADD', n, bytes('\x05')],
      ['GET', n],
      ['ATOMIC_OP_DATABASE', 'BIT_OR', m, bytes('\x03')],
      ['GET_DATABASE', m],
      'RESET',
      'GET_READ_VERSION',
      ['READ_CONFLICT_KEY', n],
      ['WRITE_CONFLICT_RANGE', bytes('a'), bytes('b')],
      ['READ_CONFLICT_RANGE', bytes('b'), bytes('a')],
      ['SET_DATABASE', n, n],
      'WAIT_FUTURE',
      'COMMIT',
      'WAIT_FUTURE',
      'RESET',
      'GET_READ_VERSION',
      ['READ_CONFLICT_KEY', n],
      'DISABLE_WRITE_CONFLICT',
      ['SET', m, m],
      'COMMIT',
      'WAIT_FUTURE',
    ],
    [
      bytes('\x05'),
      ABSENT,
      bytes('\x03'),
      bytes('GOT_READ_VERSION'),
      bytes('SET_CONFLICT_KEY'),
      bytes('SET_CONFLICT_RANGE'),
      error(2005),
      ABSENT,
      error(1020),
      bytes('GOT_READ_VERSION'),
      bytes('SET_CONFLICT_KEY'),
      ABSENT,
    ],
  )
})

test('versionstamps', async (t) => {
  const db = await memory(t)
  await store(db, 'test', [
    'NEW_TRANSACTION',
    ['ATOMIC_OP', 'SET_VERSIONSTAMPED_VALUE', bytes('v'), Buffer.alloc(14)],
    'GET_VERSIONSTAMP',
    'COMMIT',
    'WAIT_FUTURE',
    'RESET',
    ['GET', bytes('v')],
    'GET_VERSIONSTAMP',
    'COMMIT',
    'WAIT_FUTURE',
    ['LOG_STACK', bytes('stack')],
  ])
  await new Session(db).run(bytes('test'))
  const [stamp, committed, value, none, again] = await stack(db)
  t.is((stamp as Buffer).length, 10)
  t.deepEqual(value, stamp)
  t.deepEqual([committed, none, again], [ABSENT, error(2021), ABSENT])
})

test('tuples', async (t) => {
  const tuple = [null, 1, 'a', bytes('b'), 2n ** 64n, [true, 'x'], new found.Uuid(Buffer.alloc(16, 7)), 1.5]
  await leaves(t, [['TUPLE_PACK', tuple.length, ...tuple]], [found.pack(tuple)])
  await leaves(
    t,
    [['TUPLE_UNPACK', found.pack(tuple)]],
    tuple.map((item) => found.pack([item])),
  )
  await leaves(t, [['TUPLE_RANGE', 1, 'a']], found.range(['a']))
  const sorted = [['a'], ['a', 1], ['b']].map((items) => found.pack(items))
  await leaves(t, [['TUPLE_SORT', 3, ...[...sorted].reverse()]], sorted)

  const [one, two] = [new found.Versionstamp(undefined, 1), new found.Versionstamp(undefined, 2)]
  const key = found.packWithVersionstamp(['a', one], 'prefix')
  await leaves(t, [['TUPLE_PACK_WITH_VERSIONSTAMP', bytes('prefix'), 2, 'a', one]], [bytes('OK'), key])
  await leaves(t, [['TUPLE_PACK_WITH_VERSIONSTAMP', bytes(''), 1, 'a']], [bytes('ERROR: NONE')])
  await leaves(t, [['TUPLE_PACK_WITH_VERSIONSTAMP', bytes(''), 2, one, two]], [bytes('ERROR: MULTIPLE')])

  const [float, double] = [Buffer.of(0x7f, 0xc0, 0, 1), Buffer.of(0xff, 0xf8, 0, 0, 0, 0, 0, 1)]
  await leaves(
    t,
    [['ENCODE_FLOAT', float], 'DECODE_FLOAT', ['ENCODE_DOUBLE', double], 'DECODE_DOUBLE'],
    [float, double],
  )
  await leaves(
    t,
    [
      ['DECODE_DOUBLE', 1.5],
      ['ENCODE_DOUBLE', Buffer.alloc(8)],
    ],
    [Buffer.of(0x3f, 0xf8, 0, 0, 0, 0, 0, 0), new found.Double(0)],
  )
})

test('threads run beside each other and are waited for', async (t) => {
  const db = await memory(t, { wait: '' })
  await store(db, 'one', [
    'NEW_TRANSACTION',
    ['WAIT_EMPTY', bytes('wait')],
    ['SET_DATABASE', bytes('one'), bytes('1')],
    'WAIT_FUTURE',
    ['LOG_STACK', bytes('stack')],
  ])
  await store(db, 'two', ['NEW_TRANSACTION', ['CLEAR_DATABASE', bytes('wait')], 'WAIT_FUTURE'])
  await store(db, 'test', [
    ['START_THREAD', bytes('one')],
    ['START_THREAD', bytes('two')],
  ])
  await new Session(db).run(bytes('test'))
  t.is(await read(db, 'one'), '1')
  t.deepEqual(await stack(db), [bytes('WAITED_FOR_EMPTY'), ABSENT])
})

test('tenants are made, listed and deleted, but none is ever active', async (t) => {
  const [a, b] = [bytes('a'), bytes('b')]
  await leaves(
    t,
    [
      ['TENANT_CREATE', b],
      'WAIT_FUTURE',
      ['TENANT_CREATE', a],
      'WAIT_FUTURE',
      ['TENANT_CREATE', a],
      'WAIT_FUTURE',
      ['TENANT_LIST', bytes(''), bytes('z'), 10],
      ['TENANT_DELETE', a],
      'WAIT_FUTURE',
      ['TENANT_DELETE', a],
      'WAIT_FUTURE',
      ['TENANT_LIST', bytes(''), bytes('z'), 10],
      ['TENANT_SET_ACTIVE', b],
      'TENANT_CLEAR_ACTIVE',
      'TENANT_GET_ID',
    ],
    [
      ABSENT,
      ABSENT,
      error(2132),
      found.pack([a, b]),
      ABSENT,
      error(2131),
      found.pack([b]),
      error(2108),
      bytes('NO_ACTIVE_TENANT'),
    ],
  )
})

test('directories fail, as those of a binding without them', async (t) => {
  const failed = bytes('DIRECTORY_ERROR')
  await leaves(
    t,
    [
      ['DIRECTORY_CHANGE', 0],
      ['DIRECTORY_SET_ERROR_INDEX', 0],
      'DIRECTORY_CREATE_DATABASE',
      'DIRECTORY_LIST_SNAPSHOT',
      'DIRECTORY_RANGE',
    ],
    [failed, failed, failed],
  )
})

test('an instruction that nobody knows, and one that fails otherwise, end the run', async (t) => {
  for (const instruction of ['NO_SUCH_INSTRUCTION', 'POP', ['SUB', 'a', 'b'], ['GET', 1]] as Instruction[]) {
    const db = await memory(t)
    await store(db, 'test', ['NEW_TRANSACTION', instruction])
    await t.throwsAsync(() => new Session(db).run(bytes('test')))
  }
})

test('the program runs on a target, with the unit tests of the specification', async (t) => {
  const target = `file:${join(await folder(t), 'database')}`
  const db = await found.open(target)
  await store(db, 'test_spec', [
    ['UNIT_TESTS', 'sentinel'],
    ['LOG_STACK', bytes('stack')],
  ])
  await write(db, 'unrelated', '')
  await found.close(db)

  const root = fileURLToPath(new URL('..', import.meta.url))
  const run = (...args: string[]): Promise<number | null> =>
    new Promise((resolve) => {
      const options = { cwd: root, env: { ...process.env, NODE_OPTIONS: '' }, timeout: 60_000 }
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', 'bindingtester/main.ts', ...args],
        options,
        (_error, _output, errors) => {
          if (child.exitCode !== 0) t.log(errors)
          resolve(child.exitCode)
        },
      )
    })
  t.is(await run('test_spec', '720', target), 2)
  t.is(await run('test_spec'), 2)
  t.is(await run('test_spec', '730', target), 0)

  const again = await found.open(target)
  t.teardown(() => found.close(again))
  t.deepEqual(await stack(again), ['sentinel'])
})
