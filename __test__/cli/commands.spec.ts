// The commands for scripts. These run on a cluster's path too.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import test, { type ExecutionContext } from 'ava'

import { pack, type Bytes } from '../../index.js'
import { folder, target } from '../support.js'
import { fill, rowsOf, runFound } from './support.js'

/** A database with some rows. */
async function database(t: ExecutionContext, rows: [Bytes, Bytes][] = []): Promise<string> {
  const db = target(`file:${join(await folder(t), 'a.db')}`)
  await fill(db, rows)
  return db
}

const people: [Bytes, Bytes][] = [
  [pack(['user', 1]), 'Ada'],
  [pack(['user', 2]), 'Alan'],
  [pack(['user', 2, 'born']), pack([1912])],
  ['user', 'text'],
  ['zero', Buffer.of(0, 255)],
]

test('set and get: tuples, forms, raw bytes in and out', async (t) => {
  const db = await database(t)
  const path = join(await folder(t), 'bytes')
  const bytes = Buffer.from([0, 1, 10, 255])
  writeFileSync(path, bytes)
  const runs = await Promise.all([runFound(['set', target('memory:'), 'a', 'b']), runFound(['set', '--help'])])
  t.deepEqual(
    runs.map(({ code }) => code),
    [0, 0],
  )
  for (const args of [
    ["('user', 42)", 'Ada'],
    ['--values', 'int', '--', 'n', '-2/4'],
    ['6b', 'v', '--keys', 'hex'],
    ['file', '--from', path],
  ]) {
    t.deepEqual(await runFound(['set', db, ...args]), { code: 0, output: '', errors: '', bytes: Buffer.alloc(0) })
  }
  t.is((await runFound(['set', db, 'stdin', '--from', '-'], { input: bytes })).code, 0)
  t.deepEqual(await rowsOf(db), [
    [pack(['user', 42]), Buffer.from('Ada')],
    [Buffer.from('file'), bytes],
    [Buffer.from('k'), Buffer.from('v')],
    [Buffer.from('n'), Buffer.from('feffffff', 'hex')],
    [Buffer.from('stdin'), bytes],
  ])
  t.is((await runFound(['get', db, 'n', '--values', 'int'])).output, '-2/4\n')
  t.deepEqual((await runFound(['get', db, 'file', '--raw'])).bytes, bytes)
})

test('get: several keys, JSON, and what is not there', async (t) => {
  const db = await database(t, people)
  const several = await runFound(['get', db, "('user', 1)", "('user', 2, 'born')", 'nope'])
  t.is(several.output, "('user', 1) = Ada\n('user', 2, 'born') = (1912,)\n")
  t.is(several.errors, 'not found: nope\n')
  t.is(several.code, 3)
  const json = await runFound(['get', db, 'zero', 'nope', '--json', '--values', 'base64'])
  t.is(json.output, '{"key":"zero","value_base64":"AP8="}\n{"key":"nope","value":null}\n')
  const wrong = await runFound(['get', db, 'zero', '--values', 'utf8'])
  t.deepEqual([wrong.code, wrong.errors], [1, 'found: the value is not UTF-8: \\x00\\xff\n'])
})

test('range: the whole, a prefix, bounds, limit and direction, keys only, JSON', async (t) => {
  const db = await database(t, people)
  const output = async (...args: string[]): Promise<string> => (await runFound(['range', db, ...args])).output
  t.is(
    await output(),
    "('user', 1) = Ada\n('user', 2) = Alan\n('user', 2, 'born') = (1912,)\nuser = text\nzero = \\x00\\xff\n",
  )
  t.is(await output('--prefix', "('user', 2)", '--keys-only'), "('user', 2)\n('user', 2, 'born')\n")
  t.is(await output('--begin', 'u', '--limit', '1', '--reverse'), 'zero = \\x00\\xff\n')
  t.is(await output('--end', 'u', '--json', '--limit', '1'), '{"key":"(\'user\', 1)","value":"Ada"}\n')
})

test('count and size', async (t) => {
  const db = await database(t, people)
  t.is((await runFound(['count', db])).output, '5\n')
  t.is((await runFound(['count', db, '--prefix', "('user',)", '--json'])).output, '{"keys":3,"bytes":40}\n')
  t.is((await runFound(['size', db, '--prefix', 'zero', '--exact'])).output, '6\n')
  t.regex((await runFound(['size', db, '--json'])).output, /^\{"bytes":\d+\}\n$/)
})

