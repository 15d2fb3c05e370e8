// What a process sees of libfdb_c: when it is loaded, which options it gets, how it ends.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const library = process.env.FDB_CLIENT_LIB
const folder = process.env.FOUND_TEST_CLUSTERS
const cluster = join(folder, 'loading.cluster')
writeFileSync(cluster, 'memory:')

/** Runs a program in a process of its own, and gives how it ended. */
function run(program, environment = {}) {
  const source = `
    import * as found from ${JSON.stringify(new URL('../../index.js', import.meta.url).href)}
    const cluster = ${JSON.stringify(cluster)}
    ${program}`
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '--eval', source],
      { env: { ...process.env, ...environment }, timeout: 60_000 },
      (_error, output, errors) => resolve({ code: child.exitCode, output: output.trim(), errors }),
    )
  })
}

const works = `
  const value = await found.transactional(db, (tx) => (found.set(tx, 'a', 'b'), found.get(tx, 'a')))
  console.log(String(value))`

test('a cluster file opens the library that FDB_CLIENT_LIB names', async () => {
  const ended = await run(`const db = await found.open(cluster)\n${works}`)
  assert.deepEqual(ended, { code: 0, output: 'b', errors: '' })
})

test('the option external_client_library comes first', async () => {
  const program = `
    found.networkSetOption('external_client_library', ${JSON.stringify(library)})
    const db = await found.open(cluster)
    ${works}`
  const ended = await run(program, { FDB_CLIENT_LIB: '/no/such/library' })
  assert.deepEqual(ended, { code: 0, output: 'b', errors: '' })
})

test('an embedded database needs no library, a cluster says which it tried', async () => {
  const program = `
    const db = await found.open('memory:')
    ${works}
    await found.open(cluster).catch((error) => console.log(error.errno, error.message))`
  const ended = await run(program, { FDB_CLIENT_LIB: '/no/such/library' })
  assert.match(ended.output, /^b\n2123 .*FDB_CLIENT_LIB.*\(\/no\/such\/library: .+/)
})

test('network options go to the library when the first cluster is opened, and come too late afterwards', async () => {
  const good = await run(`
    found.networkSetOption('trace_log_group', 'group')
    const db = await found.open(cluster)
    ${works}
    try { found.networkSetOption('trace_log_group', 'group') } catch (error) { console.log(error.code) }`)
  assert.deepEqual(good, { code: 0, output: 'b\nnetwork_already_setup', errors: '' })
  const bad = await run(`
    found.networkSetOption('trace_format', 'no such format')
    await found.open(cluster).catch((error) => console.log(error.code, error.message))`)
  assert.match(bad.output, /^invalid_option_value .*trace_format/)
})

test('embedded databases and clusters are open side by side', async () => {
  const ended = await run(`
    const [embedded, db] = await Promise.all([found.open('memory:'), found.open(cluster)])
    await found.transactional(embedded, (tx) => found.set(tx, 'a', 'embedded'))
    ${works}
    console.log(String(await found.transactional(embedded, (tx) => found.get(tx, 'a'))))`)
  assert.deepEqual(ended, { code: 0, output: 'b\nembedded', errors: '' })
})

test('hooks run when the network has ended, which is at the end of the process', async () => {
  const ended = await run(`
    found.addNetworkThreadCompletionHook(() => console.log('ended'))
    const db = await found.open(cluster)
    ${works}
    process.on('exit', () => console.log('exit'))`)
  assert.equal(ended.code, 0)
  assert.deepEqual(ended.output.split('\n').sort(), ['b', 'ended', 'exit'])
})

test('a process ends with reads and a watch under way', async () => {
  const ended = await run(`
    const db = await found.open(cluster)
    const watch = await found.transactional(db, (tx) => found.watch(tx, 'a'))
    watch.changed.catch(() => {})
    for (let index = 0; index < 100; index++) found.transactional(db, (tx) => found.get(tx, 'a')).catch(() => {})
    ${works}
    process.exit(0)`)
  assert.deepEqual(ended, { code: 0, output: 'b', errors: '' })
})
