/**
 * Nonsense: values to pass where something else is wanted, and what may come of that.
 */

import { readFileSync } from 'node:fs'

import * as found from '../index.js'

/** How long an answer may take. Only a failure waits so long. */
const PATIENCE_MS = 60_000

/** Thrown by what is passed, so it may come back as it is. */
export class Own extends Error {}
const own = (): never => {
  throw new Own('of the caller')
}

/** The codes that docs/errors.md has. */
export const CODES = new Set(
  [...readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8').matchAll(/^\| `(FOUND_\w+)`/gm)].map(
    ([, code]) => code,
  ),
)

/** What a getter, a proxy or an iterator of the caller's own throws when it is used as none should. */
export const OF_THE_LANGUAGE = /on a proxy that has been revoked$|^Cannot read private member|on a detached ArrayBuffer$/

/** What values are made of. */
export interface Scene {
  db: found.Database
  closed: found.Database
  foreign: found.Database
  tx: () => found.Transaction
  /** A transaction of a database of its own with which that was done. */
  over: (how: (tx: found.Transaction, db: found.Database) => unknown) => Promise<found.Transaction>
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(8)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

function shrunk(): Uint8Array {
  const buffer = new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer & { resize(n: number): void })(
    8,
    { maxByteLength: 16 },
  )
  const bytes = new Uint8Array(buffer, 4, 4)
  buffer.resize(2)
  return bytes
}

function cyclic(): unknown[] {
  const array: unknown[] = [1]
  array.push(array)
  return array
}

function deep(): unknown[] {
  let array: unknown[] = []
  for (let depth = 0; depth < 20_000; depth += 1) array = [array]
  return array
}

/** An object that throws whatever is done with it. */
const hostile = (): object =>
  new Proxy(
    {},
    { get: own, has: own, ownKeys: own, getPrototypeOf: own, getOwnPropertyDescriptor: own, set: own, apply: own },
  )

function revoked(of: object): unknown {
  const { proxy, revoke } = Proxy.revocable(of, {})
  revoke()
  return proxy
}

const GETTERS = ['snapshot', 'limit', 'reverse', 'mode', 'signal', 'timeout', 'isolation', 'after', 'ranking', 'asOf']