test('clear: keys at once, a range only with --yes where nobody can be asked', async (t) => {
  const db = await database(t, people)
  const refused = await runFound(['clear', db, '--prefix', "('user', 2)"])
  t.is(refused.code, 2)
  t.regex(refused.errors, /^found: --yes: a range is cleared without asking only with this option/)
  t.is((await rowsOf(db)).length, 5)
  t.is((await runFound(['clear', db, '--prefix', "('user', 2)", '--yes'])).code, 0)
  t.is((await runFound(['clear', db, 'zero', 'nope'])).code, 0)
  t.deepEqual(await rowsOf(db), [
    [pack(['user', 1]), Buffer.from('Ada')],
    [Buffer.from('user'), Buffer.from('text')],
  ])
  t.is((await runFound(['clear', db])).code, 2)
  t.is((await runFound(['clear', db, '--all', '--yes'])).code, 0)
  t.deepEqual(await rowsOf(db), [])
})

test('a wrong command line: code 2, a message that names what is wrong, nothing done', async (t) => {
  const path = join(await folder(t), 'none.db')
  const wrong: [string[], RegExp][] = [
    [['gett', `file:${path}`, 'a'], /^found: there is no command gett; did you mean found get\?\n$/],
    [['exprot'], /^found: there is no command exprot; did you mean found export\?\n$/],
    [['frobnicate', `file:${path}`, 'a'], /^found: there is no command frobnicate; found --help lists the commands\n$/],
    [['get', `file:${path}`], /^found: missing required argument 'KEY'\n/],
    [['set', `file:${path}`, '(a)', 'b'], /^found: KEY: a is no item; a text is written in quotes, such as 'a'/],
    [
      ['set', `file:${path}`, 'a', 'b', '--values', 'octal'],
      /argument 'octal' is invalid\. Allowed choices are text, utf8/,
    ],
    [['set', `file:${path}`, 'a'], /^found: VALUE: expected a value, or --from FILE\n/],
    [['range', `file:${path}`, '--limit', '-1'], /expected a whole number/],
    [['range', `file:${path}`, '--prefix', 'a', '--end', 'b'], /^found: --prefix: not together with/],
    [['range', `file:${path}`, '--begin', 'b', '--end', 'a'], /^found: --begin: comes after --end\n/],
    [['range', `file:${path}`, '--nope'], /^found: unknown option '--nope'/],
    [['get', '', 'a'], /^found: DATABASE: is empty/],
  ]
  const ran = await Promise.all(wrong.map(([args]) => runFound(args)))
  for (const [index, [args, message]] of wrong.entries()) {
    t.is(ran[index]?.code, 2, args.join(' '))
    t.regex(ran[index]?.errors ?? '', message)
    t.is(ran[index]?.output, '')
  }
  t.false(existsSync(path))
})

test('a database that cannot be opened: code 1 and no stack', async (t) => {
  const path = join(await folder(t), 'none.db')
  const [absent, cluster, folderLess] = await Promise.all([
    runFound(['get', `file:${path}`, 'a']),
    runFound(['count', join(path, 'fdb.cluster')]),
    runFound(['set', `file:${join(path, 'a.db')}`, 'a', 'b']),
  ])
  t.deepEqual([absent.code, cluster.code, folderLess.code], [1, 1, 1])
  t.is(absent.errors, `found: there is no database file ${path}; found set, found import and the shell make one\n`)
  t.regex(cluster.errors, /^found: the cluster file .* does not exist; to use an embedded database/)
  t.regex(folderLess.errors, /^found: .* cannot be made: make the directory .* first\n$/)
})

test('help: of all, and of each command with examples', async (t) => {
  const [none, help, version] = await Promise.all([runFound([]), runFound(['--help']), runFound(['--version'])])
  t.deepEqual([none.code, help.code, version.code], [0, 0, 0])
  t.is(none.output, help.output)
  const { version: expected } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  t.regex(version.output, new RegExp(`^found ${expected} \\(FoundationDB client 7\\.3\\.\\d+\\)\\n$`))
  const commands = [...help.output.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)]
    .map(([, name]) => name as string)
    .filter((name) => name !== 'help')
  const shown = await Promise.all(commands.map((name) => runFound(['help', name])))
  t.true(commands.length >= 10)
  for (const [index, { code, output }] of shown.entries()) {
    t.is(code, 0)
    t.regex(output, /\nExamples:\n {2}(.* \| )?found /, commands[index])
  }
})
