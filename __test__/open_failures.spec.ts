// What cannot be opened says why and what to do, each cause in its own words; `open` rejects and nothing is changed.

import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import test from 'ava'

import * as found from '../index.js'
import { fakeLibrary, unix } from './fake_cluster.js'
import { execute, folder, headerOf, packageUrl, run, runIn, write } from './support.js'

const onUnix = unix ? test : test.skip

/** Opens each target in a process of its own and prints how that failed. */
async function failures(environment: NodeJS.ProcessEnv, targets: (string | undefined)[], first = ''): Promise<string[]> {
  const ended = await runIn(
    environment,
    `${first}
    for (const target of ${JSON.stringify(targets)}) {
      try { await found.open(target ?? undefined); console.log('opened') }
      catch (error) { console.log(error instanceof found.FoundError, error.code, error.errno, error.message) }
    }`,
  )
  if (ended.code !== 0) throw new Error(ended.errors)
  return ended.output.split('\n')
}

onUnix('a cluster file that is missing, by argument, by environment and by default', async (t) => {
  const place = await folder(t)
  const leave = `process.chdir(${JSON.stringify(place)}); delete process.env.FDB_CLUSTER_FILE`
  const [argument, byDefault] = await failures({}, ['/no/such/fdb.cluster', undefined], leave)
  t.regex(argument!, /^true no_cluster_file_found 1515 the cluster file \/no\/such\/fdb\.cluster does not exist.*memory:/)
  t.regex(byDefault!, /^true no_cluster_file_found 1515 no cluster file: FDB_CLUSTER_FILE is not set.*memory:.*file:PATH/)
  const [environment] = await failures({ FDB_CLUSTER_FILE: '/no/such/file' }, [undefined])
  t.regex(environment!, /1515 the cluster file \/no\/such\/file, named by FDB_CLUSTER_FILE, does not exist/)
  const [embedded] = await failures({ FDB_CLUSTER_FILE: 'memory:' }, [undefined])
  t.is(embedded, 'opened', 'an embedded database may be named there too')
})

onUnix('a client library that is missing, too old, wanting, another thing altogether', async (t) => {
  const place = await folder(t)
  const at = (name: string): string => join(place, name)
  writeFileSync(at('fdb.cluster'), 'fake:fake@127.0.0.1:4500')
  writeFileSync(at('text.so'), 'this is no library')
  // An ELF header of a machine that there is not.
  writeFileSync(at('alien.so'), Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(4096, 0x7e)]))
  const cases: [library: string, expected: RegExp][] = [
    [at('none.so'), /external_client_library.*none\.so.*No such file|none\.so.*(no such file|cannot open)/i],
    [at('text.so'), /text\.so.*(invalid ELF header|file too short|exec format error|not a mach-o)/i],
    [at('alien.so'), /alien\.so.*(not for this kind of machine|architecture|exec format error|wrong|not a mach-o)/i],
    [fakeLibrary(at('old.so'), 'MAX_API=710'), /old\.so has API version 710 at most, not 730.*FDB_CLIENT_LIB/],
    [fakeLibrary(at('wanting.so'), 'WITHOUT_COMMIT'), /wanting\.so lacks the function fdb_transaction_commit/],
  ]
  const seen = new Set<string>()
  for (const [library, expected] of cases) {
    const [failure] = await failures({ FDB_CLIENT_LIB: library }, [at('fdb.cluster')])
    t.regex(failure!, expected)
    t.regex(failure!, /^true \w+ \d+ .*(install|give its path)/)
    seen.add(failure!.replaceAll(library, ''))
  }
  // musl says the same of what is no library and of what is one for another machine.
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  const musl = process.platform === 'linux' && header.glibcVersionRuntime === undefined
  t.is(seen.size, cases.length - (musl ? 1 : 0), 'each has words of its own')
})

onUnix('a library given by option, and an embedded database where none is needed', async (t) => {
  const place = await folder(t)
  const file = join(place, 'fdb.cluster')
  writeFileSync(file, 'fake:fake@127.0.0.1:4500')
  const library = fakeLibrary(join(place, 'given.so'))
  const option = `found.networkSetOption('external_client_library', ${JSON.stringify(library)})`
  t.deepEqual(await failures({ FDB_CLIENT_LIB: '/no/such/library' }, [file], option), ['opened'])
  t.deepEqual(await failures({ FDB_CLIENT_LIB: '/no/such/library' }, ['memory:']), ['opened'])
})

