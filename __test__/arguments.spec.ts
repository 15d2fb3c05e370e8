// Wrong arguments: at every exported function a TypeError or a RangeError that begins with the argument's name.

import test from 'ava'
import fc from 'fast-check'

import * as found from '../index.js'
import { memory } from './support.js'

type Call = (...values: unknown[]) => unknown
const api = found as unknown as Record<string, Call>

const notBytes = [undefined, null, 1, 1n, true, {}, [], Symbol('x'), () => {}, new Uint16Array(1), new ArrayBuffer(1)]
const notText = [null, 1, 1n, true, {}, [], Symbol('x'), Buffer.from('x')]
const notOptions = [null, 1, 'text', true, [], Symbol('x'), () => {}]
const notNumber = [null, '1', 1n, true, {}, [], Symbol('x'), NaN, Infinity, 0.5]
const notBoolean = [null, 0, 'true', {}, []]
const notSignal = [null, 1, 'text', {}, { aborted: false }]
const notFunction = [undefined, null, 1, 'text', {}, []]
const notHandle = [undefined, null, 1, 'text', {}, [], new Date(0)]
const notBigint = [undefined, null, 1, '1', true, {}]

/** The name of an argument in each function, what is wrong there, and good values for the others. */
type Case = [
  name: string,
  argument: string,
  wrong: readonly unknown[],
  call: (value: unknown, tx: found.Transaction, db: found.Database) => unknown,
]

