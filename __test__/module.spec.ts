// One package for ES modules, CommonJS and several copies of itself.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import test from 'ava'

import { folder, run, runPlain } from './support.js'

const path = JSON.stringify(new URL('../index.js', import.meta.url).pathname)

// In processes of their own: the loader that runs these tests would have a say in what is the same.
test('require gives the same module as import, and runs the example', async (t) => {
  const ended = await run(`
    import { createRequire } from 'node:module'
    const required = createRequire(import.meta.url)(${path})
    console.log(required.open === found.open, required.Versionstamp === found.Versionstamp)
    const db = await required.open(MEMORY)
    await found.transactional(db, (tx) => required.set(tx, 'a', '1'))
    console.log(String(await required.transactional(db, (tx) => found.get(tx, 'a'))))`)
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'true true\n1', errors: '' })
})

test('the package exports what it says and nothing from inside', async (t) => {
  const ended = await run(
    `
    const self = await import('found-db')
    console.log(self.open === found.open)
    for (const path of ['found-db/lib/native.js', 'found-db/native.cjs']) {
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
    const { createRequire } = await import('node:module')
    const { load } = createRequire(import.meta.url)(${JSON.stringify(new URL('../native.cjs', import.meta.url).pathname)})
    const [one, two] = [load(), load()]
    const db = await one.open(MEMORY)
    const tx = two.createTransaction(db, false)
    two.set(tx, 'a', 'b')
    console.log(await one.commit(tx) === undefined)`)
  t.is(ended.output, 'true', ended.errors)
})

test('the module works when its files are loaded anew, as test runners do, and for code of another context', async (t) => {
  const ended = await run(`
    const { createRequire } = await import('node:module')
    const { createContext, runInContext } = await import('node:vm')
    const require = createRequire(import.meta.url)
    const load = () => {
      for (const file of Object.keys(require.cache)) if (/native\\.cjs$|\\.node$/.test(file)) delete require.cache[file]
      return require(${JSON.stringify(new URL('../native.cjs', import.meta.url).pathname)})
    }
    const [one, two] = [load(), load()]
    console.log(one === two)
    for (const { load } of [one, two]) {
      const native = load()
      const tx = native.createTransaction(await native.open(MEMORY), false)
      native.set(tx, 'a', 'b')
      console.log(await native.commit(tx) === undefined)
    }
    const context = createContext({ found, MEMORY })
    console.log(await runInContext(\`(async () => {
      const db = await found.open(MEMORY)
      const value = await found.transactional(db, (tx) => {
        found.set(tx, new Uint8Array([97]), 'of another context')
        return found.get(tx, 'a', { snapshot: false })
      })
      return String(value) + (await found.open(1).catch((error) => error.message))
    })()\`, context))`)
  t.deepEqual(ended.output.split('\n'), ['false', 'true', 'true', 'of another contexttarget: expected a string, got 1'], ended.errors)
})

test('where there is no native module for the machine, it says what it looked for and why it is none', async (t) => {
  const place = await folder(t)
  const root = fileURLToPath(new URL('..', import.meta.url))
  for (const file of ['package.json', 'index.js', 'native.cjs']) cpSync(join(root, file), join(place, file))
  cpSync(join(root, 'lib'), join(place, 'lib'), { recursive: true })
  const url = JSON.stringify(pathToFileURL(join(place, 'index.js')).href)
  const failure = async (): Promise<string> => {
    const ended = await runPlain(`
      await import(${url}).then(
        () => console.log('loaded'),
        (error) => console.log(error.code, error.cause !== undefined, error.message),
      )`)
    return ended.output
  }
  const machine = new RegExp(`FOUND_NO_NATIVE_MODULE true .*${process.platform}.*${process.arch}.*${process.version}`)

  const absent = await failure()
  t.regex(absent, machine)
  t.regex(absent, /the package found-db-\S+ is not installed: install found-db again/)
  t.notRegex(absent, /npm has a bug/)

  const name = /the package (found-db-\S+) is/.exec(absent)![1]!
  const installed = join(place, 'node_modules', name)
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'it.node' }))
  writeFileSync(join(installed, 'it.node'), 'this is no library')
  const broken = await failure()
  t.regex(broken, machine)
  t.regex(broken, /could not be loaded: .*it\.node.*damaged, for another machine, or wants a newer system/)
  t.notRegex(broken, /not installed/)
})
