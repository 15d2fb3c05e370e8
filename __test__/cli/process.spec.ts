// The command as it is published, bundled, in a process of its own: each command once, and how a process ends.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import test from 'ava'

import { pack, type Bytes } from '../../index.js'
import { fakeCluster } from '../fake_cluster.js'
import { execute, folder } from '../support.js'
import { COMMAND, fill, growsTo, spawnFound } from './support.js'

const posix = process.platform === 'win32' ? test.skip : test

test('each command, one after the other on one file', async (t) => {
  const home = await folder(t)
  const target = `file:${join(home, 'a.db')}`
  const file = join(home, 'a.found')
  const steps: [args: string[], code: number, output: RegExp, errors: RegExp][] = [
    [['--version'], 0, /^found \d/, /^$/],
    [['set', target, "('user', 1)", 'Ada'], 0, /^$/, /^$/],
    [['get', target, "('user', 1)"], 0, /^Ada\n$/, /^$/],
    [['get', target, 'nope'], 3, /^$/, /^not found: nope\n$/],
    [['range', target, '--json'], 0, /^\{"key":"\('user', 1\)","value":"Ada"\}\n$/, /^$/],
    [['count', target], 0, /^1\n$/, /^$/],
    [['size', target, '--exact'], 0, /^11\n$/, /^$/],
    [['export', target, file], 0, /^$/, /^exported 1 row \(11 bytes\) to /],
    [['verify', file], 0, / is whole: 1 row, 11 bytes of keys and values\n$/, /^$/],
    [['clear', target, '--all', '--yes'], 0, /^$/, /^$/],
    [['import', target, file], 0, /^$/, /^imported 1 row \(11 bytes\) in /],
    [
      [target, '--exec', "getrange ('user',); nope"],
      1,
      /^\('user', 1\) = Ada\n$/,
      /^found: line 1: there is no command nope/,
    ],
    [['clear', target, '--all'], 2, /^$/, /^found: --yes: /],
  ]
  for (const [args, code, output, errors] of steps) {
    const ran = await spawnFound(args)
    t.is(ran.code, code, args.join(' '))
    t.regex(ran.output, output)
    t.regex(ran.errors, errors)
  }
  t.regex(
    readFileSync(new URL('../../dist/THIRD_PARTY_LICENSES.txt', import.meta.url), 'utf8'),
    /\ncommander \d[^]*MIT License/,
  )
})

posix('who reads the output may leave early', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  const rows = Array.from({ length: 20_000 }, (_, index): [Bytes, Bytes] => [pack(['row', index]), 'v'.repeat(50)])
  await fill(target, rows)
  const ended = await execute('sh', [
    '-c',
    `"${process.execPath}" "${COMMAND}" range "$0" | head -n 1; echo done`,
    target,
  ])
  t.deepEqual([ended.output, ended.errors], [`('row', 0) = ${'v'.repeat(50)}\ndone`, ''])
})

posix('Ctrl-C ends an import with 130, and tells how to go on', async (t) => {
  const to = join(await folder(t), 'to.db')
  const child = spawn(process.execPath, [COMMAND, 'import', `file:${to}`, '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.on('error', () => {})
  const errors: Buffer[] = []
  child.stderr.on('data', (part: Buffer) => errors.push(part))
  const code = new Promise((resolve) => child.on('close', resolve))
  const value = Buffer.alloc(1000, 'v').toString()
  for (let index = 0; index < 3000; index++)
    child.stdin.write(`${JSON.stringify({ key: `('row', ${index})`, value })}\n`)
  await growsTo(to, 1_000_000)
  child.kill('SIGINT')
  t.is(await code, 130)
  t.regex(Buffer.concat(errors).toString(), /^found: interrupted after [\d,]+ rows: go on with --resume\n$/)
})

posix('Ctrl-C ends what waits for input with 130', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  for (const args of [[target], ['set', target, 'a', '--from', '-'], ['verify', '-']]) {
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    child.stderr.on('data', (part: Buffer) => said.push(part))
    const code = new Promise((resolve) => child.on('close', resolve))
    if (args.length === 1) {
      child.stdin.write('get a\n')
      await once(child.stdout, 'data')
    } else await new Promise((resolve) => child.stdin.write(Buffer.alloc(1 << 20), resolve))
    child.kill('SIGINT')
    t.is(await code, 130, args.join(' '))
    t.regex(Buffer.concat(said).toString(), /found: interrupted\n$/)
  }
})

posix('a cluster that does not answer: given up after --timeout, and at Ctrl-C', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const late = await spawnFound(['get', file, 'a', '--timeout', '0.2'], { environment })
  t.is(late.code, 1)
  t.regex(late.errors, /^found: .*\(1031\)/)
  t.true(late.errors.includes(file))
  const child = spawn(process.execPath, [COMMAND, 'range', file], { env: { ...process.env, ...environment } })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const said: Buffer[] = []
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (part: Buffer) => {
      said.push(part)
      if (Buffer.concat(said).includes('no answer from the cluster yet; Ctrl-C ends')) resolve()
    })
  })
  // Once: a second one ends the process at once, without an exit code.
  child.kill('SIGINT')
  t.is(await closed, 130)
  t.regex(Buffer.concat(said).toString(), /\nfound: interrupted\n$/)
})
