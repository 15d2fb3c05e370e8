// Each argument of each exported function and class, of the stores too, with nonsense in its place and the others as they
// should be: it is taken, or a TypeError or a RangeError names that very argument. Functions and the names of their
// parameters are looked up in the module, so that a new one is among them, or fails for want of a good value.

import test from 'ava'

import * as found from '../index.js'
import { CODES, OF_THE_LANGUAGE, Own, take, values, type Scene } from './nonsense.js'
import { target } from './support.js'

type Callable = (...values: unknown[]) => unknown
type Make = (scene: Scene) => unknown

const constant = (value: unknown): Make => () => value
const uuid = (): unknown => new found.Uuid(Buffer.alloc(16, 1))
const variable = found.nstore.var('x')
const stores: Record<string, Make> = {
  nstore: () => found.nstore.make('n', ['n'], 3),
  bstore: () => found.bstore.make('b', ['b']),
  eavstore: () => found.eavstore.make('e', ['e']),
  pstore: () => found.pstore.make('p', ['p']),
  vnstore: () => found.vnstore.make('v', ['v'], ['uid', 'key', 'value']),
}

/** A good value for each parameter, by its name, or by that of the function before it. */
const good: Record<string, Make> = {
  tx: ({ tx }) => tx(),
  db: ({ db }) => db,
  key: constant('a'),
  other: constant('b'),
  begin: constant('a'),
  end: constant('b'),
  value: constant('v'),
  param: constant(Buffer.alloc(8)),
  type: constant(found.CONFLICT_RANGE_TYPE_READ),
  callback: constant(() => {}),
  iterable: ({ tx }) => found.query(tx(), 'a', 'b'),
  options: constant(undefined),
  name: constant('name'),
  prefix: constant(['prefix']),
  'packWithVersionstamp prefix': constant('prefix'),
  uid: uuid,
  blob: constant('blob'),
  source: constant('blob'),
  start: constant(0),
  'bstore.read end': constant(9),
  'bstore.createReadStream from': ({ db }) => db,
  'setOption option': constant('timeout'),
  'setOption value': constant(1),
  'databaseSetOption option': constant('max_watches'),
  'databaseSetOption value': constant(1),
  'networkSetOption option': constant('trace_format'),
  'networkSetOption value': constant('json'),
  record: constant({ a: 1 }),
  about: constant('a'),
  rest: constant(1),
  predicate: constant(50_000),
  code: constant(1020),
  error: () => new found.FdbError(1020),
  selector: constant('a'),
  chunkSize: constant(100),
  offset: constant(1),
  tuple: constant(['a']),
  'packWithVersionstamp tuple': () => ['a', new found.Versionstamp()],
  length: constant(1),
  columns: constant(3),
  items: constant(['a', 'b', 'c']),
  patterns: constant([[variable, 'b', 'c']]),
  pattern: constant([variable, 'b', 'c']),
  bindings: constant([{ y: 'b' }]),
  target: constant('memory:'),
  docuid: uuid,
  counter: constant({ word: 1 }),
  keywords: constant(['word']),
  limit: constant(5),
  bytes: () => found.pack(['a']),
  body: constant(() => 1),
  version: constant(1n),
  change: uuid,
  message: constant('message'),
  from: uuid,
  to: uuid,
  errno: constant(1020),
  'new Uuid bytes': constant(Buffer.alloc(16)),
  'new Double value': constant(1),
  'new Float value': constant(1),
  'new KeySelector orEqual': constant(true),
  orEqual: constant(true),
  stamp: constant(Buffer.alloc(10)),
  userVersion: constant(1),
}

/** What an argument is called in errors where one function takes several shapes of arguments. */
const shapes: Record<string, string[]> = {
  'open options': ['option'],
  'eavstore.query about': ['attribute', 'conditions', 'options'],
  'eavstore.query rest': ['condition', 'conditions', 'options'],
}

/** Classes that users make; of the others, functions do. */
const MADE_BY_USERS = ['Versionstamp', 'Uuid', 'Double', 'Float', 'KeySelector', 'FdbError']