function cases(): Case[] {
  const list: Case[] = []
  const add = (name: string, argument: string, wrong: readonly unknown[], call: Case[3]): void => {
    list.push([name, argument, wrong, call])
  }
  const f = (name: string): Call => {
    const call = api[name]
    if (typeof call !== 'function') throw new Error(`${name} is not exported`)
    return call
  }

  for (const name of [
    'get',
    'getKey',
    'clear',
    'watch',
    'getAddressesForKey',
    'add',
    'set',
    'query',
    'commit',
    'onError',
    'reset',
    'cancel',
    'readVersion',
    'setReadVersion',
    'getCommittedVersion',
    'getApproximateSize',
    'getVersionstamp',
    'nextVersionstamp',
    'addConflictRange',
    'setOption',
    'getRangeSplitPoints',
    'estimatedSizeBytes',
    'getConflictingRanges',
    'bitAnd',
    'bitOr',
    'bitXor',
    'max',
    'min',
    'byteMax',
    'byteMin',
    'appendIfFits',
    'compareAndClear',
    'setVersionstampedKey',
    'setVersionstampedValue',
  ]) {
    add(name, 'tx', notHandle, (value) => f(name)(value, 'a', 'b', 0))
  }
  for (const name of [
    'close',
    'transactional',
    'transaction',
    'makeTransaction',
    'scan',
    'watchLoop',
    'databaseSetOption',
    'getClientStatus',
  ]) {
    add(name, 'db', notHandle, (value) => f(name)(value, name === 'transactional' ? () => 1 : 'a', 'b'))
  }

  for (const name of ['get', 'clear', 'watch', 'getAddressesForKey'])
    add(name, 'key', notBytes, (value, tx) => f(name)(tx, value))
  add('getKey', 'selector', notBytes, (value, tx) => f('getKey')(tx, value))
  add('clear', 'other', notBytes.slice(1), (value, tx) => f('clear')(tx, 'a', value))
  add('set', 'key', notBytes, (value, tx) => f('set')(tx, value, 'a'))
  add('set', 'value', notBytes, (value, tx) => f('set')(tx, 'a', value))
  for (const name of [
    'add',
    'bitAnd',
    'bitOr',
    'bitXor',
    'max',
    'min',
    'byteMax',
    'byteMin',
    'appendIfFits',
    'compareAndClear',
    'setVersionstampedKey',
    'setVersionstampedValue',
  ]) {
    add(name, 'key', notBytes, (value, tx) => f(name)(tx, value, 'a'))
    add(name, 'param', notBytes, (value, tx) => f(name)(tx, 'a', value))
  }
  for (const name of ['estimatedSizeBytes', 'getRangeSplitPoints', 'addConflictRange']) {
    const last = name === 'getRangeSplitPoints' ? 100 : 0
    add(name, 'begin', notBytes, (value, tx) => f(name)(tx, value, 'b', last))
    add(name, 'end', notBytes, (value, tx) => f(name)(tx, 'a', value, last))
  }
  add('getRangeSplitPoints', 'chunkSize', [...notNumber, undefined, 0, -1], (value, tx) =>
    f('getRangeSplitPoints')(tx, 'a', 'b', value),
  )
  add('addConflictRange', 'type', [...notNumber, undefined, 2, -1], (value, tx) =>
    f('addConflictRange')(tx, 'a', 'b', value),
  )
  add('setReadVersion', 'version', [...notBigint, -(2n ** 63n) - 1n, 2n ** 63n], (value, tx) =>
    f('setReadVersion')(tx, value),
  )
  add('onError', 'error', [undefined, null, 'text', {}, true], (value, tx) => f('onError')(tx, value))
  add('setOption', 'option', [...notText, undefined, 'no_such_option'], (value, tx) => f('setOption')(tx, value))
  add('setOption', 'value', [undefined, 'text', {}, Symbol('x'), null], (value, tx) =>
    f('setOption')(tx, 'timeout', value),
  )
  add('setOption', 'value', [1, 'text', Buffer.alloc(1)], (value, tx) => f('setOption')(tx, 'lock_aware', value))
  add('databaseSetOption', 'option', [...notText, undefined, 'no_such_option'], (value, _tx, db) =>
    f('databaseSetOption')(db, value),
  )
  add('databaseSetOption', 'value', [undefined, 'text', {}], (value, _tx, db) =>
    f('databaseSetOption')(db, 'max_watches', value),
  )
  add('networkSetOption', 'option', [...notText, undefined, 'no_such_option'], (value) => f('networkSetOption')(value))
  add('networkSetOption', 'value', [1, {}, null], (value) => f('networkSetOption')('trace_format', value))
  add('addNetworkThreadCompletionHook', 'callback', notFunction, (value) => f('addNetworkThreadCompletionHook')(value))
  add('open', 'target', [null, 1, {}, 'memory:\0'], (value) => f('open')(value))
  add('open', 'options', [null, 1, 'text'], (value) => f('open')('memory:', value))
  add('open', 'option', [{ no_such_option: 1 }], (value) => f('open')('memory:', value))

  add('transactional', 'body', notFunction, (value, _tx, db) => f('transactional')(db, value))
  const run = (options: unknown, db: found.Database): unknown => f('transactional')(db, () => 1, options)
  for (const [name, call] of [
    ['get', (value, tx) => f('get')(tx, 'a', value)],
    ['getKey', (value, tx) => f('getKey')(tx, 'a', value)],
    ['query', (value, tx) => f('query')(tx, 'a', 'b', value)],
    ['watch', (value, tx) => f('watch')(tx, 'a', value)],
    ['scan', (value, _tx, db) => f('scan')(db, 'a', 'b', value)],
    ['watchLoop', (value, _tx, db) => f('watchLoop')(db, 'a', value)],
    ['makeTransaction', (value, _tx, db) => f('makeTransaction')(db, value)],
    ['transaction', (value, _tx, db) => f('transaction')(db, value)],
    ['transactional', (value, _tx, db) => run(value, db)],
  ] as [string, Case[3]][]) {
    add(name, 'options', [...notOptions, { no_such: 1 }, { constructor: 1 }], call)
    if (!['watch', 'watchLoop'].includes(name)) {
      const option = name === 'scan' ? 'reverse' : 'snapshot'
      add(
        name,
        `options.${option}`,
        notBoolean.map((value) => ({ [option]: value })),
        call,
      )
    }
    if (!['get', 'getKey', 'makeTransaction'].includes(name)) {
      add(
        name,
        'options.signal',
        notSignal.map((value) => ({ signal: value })),
        call,
      )
    }
  }
  for (const option of ['timeout', 'retryLimit', 'maxRetryDelay']) {
    add(
      'transactional',
      `options.${option}`,
      [...notNumber, -1, 2 ** 31].map((value) => ({ [option]: value })),
      (value, _tx, db) => run(value, db),
    )
  }
  add(
    'transactional',
    'options.idempotent',
    [null, 1, 'ids'].map((value) => ({ idempotent: value })),
    (value, _tx, db) => run(value, db),
  )
  add(
    'transactional',
    'options.idempotent',
    [{ no: 1 }].map((value) => ({ idempotent: value })),
    (value, _tx, db) => run(value, db),
  )
  add(
    'transactional',
    'options.idempotent.prefix',
    [1, null, {}].map((prefix) => ({ idempotent: { prefix } })),
    (value, _tx, db) => run(value, db),
  )
  add(
    'transactional',
    'options.idempotent.maxAge',
    [...notNumber, 0].map((maxAge) => ({ idempotent: { maxAge } })),
    (value, _tx, db) => run(value, db),
  )
  for (const [option, wrong] of [
    ['limit', [...notNumber, -1, 2 ** 31]],
    ['mode', [...notNumber, -3, 5]],
    ['targetBytes', [...notNumber, -1, 2 ** 31]],
    ['reverse', notBoolean],
  ] as [string, unknown[]][]) {
    add(
      'query',
      `options.${option}`,
      wrong.map((value) => ({ [option]: value })),
      (value, tx) => f('query')(tx, 'a', 'b', value),
    )
    if (option === 'targetBytes') continue
    add(
      'scan',
      `options.${option}`,
      wrong.map((value) => ({ [option]: value })),
      (value, _tx, db) => f('scan')(db, 'a', 'b', value),
    )
  }
  add(
    'scan',
    'options.after',
    notBytes.slice(1).map((after) => ({ after })),
    (value, _tx, db) => f('scan')(db, 'a', 'b', value),
  )
  add('scan', 'begin', notBytes, (value, _tx, db) => f('scan')(db, value, 'b'))
  add('scan', 'end', notBytes, (value, _tx, db) => f('scan')(db, 'a', value))
  add('watchLoop', 'key', notBytes, (value, _tx, db) => f('watchLoop')(db, value))
  add('query', 'key', notBytes, (value, tx) => f('query')(tx, value, 'b'))
  add('query', 'other', notBytes, (value, tx) => f('query')(tx, 'a', value))
  add('nextPrefix', 'key', notBytes, (value) => f('nextPrefix')(value))
  for (const name of ['lt', 'lte', 'gt', 'gte']) {
    add(name, 'key', notBytes, (value) => f(name)(value))
    add(name, 'offset', [...notNumber, 2 ** 31], (value) => f(name)('a', value))
  }
  add('all', 'iterable', [undefined, null, 1, [1], {}], (value) => f('all')(value))
  add('limit', 'length', [...notNumber, undefined, -1], (value, tx) =>
    (f('limit')(found.query(tx, 'a', 'b'), value) as AsyncGenerator).next(),
  )
  for (const name of ['pack', 'packWithVersionstamp', 'range', 'hasIncompleteVersionstamp']) {
    add(name, 'tuple', [undefined, null, 1, 'text', {}], (value) => f(name)(value))
  }
  add('packWithVersionstamp', 'prefix', [null, 1, {}], (value) =>
    f('packWithVersionstamp')([new found.Versionstamp()], value),
  )
  add('unpack', 'bytes', notBytes, (value) => f('unpack')(value))
  add('errorPredicate', 'predicate', [...notNumber, undefined, 49999, 50003], (value) =>
    f('errorPredicate')(value, 1020),
  )
  add('errorPredicate', 'code', [...notNumber, undefined, 2 ** 31], (value) => f('errorPredicate')(50000, value))
  add('FdbError', 'errno', [...notNumber, undefined], (value) => new found.FdbError(value as number))
  return list
}

