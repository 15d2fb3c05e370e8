// Nonsense at every function, class and store that the module exports: what fails fails with an error that docs/errors.md
// names, whatever is passed; nothing is written, nothing hangs, the process lives.

import test from 'ava'
import fc from 'fast-check'

import * as found from '../index.js'
import { CODES, OF_THE_LANGUAGE, Own, take, values, type Scene } from './nonsense.js'
import { memory, target } from './support.js'

type Callable = (...values: unknown[]) => unknown
type Class = new (...values: unknown[]) => object

const CALLS = 6000
/** What is of the whole process, or takes its input from the machine: arguments.spec.ts and process.spec.ts are for these. */
const LEFT_OUT = new Set(['open', 'networkSetOption', 'addNetworkThreadCompletionHook'])

/** Every function of a module and of those in it, every class and what its prototype and itself have. */
function callables(module: object, path = ''): Map<string, Callable> {
  const all = new Map<string, Callable>()
  for (const [name, value] of Object.entries(module) as [string, unknown][]) {
    const full = path + name
    if (LEFT_OUT.has(full)) continue
    if (typeof value === 'function') {
      if (/^[A-Z]/.test(name)) {
        const Made = value as Class
        all.set(`new ${full}`, (...values) => new Made(...values))
        const methods = (owner: object, how: string): void => {
          for (const key of Reflect.ownKeys(owner)) {
            if (key === 'constructor') continue
            const { value: method, get } = Object.getOwnPropertyDescriptor(owner, key)!
            const call = (method ?? get) as unknown
            // The first value is what it is called on.
            if (typeof call === 'function')
              all.set(`${full}${how}${String(key)}`, (self, ...values) => Reflect.apply(call, self, values))
          }
        }
        methods(Made.prototype as object, '#')
        methods(Made, '.')
      } else {
        all.set(full, value as Callable)
      }
    } else if (Object.prototype.toString.call(value) === '[object Module]') {
      for (const [inner, call] of callables(value as object, `${full}.`)) all.set(inner, call)
    }
  }
  return all
}

const HANDLES = Object.keys(values).filter((name) => /database|transaction/.test(name))
const STORES = Object.keys(values).filter((name) => /store$/.test(name))

/** What users make themselves, with arguments that are checked as those of functions are. */
const MADE_BY_USERS = new Set(['Versionstamp', 'Uuid', 'Double', 'Float', 'KeySelector', 'FdbError'].map((name) => `new ${name}`))

/** Whether an error is one that may come: of the caller's own, of a wrong argument, which it names, or as documented. */
function isDocumented(error: unknown, called: string): boolean {
  if (error instanceof Own) return true
  if (error instanceof found.FdbError) return error.errno > 0
  if (error instanceof found.FoundError) return CODES.has(error.code) && error.code !== 'FOUND_INTERNAL'
  if (!(error instanceof TypeError || error instanceof RangeError)) return false
  if (OF_THE_LANGUAGE.test(error.message)) return true
  // Of methods on what they do not belong to, and of classes that only we make, the language tells.
  if (called.includes('#') || (called.startsWith('new ') && !MADE_BY_USERS.has(called))) return true
  return /^\w[\w.#]*(\[[^\]]+\])*: /.test(error.message)
}

/** All rows, as text that can be compared. */
async function rows(db: found.Database): Promise<string> {
  const all = await found.transactional(db, (tx) => found.all(found.query(tx, '', Buffer.from([0xff]))))
  return all.map(([key, value]) => `${key.toString('hex')}=${value.toString('hex')}`).join()
}

const calls = callables(found)

test('the functions of the module, its stores and its classes are among them', (t) => {
  for (const name of ['get', 'pstore.search', 'new Versionstamp', 'Transaction#constructor', 'Uuid#toString'])
    t.is(calls.has(name), name !== 'Transaction#constructor', name)
  for (const name of LEFT_OUT) t.is(typeof (found as Record<string, unknown>)[name], 'function', name)
  t.true(calls.size > 120, `only ${calls.size}`)
})

test('nonsense gives an error that is documented, and writes nothing', async (t) => {
  const foreign = await memory(t)
  const seen = new Set<string>()
  let errors = 0
  const name = fc.constantFrom(...calls.keys())
  const any = fc.constantFrom(...Object.keys(values))
  // Often what it should be, so that what follows is looked at too.
  const first = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...HANDLES) }, { weight: 1, arbitrary: any })
  const second = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...STORES) }, { weight: 2, arbitrary: any })
  const given = fc.tuple(first, second, fc.array(any, { maxLength: 3 })).map(([one, two, more]) => [one, two, ...more])
  await fc.assert(
    fc.asyncProperty(name, given, async (called, names) => {
      const db = await found.open(target('memory:'))
      const closed = await found.open(target('memory:'))
      await found.close(closed)
      const opened = [db]
      const scene: Scene = {
        db,
        closed,
        foreign,
        tx: () => found.makeTransaction(db),
        over: async (how) => {
          const own = await found.open(target('memory:'))
          opened.push(own)
          const tx = found.makeTransaction(own)
          await how(tx, own)
          return tx
        },
      }
      await found.transactional(db, (begin) => found.set(begin, 'a', 'row'))
      const before = await rows(db)
      const passed: unknown[] = []
      // A thenable must not be awaited here.
      for (const each of names) {
        const value = values[each]!(scene)
        passed.push(each.startsWith('a ') && HANDLES.includes(each) ? await value : value)
      }
      try {
        await take(calls.get(called)!(...passed))
      } catch (error) {
        errors += 1
        if (!isDocumented(error, called)) {
          throw new Error(`${called}(${names.join(', ')}) gave ${String(error)}`, { cause: error })
        }
        const after = await rows(db).catch((closing: unknown) => {
          if ((closing as found.FoundError).code !== 'FOUND_CLOSED') throw closing
          return before
        })
        if (after !== before) throw new Error(`${called}(${names.join(', ')}) failed and wrote`, { cause: error })
      }
      seen.add(called)
      for (const each of opened) await found.close(each)
    }),
    { numRuns: CALLS, includeErrorInReport: true },
  )
  t.log(`${CALLS} calls of ${seen.size} functions, ${errors} errors`)
  t.deepEqual([...calls.keys()].filter((each) => !seen.has(each)), [])
})
