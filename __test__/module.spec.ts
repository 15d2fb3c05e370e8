// One package for ES modules, CommonJS and several copies of itself.

import test from 'ava'

import { run } from './support.js'

const path = JSON.stringify(new URL('../index.js', import.meta.url).pathname)

// In processes of their own: the loader that runs these tests would have a say in what is the same.
test('require gives the same module as import, and runs the example', async (t) => {
  const ended = await run(`
    import { createRequire } from 'node:module'
    const required = createRequire(import.meta.url)(${path})
    console.log(required.open === found.open, required.Versionstamp === found.Versionstamp)
    const db = await required.open('memory:')
    await found.transactional(db, (tx) => required.set(tx, 'a', '1'))
    console.log(String(await required.transactional(db, (tx) => found.get(tx, 'a'))))`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'true true\n1', errors: '' })
})

test('the package exports what it says and nothing from inside', async (t) => {
  const ended = await run(
    `
    const self = await import('found-db')
    console.log(self.open === found.open)
    for (const path of ['found-db/lib/native.js', 'found-db/native.js']) {
      await import(path).then(() => console.log('open'), (error) => console.log(error.code))
    }
    const { default: manifest } = await import('found-db/package.json', { with: { type: 'json' } })
    console.log(manifest.name)`,
    '--no-warnings',
  )
  t.is(
    ended.output,
    ['true', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'found-db'].join('\n'),
    ended.errors,
  )
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
