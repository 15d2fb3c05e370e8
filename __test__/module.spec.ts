// One package for ES modules, CommonJS and several copies of itself.

import { createRequire } from 'node:module'

import test from 'ava'

import * as found from '../index.js'
import { run } from './support.js'

test('require gives the same module as import', (t) => {
  const require = createRequire(import.meta.url)
  const required = require('../index.js') as typeof found
  t.is(required.Versionstamp, found.Versionstamp)
  t.is(required.FdbError, found.FdbError)
  t.is(required.open, found.open)
})

test('a program in CommonJS runs the example', async (t) => {
  const ended = await run(`
    import { createRequire } from 'node:module'
    const required = createRequire(import.meta.url)(new URL(${JSON.stringify(new URL('../index.js', import.meta.url).href)}).pathname)
    const db = await required.open('memory:')
    await found.transactional(db, (tx) => required.set(tx, 'a', '1'))
    console.log(String(await required.transactional(db, (tx) => found.get(tx, 'a'))))`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: '1', errors: '' })
})

test('the package exports what it says and nothing from inside', async (t) => {
  const ended = await run(`
    const self = await import('found-db')
    console.log(self.open === found.open)
    for (const path of ['found-db/lib/native.js', 'found-db/native.js']) {
      await import(path).then(() => console.log('open'), (error) => console.log(error.code))
    }
    const { default: manifest } = await import('found-db/package.json', { with: { type: 'json' } })
    console.log(manifest.name)`, '--no-warnings')
  t.is(ended.output, ['true', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'found-db'].join('\n'), ended.errors)
})

test('the native module can be loaded twice in one thread', async (t) => {
  const ended = await run(`
    const { load } = await import(${JSON.stringify(new URL('../native.js', import.meta.url).href)})
    const [one, two] = [load(), load()]
    const db = await one.open('memory:')
    const tx = two.createTransaction(db, false)
    two.set(tx, 'a', 'b')
    console.log(await one.commit(tx) === undefined)`)
  t.is(ended.output, 'true', ended.errors)
})