test('a file that is not a database of ours, or a damaged one, is named and left as it is', async (t) => {
  const place = await folder(t)
  const at = (name: string): string => join(place, name)
  const good = await found.open(`file:${at('good.db')}`)
  await found.transactional(good, (tx) => {
    for (let index = 0; index < 100; index++) found.set(tx, `key ${index}`, 'v'.repeat(1000))
  })
  await found.close(good)
  const bytes = readFileSync(at('good.db'))

  writeFileSync(at('text.db'), 'something else entirely '.repeat(1000))
  writeFileSync(at('cut.db'), bytes)
  truncateSync(at('cut.db'), 5000)
  const scribbled = Buffer.from(bytes)
  const header = headerOf(bytes)
  scribbled.fill(0x5a, header + 16, header + 512)
  writeFileSync(at('scribbled.db'), scribbled)
  writeFileSync(at('zeros.db'), Buffer.alloc(8192))
  mkdirSync(at('directory.db'))
  const cases: [string, RegExp][] = [
    ['text.db', /is not a found-db file: name another file/],
    ['cut.db', /damaged: put a backup copy in its place|newer found-db, or is damaged/],
    ['scribbled.db', /damaged/],
    ['zeros.db', /begins with zeros/],
    ['directory.db', /is a directory: name a file in it/],
    ['no/such/a.db', /cannot be made: make the directory .*such first/],
  ]
  const hash = (name: string): string => createHash('sha256').update(readFileSync(at(name))).digest('hex')
  for (const [name, expected] of cases) {
    const isFile = name.endsWith('.db') && !name.includes('/') && name !== 'directory.db'
    const before = isFile ? hash(name) : ''
    const error = await t.throwsAsync(() => found.open(`file:${at(name)}`), { instanceOf: found.FdbError }, name)
    t.regex(error!.message, expected, name)
    t.true(error!.message.includes(at(name)), error!.message)
    t.is(typeof error!.errno, 'number')
    if (isFile) t.is(hash(name), before, `${name} was changed`)
  }
  t.false(existsSync(at('no')))
  // Nothing of it is in the way of a good file in the same place.
  writeFileSync(at('cut.db'), bytes)
  const again = await found.open(`file:${at('cut.db')}`)
  t.is((await found.transactional(again, (tx) => found.get(tx, 'key 7')))?.length, 1000)
  await found.close(again)
})

onUnix('a file that may not be read or written says so', async (t) => {
  const place = await folder(t)
  chmodSync(place, 0o755)
  const path = join(place, 'a.db')
  await found.close(await found.open(`file:${path}`))
  // Nobody stops root, so a root test steps down first.
  const leave = process.getuid?.() === 0 ? 'process.setgid(65534); process.setuid(65534)' : ''
  for (const [mode, expected] of [
    [0o444, /file_not_writable|may be read but not written: a database needs both/],
    [0o000, /may not be opened: change the permissions/],
  ] as const) {
    chmodSync(path, mode)
    const [failure] = await failures({}, [`file:${path}`], leave)
    t.regex(failure!, /^true \w+ \d+ /)
    t.regex(failure!, expected)
    t.true(failure!.includes(path), failure)
  }
  chmodSync(path, 0o644)
  chmodSync(place, 0o555)
  const [failure] = await failures({}, [`file:${join(place, 'new.db')}`], leave)
  t.regex(failure!, /new\.db may not be opened: change the permissions of the file or its directory/)
  chmodSync(place, 0o755)
})

onUnix('a disk that is full fails the commit in words; what was committed stays, and writing goes on', async (t) => {
  const path = join(await folder(t), 'a.db')
  const program = `
    import * as found from ${JSON.stringify(packageUrl)}
    const db = await found.open('file:' + ${JSON.stringify(path)})
    let rows = 0
    try {
      for (;; rows++) await found.transactional(db, (tx) => found.set(tx, 'key ' + rows, 'v'.repeat(90_000)))
    } catch (error) {
      console.log(error instanceof found.FdbError, error.code, error.message)
    }
    let there = 0
    for await (const [, value] of found.scan(db, '', 'z')) there += value.length === 90_000 ? 1 : 0
    console.log(rows > 0, there === rows)
    await found.transactional(db, (tx) => found.clear(tx, 'key 0'))
    console.log(await found.transactional(db, (tx) => found.get(tx, 'key 0')))
    await found.close(db)`
  // The limit of a file's size stands for a disk without room: the system refuses to write in the same way.
  const ended = await execute('sh', [
    '-c',
    `trap '' XFSZ; ulimit -f 8192; exec "$0" --input-type=module --eval "$1"`,
    process.execPath,
    program,
  ])
  const [failed, kept, cleared] = ended.output.split('\n')
  t.regex(failed!, /^true io_error .*\(1510\): the disk is full: make room/, ended.errors)
  t.is(kept, 'true true')
  t.is(cleared, 'undefined')
  t.is(ended.code, 0)
})

test('a file in use by another process is refused in words, and the opener may go on', async (t) => {
  const path = join(await folder(t), 'a.db')
  const db = await found.open(`file:${path}`)
  await write(db, 'a', '1')
  const ended = await run(`
    const target = ${JSON.stringify(`file:${path}`)}
    for (let round = 0; round < 2; round++) {
      try { await found.open(target); console.log('opened') }
      catch (error) { console.log(error.code, error.errno, error.message) }
    }
    const other = await found.open('memory:')
    await found.transactional(other, (tx) => found.set(tx, 'a', '1'))
    console.log('went on')`)
  const lines = ended.output.split('\n')
  t.is(lines[0], lines[1])
  t.regex(lines[0]!, /^lock_file_failure \d+ .*a\.db is open in another process.*there is no file to delete/, ended.errors)
  t.is(lines[2], 'went on')
  await found.close(db)
})