/** What may be passed, by a name that a failure can be told with. */
export const values: Record<string, (scene: Scene) => unknown> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  0: () => 0,
  '-0': () => -0,
  '-1': () => -1,
  0.5: () => 0.5,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '2**31': () => 2 ** 31,
  '-(2**53)': () => -(2 ** 53),
  '2**64n': () => 2n ** 64n,
  '-(2**63n)': () => -(2n ** 63n),
  '2**2040n': () => 2n ** 2040n,
  text: () => 'text',
  '': () => '',
  'a zero byte': () => 'a\0b',
  'a lone surrogate': () => 'a\ud800b',
  'a lone surrogate at the end': () => '\udfff',
  'text of 200,000': () => 'x'.repeat(200_000),
  'bytes of 20,000': () => Buffer.alloc(20_000),
  bytes: () => Buffer.from('b'),
  'the end of keys': () => Buffer.from([0xff]),
  'special keys': () => Buffer.from('\xff\xff/management/tenant/map/t', 'latin1'),
  'detached bytes': detached,
  'shrunk bytes': shrunk,
  'shared bytes': () => new Uint8Array(new SharedArrayBuffer(8)),
  'a detached buffer': () => detached().buffer,
  'a shared buffer': () => new SharedArrayBuffer(8),
  'a view of data': () => new DataView(new ArrayBuffer(8)),
  'wide numbers': () => new Uint16Array(3),
  symbol: () => Symbol('x'),
  function: () => () => 1,
  'a function that throws': () => own,
  'a function that rejects': () => async () => own(),
  'a function that stays': () => (tx: unknown) => tx,
  date: () => new Date(0),
  'an invalid date': () => new Date(NaN),
  regexp: () => /x/,
  map: () => new Map([['a', 1]]),
  weakmap: () => new WeakMap(),
  // What onError cannot help comes back as it is.
  error: () => new Own('an error'),
  'a promise': () => Promise.resolve(1),
  'a promise that rejects': () => {
    const promise = Promise.reject(new Own('of the caller'))
    promise.catch(() => {})
    return promise
  },
  'a thenable that throws': () => ({ then: own }),
  '{}': () => ({}),
  'no prototype': () => Object.create(null) as unknown,
  'unknown option': () => ({ noSuchOption: 1 }),
  'getters that throw': () =>
    Object.defineProperties({}, Object.fromEntries(GETTERS.map((name) => [name, { get: own, enumerable: true }]))),
  'wrong options': () => Object.fromEntries(GETTERS.map((name) => [name, Symbol('x')])),
  hostile,
  'revoked proxy': () => revoked({}),
  'revoked array': () => revoked([]),
  'revoked function': () => revoked(() => 1),
  toPrimitive: () => ({ [Symbol.toPrimitive]: own, toString: own, valueOf: own }),
  '[]': () => [],
  '[1, "a"]': () => [1, 'a'],
  'rows of text': () => [['a', 'b', 'c']],
  'cyclic array': cyclic,
  'deep array': deep,
  'array with holes': () => new Array<unknown>(3),
  'array of hostile': () => [hostile()],
  'array with a getter': () => Object.defineProperty([1, 2], 0, { get: own }),
  'array of detached bytes': () => [detached()],
  'array of surrogates': () => ['\ud800'],
  'array of symbols': () => [Symbol('x')],
  'an array as long as can be': () => Object.defineProperty([], 'length', { value: 2 ** 32 - 1 }),
  'cyclic object': () => {
    const object: Record<string, unknown> = {}
    object.self = object
    return object
  },
  'an iterable that throws': () => ({ [Symbol.iterator]: own }),
  'an async iterable that throws': () => ({ [Symbol.asyncIterator]: own }),
  'chunks, then an error': () =>
    (async function* () {
      yield Buffer.from('a chunk')
      own()
    })(),
  'an aborted signal': () => AbortSignal.abort(new Own('of the caller')),
  database: ({ db }) => db,
  'a closed database': ({ closed }) => closed,
  'an imitated database': () => Object.create(found.Database.prototype) as unknown,
  'a proxy of a database': ({ db }) => new Proxy(db, {}),
  transaction: ({ tx }) => tx(),
  'a foreign transaction': ({ foreign }) => found.makeTransaction(foreign),
  'a committed transaction': ({ over }) => over(found.commit),
  'a cancelled transaction': ({ over }) => over(found.cancel),
  'a disposed transaction': ({ over }) => over((tx) => tx[Symbol.asyncDispose]()),
  "a closed database's transaction": ({ over }) => over((_tx, db) => found.close(db)),
  'a used transaction': ({ tx }) => {
    const used = tx()
    found.set(used, 'text', 'uncommitted')
    return used
  },
  'an imitated transaction': () => Object.create(found.Transaction.prototype) as unknown,
  'a snapshot transaction': ({ db }) => found.makeTransaction(db, { snapshot: true }),
  'a selector': () => found.gte('text'),
  'a versionstamp': () => new found.Versionstamp(),
  'a uuid': () => new found.Uuid(Buffer.alloc(16)),
  'a double': () => new found.Double(-0),
  'an nstore': () => found.nstore.make('n', ['n'], 3),
  'a bstore': () => found.bstore.make('b', ['b']),
  'an eavstore': () => found.eavstore.make('e', ['e']),
  'a pstore': () => found.pstore.make('p', ['p']),
  'a vnstore': () => found.vnstore.make('v', ['v'], ['uid', 'key', 'value']),
}

/** Waits for what a call gives, as far as it comes by itself, and ends it. */
export async function take(answer: unknown): Promise<void> {
  // Those wait for a commit or a change that nobody makes.
  if (answer instanceof found.Watch) return answer.cancel()
  if (answer instanceof found.CommitVersionstamp) return
  if (answer instanceof found.Database) return found.close(answer)
  if (answer instanceof found.Transaction) return answer[Symbol.asyncDispose]()
  if (answer instanceof Promise) return take(await inTime(answer))
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    const iterator = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    await inTime(iterator.next())
    await iterator.return?.()
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), PATIENCE_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