/** The names of the parameters of a function, or of a class. */
function parametersOf(callable: Callable): string[] {
  const text = callable.toString()
  const begin = text.startsWith('class') ? text.indexOf('constructor(') : 0
  const names = ['']
  let depth = 0
  for (const character of text.slice(text.indexOf('(', begin) + 1)) {
    if (')]}'.includes(character) && depth-- === 0) break
    if ('([{'.includes(character)) depth += 1
    if (character === ',' && depth === 0) names.push('')
    else names[names.length - 1] += character
  }
  // A compiler may have numbered a name that is there twice.
  return names.map((name) => name.replace(/^\s*(\.\.\.)?(\w*?)\d*(\s*=[\s\S]*)?\s*$/, '$2')).filter((name) => name !== '')
}

/** What is exported, by its name. */
function exported(module: object, path = ''): [string, Callable][] {
  return (Object.entries(module) as [string, unknown][]).flatMap(([name, value]): [string, Callable][] => {
    if (Object.prototype.toString.call(value) === '[object Module]') return exported(value as object, `${path}${name}.`)
    if (typeof value !== 'function') return []
    if (!/^[A-Z]/.test(name)) return [[path + name, value as Callable]]
    return MADE_BY_USERS.includes(name) ? [[`new ${path}${name}`, value as Callable]] : []
  })
}

function goodFor(name: string, parameter: string): Make {
  const store = parameter === 'store' ? stores[name.split('.')[0]!] : undefined
  const make = store ?? good[`${name} ${parameter}`] ?? good[parameter]
  if (make === undefined) throw new Error(`there is no good value for ${parameter} of ${name}: add one`)
  return make
}

/** Whether what was thrown says what is wrong with that argument, or is none of its business. */
function names(error: unknown, expected: string[]): boolean {
  if (error instanceof Own || error instanceof found.FdbError) return true
  if (error instanceof found.FoundError) return CODES.has(error.code) && error.code !== 'FOUND_INTERNAL'
  if (!(error instanceof TypeError || error instanceof RangeError)) return false
  if (OF_THE_LANGUAGE.test(error.message)) return true
  return expected.includes(error.message.match(/^(\w+)[\w.#]*(\[[^\]]+\])*[\w.]*: /)?.[1] ?? '')
}

/** What would last as long as the process. */
const LASTING: Record<string, RegExp> = { 'addNetworkThreadCompletionHook callback': /function/ }

for (const [name, callable] of exported(found)) {
  const parameters = parametersOf(callable)
  if (parameters.length === 0) continue
  test.serial(`${name}(${parameters.join(', ')})`, async (t) => {
    const closed = await found.open(target('memory:'))
    await found.close(closed)
    const foreign = await found.open(target('memory:'))
    let db = await found.open(target('memory:'))
    t.teardown(() => Promise.all([db, foreign].map((each) => found.close(each))))
    const scene = (): Scene => ({
      db,
      closed,
      foreign,
      tx: () => found.makeTransaction(db),
      over: async (how) => {
        const own = await found.open(target('memory:'))
        const tx = found.makeTransaction(own)
        await how(tx, own)
        await found.close(own)
        return tx
      },
    })
    let wrong = 0
    for (const [index, parameter] of parameters.entries()) {
      for (const [nonsense, make] of Object.entries(values)) {
        if (LASTING[`${name} ${parameter}`]?.test(nonsense)) continue
        if (name === 'close') db = await found.open(target('memory:'))
        const made = make(scene())
        const passed = parameters.map((each) => goodFor(name, each)(scene()))
        // A thenable must not be awaited here.
        passed[index] = nonsense.includes('transaction') ? await made : made
        try {
          await take(name.startsWith('new ') ? Reflect.construct(callable, passed) : callable(...passed))
        } catch (error) {
          wrong += 1
          // One that was given may be given back.
          if (error === passed[index]) continue
          if (!names(error, [parameter, ...(shapes[`${name} ${parameter}`] ?? [])])) {
            t.fail(`${parameter} = ${nonsense} gave ${String(error)}`)
          }
        }
      }
    }
    t.true(wrong > 0 || ['isRetryable', 'isMaybeCommitted', 'findFdbError'].includes(name))
  })
}