test('name the argument', async (t) => {
  const db = await memory(t)
  for (const [name, argument, wrong, call] of cases()) {
    for (const value of wrong) {
      const tx = found.makeTransaction(db)
      let error: unknown
      try {
        await call(value, tx, db)
      } catch (thrown) {
        error = thrown
      }
      const right =
        (error instanceof TypeError || error instanceof RangeError) && error.message.startsWith(`${argument}: `)
      if (!right) t.fail(`${name}, ${argument} = ${describe(value)}: ${String(error)}`)
      await tx[Symbol.asyncDispose]()
    }
  }
  t.pass()
})

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))
    : String(value)
}

test('every exported function is among them', (t) => {
  const covered = new Set(cases().map(([name]) => name))
  const without = new Set(['getClientVersion', 'findFdbError', 'isRetryable', 'isMaybeCommitted'])
  const functions = Object.entries(found)
    .filter(([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name))
    .map(([name]) => name)
  t.deepEqual(
    functions.filter((name) => !covered.has(name) && !without.has(name)),
    [],
  )
})

type OptionsCall = (db: found.Database, options: never) => unknown

/** Functions of every part with options, and options of which each shows that it was obeyed. */
const optioned: [name: string, options: Record<string, unknown>, call: OptionsCall, obeyed: (answer: unknown) => boolean][] = [
  ['open', { transaction_timeout: 1, transaction_retry_limit: 7 }, async (_db, options) => {
    await using db = await found.open('memory:', options)
    const never = found.transactional(db, () => new Promise(() => {})).catch((error: found.FdbError) => error.code)
    const alive = setTimeout(() => {}, 60_000)
    return never.finally(() => clearTimeout(alive))
  }, (code) => code === 'transaction_timed_out'],
  ['makeTransaction', { snapshot: true }, (db, options) => found.makeTransaction(db, options).snapshot, Boolean],
  ['transaction', { snapshot: true, timeout: 1000 }, async (db, options) => {
    await using tx = await found.transaction(db, options)
    return tx.snapshot
  }, Boolean],
  ['transactional', { snapshot: true, retryLimit: 0 }, (db, options) =>
    found.transactional(db, (tx) => found.set(tx, 'a', '1'), options).catch((error: Error) => error.message),
    (message) => String(message).includes('snapshot')],
  ['transactional, idempotent', { idempotent: { prefix: 'ids', maxAge: 60_000 } }, async (db, options) => {
    await found.transactional(db, (tx) => found.set(tx, 'a', '1'), options)
    return found.transactional(db, (tx) => found.all(found.query(tx, 'ids', 'idt')))
  }, (rows) => (rows as found.Row[]).length > 0],
  ['query', { limit: 2, reverse: true, mode: found.STREAMING_MODE_SMALL }, (db, options) =>
    found.transactional(db, (tx) => found.all(found.query(tx, 'a', 'z', options))),
    (rows) => (rows as found.Row[]).map(([key]) => String(key)).join() === 'b,a'],
  ['scan', { limit: 1, after: 'a' }, (db, options) => found.all(found.scan(db, 'a', 'z', options)),
    (rows) => String((rows as found.Row[])[0]![0]) === 'b'],
  ['watchLoop', { signal: AbortSignal.abort(new Error('enough')) }, (db, options) =>
    found.watchLoop(db, 'a', options).next().catch((error: Error) => error.message), (message) => message === 'enough'],
  ['nstore.add', { value: 'v' }, async (db, options) => {
    const store = found.nstore.make('n', ['n'], 1)
    await found.transactional(db, (tx) => found.nstore.add(tx, store, ['a'], options))
    return found.transactional(db, (tx) => found.nstore.get(tx, store, ['a']))
  }, (value) => String(value) === 'v'],
  ['eavstore.query', { gte: 1, lt: 3 }, async (db, condition) => {
    const store = found.eavstore.make('e', ['e'])
    await found.transactional(db, async (tx) => {
      for (const n of [0, 1, 2, 3]) await found.eavstore.create(tx, store, { n })
    })
    return found.transactional(db, (tx) => found.all(found.eavstore.query(tx, store, 'n', condition)))
  }, (uids) => (uids as unknown[]).length === 2],
  ['pstore.make', { ranking: 'bm25' }, (_db, options) => found.pstore.make('p', ['p'], options).ranking,
    (ranking) => ranking === 'bm25'],
]

test('options may be inherited, from a class or from defaults, and are read once each', async (t) => {
  for (const [name, options, call, obeyed] of optioned) {
    const reads: Record<string, number> = {}
    const counted = (values: Record<string, unknown>): object =>
      Object.defineProperties({}, Object.fromEntries(Object.entries(values).map(([option, value]) => [option, {
        // As those of a class are.
        enumerable: false,
        get: () => {
          reads[option] = (reads[option] ?? 0) + 1
          const nested = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
          return nested ? Object.create(counted(value as Record<string, unknown>)) as unknown : value
        },
      }])))
    const prototypes = { 'of a class': counted(options), 'of defaults': Object.create(counted(options)) as object }
    for (const [kind, prototype] of Object.entries(prototypes)) {
      for (const option of Object.keys(reads)) delete reads[option]
      const inheriting = Object.create(prototype) as never
      const db = await memory(t, { a: '1', b: '2' })
      const answer = await call(db, inheriting)
      t.true(obeyed(answer), `${name}, ${kind}: ${String(answer)}`)
      const nested = Object.values(options).flatMap((value) => (typeof value === 'object' && 'prefix' in value! ? Object.keys(value) : []))
      const wanted = Object.fromEntries([...Object.keys(options), ...nested].map((option) => [option, 1]))
      t.deepEqual(reads, wanted, `${name}, ${kind}`)
    }
  }
})

test('of what an object has itself an unknown name is refused, of what it inherits it is not looked at', async (t) => {
  const db = await memory(t, { a: '1' })
  class Reading {
    snapshot = true
    get more(): boolean {
      throw new Error('nobody has looked at it')
    }
  }
  t.is(String(await found.transactional(db, (tx) => found.get(tx, 'a', new Reading()))), '1')
  const own = Object.create({ snapshot: true }, { more: { value: 1, enumerable: true } }) as object
  await t.throwsAsync(() => found.transactional(db, (tx) => found.get(tx, 'a', own)), {
    instanceOf: TypeError,
    message: /^options: there is no option 'more'; there are snapshot/,
  })
  await t.throwsAsync(() => found.transactional(db, (tx) => found.get(tx, 'a', Object.create({ snapshot: 1 }) as object)), {
    instanceOf: TypeError,
    message: /^options\.snapshot: /,
  })
})

test('whatever is passed, the process lives and an Error comes, or an answer', async (t) => {
  const db = await memory(t)
  // These wait, or end what the others use.
  const left = new Set(['watchLoop', 'close', 'addNetworkThreadCompletionHook', 'open', 'transactional', 'limit'])
  const names = Object.keys(found).filter(
    (name) => typeof api[name] === 'function' && !/^[A-Z]/.test(name) && !left.has(name),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }), { maxLength: 4 }),
      fc.boolean(),
      async (name, values, real) => {
        const tx = found.makeTransaction(db)
        try {
          const first: unknown = [
            'transaction',
            'makeTransaction',
            'scan',
            'databaseSetOption',
            'getClientStatus',
          ].includes(name)
            ? db
            : tx
          const answer = api[name]!(...(real ? [first, ...values] : values))
          if (answer instanceof Promise) await answer
        } catch (error) {
          if (!(error instanceof Error)) throw new Error(`${name} threw ${describe(error)}`)
        } finally {
          await tx[Symbol.asyncDispose]()
        }
      },
    ),
    { numRuns: 3000 },
  )
  t.pass()
})
