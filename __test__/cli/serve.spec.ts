// `found serve`: that it serves. What it serves is tested in explorer/test.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import test from 'ava'

import { folder } from '../support.js'
import { COMMAND, fill, runFound } from './support.js'

const posix = process.platform === 'win32' ? test.skip : test

posix('serve prints an address, serves the page there, and ends with Ctrl-C', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  await fill(target, [['hello', 'world']])
  const child = spawn(process.execPath, [COMMAND, 'serve', target], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.on('close', resolve))
  const first = async (lines: NodeJS.ReadableStream): Promise<string> => {
    for await (const line of createInterface({ input: lines })) return line
    return ''
  }
  const [url, said] = await Promise.all([first(child.stdout), first(child.stderr)])
  t.regex(url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
  t.is(said, 'found: read only; Ctrl-C ends it')
  const opened = await fetch(url, { redirect: 'manual' })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await fetch(new URL('/', url), { headers: { cookie } })
  t.regex(await page.text(), /<div id="app">/)
  child.kill('SIGINT')
  t.is(await ended, 0)
})

test('serve refuses a port that is none, and a file that is not there', async (t) => {
  const target = `file:${join(await folder(t), 'none.db')}`
  for (const port of ['x', '-1', '65536', '1.5']) {
    const { code, errors } = await runFound(['serve', target, '--port', port])
    t.is(code, 2, port)
    t.regex(errors, /--port/)
  }
  const { code, errors } = await runFound(['serve', target])
  t.is(code, 1)
  t.regex(errors, /there is no database file/)
})

test('what is bundled is under licences that are told', (t) => {
  const licences = readFileSync(new URL('../../dist/explorer/THIRD_PARTY_LICENSES.txt', import.meta.url), 'utf8')
  for (const name of ['fastify', 'preact', 'd3-force', 'abstract-logging']) t.regex(licences, new RegExp(`\\n${name} \\d[^]*`), name)
})
