// The shell at a terminal: completion, history, Ctrl-C. Most of it with streams that stand for one, once with a real
// one.

import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import test, { type ExecutionContext } from 'ava'
import picocolors from 'picocolors'

import type { Context } from '../../cli/context.js'
import { complete } from '../../cli/shell/completer.js'
import { runInteractive } from '../../cli/shell/interactive.js'
import { Session } from '../../cli/shell/session.js'
import { close, Double, open, pack, set, transactional, type Bytes, type Database } from '../../index.js'
import { folder, memory, read } from '../support.js'
import { COMMAND } from './support.js'

async function withRows(t: ExecutionContext, keys: readonly Bytes[]): Promise<Session> {
  const db = await memory(t)
  await transactional(db, (tx) => {
    for (const key of keys) set(tx, key, '')
  })
  return new Session(db, 'memory:', false, new AbortController().signal)
}

/** A terminal that a test types at. */
class Terminal {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true as const })
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true as const, columns: 80 })
  #shown = ''
  #look: (() => void) | undefined

  constructor() {
    this.stdout.on('data', (part: Buffer) => {
      this.#shown += part.toString()
      this.#look?.()
    })
  }

  /** Types keys one by one, as a person does: what comes at once is taken for pasted, and not completed. */
  async type(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.stdin.write(key)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Waits until something is shown, and forgets what was shown up to it. */
  async sees(text: string): Promise<void> {
    while (!this.#shown.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
    this.#shown = this.#shown.slice(this.#shown.indexOf(text) + text.length)
  }
}

/** A shell at such a terminal; `ended` is how it ends. */
function shellAt(terminal: Terminal, db: Database, state: string): Promise<void> {
  const { signal } = new AbortController()
  const context = {
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    stderr: terminal.stdout,
    environment: { XDG_STATE_HOME: state },
    signal,
    colours: picocolors.createColors(false),
  } as unknown as Context
  return runInteractive(context, new Session(db, 'test', false, signal))
}

test('completes commands, words of commands, options and topics', async (t) => {
  const session = await withRows(t, [])
  t.deepEqual(await complete(session, 'getr'), [['getrange ', 'getrangekeys '], 'getr'])
  t.deepEqual(await complete(session, 'get a; wri'), [['writemode '], 'wri'])
  t.deepEqual(await complete(session, 'writemode '), [['on ', 'off '], ''])
  t.deepEqual(await complete(session, 'option on retry'), [['retry_limit '], 'retry'])
  t.deepEqual(await complete(session, 'help optio'), [['option ', 'options '], 'optio'])
  t.deepEqual(await complete(session, 'getkey g'), [['gt ', 'gte '], 'g'])
  t.deepEqual(await complete(session, 'set a b'), [[], 'b'])
  t.deepEqual(await complete(session, 'nope a'), [[], 'a'])
  t.deepEqual((await complete(session, '# ge'))[0], [])
})

test('completes keys: tuples item by item, others whole', async (t) => {
  const session = await withRows(t, [
    pack(['user', 1, 'name']),
    pack(['user', 1, 'born']),
    pack(['user', 12]),
    pack(['user', 12, 'name']),
    pack(['user', 2]),
    pack(['user', 'Ada']),
    pack(['user', 'Alan']),
    pack(['user', "it's"]),
    pack(['user', new Double(2)]),
    pack(['zoo', null, true]),
    'hello',
    'hello world',
    Buffer.from([0, 1]),
    '(raw',
  ])
  const candidates = async (line: string): Promise<string[]> => (await complete(session, line))[0]
  t.deepEqual(await candidates('get '), [
    '\\x00\\x01 ',
    "('user', ",
    "('zoo', ",
    '\\x28raw ',
    'hello ',
    '"hello world" ',
  ])
  t.deepEqual(await candidates('get ('), ["('user', ", "('zoo', "])
  t.deepEqual(await candidates("get ('u"), ["('user', "])
  t.deepEqual(await candidates('get ("u'), ["('user', "])
  t.deepEqual(await candidates("get ('user', 1"), ["('user', 1, ", "('user', 12) ", "('user', 12, "])
  t.deepEqual(await candidates("get ('user', 'A"), ["('user', 'Ada') ", "('user', 'Alan') "])
  t.deepEqual(await candidates("get ('user', 'i"), ["('user', 'it\\'s') "])
  t.deepEqual(await candidates("get ('user',2"), ["('user', 2) ", "('user', 2.0) "])
  t.deepEqual(await candidates("get ('user', 1, "), ["('user', 1, 'born') ", "('user', 1, 'name') "])
  t.deepEqual(await candidates("get ('zoo', null, t"), ["('zoo', null, true) "])
  t.deepEqual(await candidates('get hel'), ['hello ', '"hello world" '])
  t.deepEqual(await candidates('get "hello '), ['"hello world" '])
  t.deepEqual(await candidates('get \\x00'), ['\\x00\\x01 '])
  for (const nothing of ["get ('none', ", "get ('user')x", 'get \\q', "get ('user', nope"])
    t.deepEqual(await candidates(nothing), [], nothing)
})

test('of many keys only some are read, the last of them too', async (t) => {
  const keys = Array.from({ length: 500 }, (_, index) => pack(['n', index]))
  const session = await withRows(t, [...keys, pack(['o'])])
  const [candidates] = await complete(session, "get ('n', ")
  t.is(candidates.length, 101)
  t.is(candidates.at(-1), "('n', 499) ")
})

test('a session: lines, completion, history, an error, Ctrl-C', async (t) => {
  const state = await folder(t)
  const db = await memory(t, { hello: 'world' })
  const terminal = new Terminal()
  const ended = shellAt(terminal, db, state)
  await terminal.sees('found> ')
  await terminal.type('get he', '\t')
  await terminal.sees('llo')
  await terminal.type('\r')
  await terminal.sees('\nworld')
  await terminal.type('gett\r')
  await terminal.sees('did you mean get?')
  await terminal.type('begin\r')
  await terminal.sees('found*> ')
  await terminal.type('rollback\r')
  await terminal.sees('found> ')
  await terminal.type(' set secret 1\r')
  await terminal.sees('committed at version')
  await terminal.type('\x1b[A', '\x1b[A', '\r')
  await terminal.sees('no transaction is open')
  await terminal.type('set never typed', '\x03')
  await terminal.sees('^C')
  await terminal.type('watch hello\r')
  await terminal.sees('\nworld')
  await terminal.type('\x03')
  await terminal.sees('(interrupted)')
  await terminal.type('begin; set a 1\r')
  await terminal.sees('found*> ')
  await terminal.type('\x04')
  await terminal.sees('the open transaction was not committed')
  await ended
  t.is(await read(db, 'a'), undefined)
  t.is(await read(db, 'secret'), '1')
  const history = join(state, 'found', 'history')
  t.is(readFileSync(history, 'utf8'), 'get hello \ngett\nbegin\nrollback\nwatch hello\nbegin; set a 1\n')
  if (process.platform !== 'win32') t.is(statSync(history).mode & 0o777, 0o600)

  const another = new Terminal()
  const again = shellAt(another, db, state)
  await another.sees('found> ')
  await another.type('\x1b[A', '\x1b[A', '\r')
  await another.sees('\nworld')
  await another.type('\x03', 'exit\r')
  await again
})

/** Whether there is a program `script` as of util-linux, which runs another one at a terminal of its own. */
function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'util-linux',
    )
  } catch {
    return false
  }
}

const atTerminal = hasScript() ? test : test.skip
/** Runs a line of a shell at a terminal. Each text is typed when what it answers is seen. */
function runAtTerminal(
  line: string,
  answers: readonly [seen: string, typed: string][],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { NO_COLOR, FORCE_COLOR, CI, ...env } = process.env
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { ...env, TERM: 'xterm', ...environment },
    timeout: 60_000,
  })
  const waiting = [...answers]
  let shown = ''
  let at = 0
  child.stdout.on('data', (part: Buffer) => {
    shown += part.toString()
    const next = waiting[0]
    if (next === undefined || !shown.slice(at).includes(next[0])) return
    at = shown.length
    waiting.shift()
    child.stdin.write(next[1])
  })
  return new Promise((resolve) => {
    child.on('close', () => {
      child.stdin.destroy()
      resolve(shown)
    })
  })
}

atTerminal('at a real terminal: colours, the prompt, and a question before a range is cleared', async (t) => {
  const home = await folder(t)
  const target = `file:${join(home, 'a.db')}`
  const db = await open(target)
  await transactional(db, (tx) => set(tx, 'hello', 'world'))
  await close(db)
  const command = `'${process.execPath}' '${COMMAND}'`
  const state = { XDG_STATE_HOME: home }
  const shell = await runAtTerminal(
    `${command} '${target}'`,
    [
      ['found> ', 'getrange ""\r'],
      ['found> ', 'exit\r'],
    ],
    state,
  )
  t.true(shell.includes('\x1b[36mhello\x1b[39m'))
  t.false((await runAtTerminal(`${command} range '${target}'`, [], { NO_COLOR: '1' })).includes('\x1b'))
  const clear = `${command} clear '${target}' --prefix h; echo "ended $?"; ${command} count '${target}'`
  const question = 'Clear the keys that begin with h (about'
  t.regex(await runAtTerminal(clear, [[question, 'n\r']], state), /nothing was cleared\r\nended 1\r\n1\r\n$/)
  t.regex(
    await runAtTerminal(clear, [[question, '\x04']], state),
    /\nfound: nothing was cleared\r\n[^]*ended 1\r\n1\r\n$/,
  )
  t.regex(await runAtTerminal(clear, [[question, '\x03']], state), /found: interrupted\r\n[^]*ended 130\r\n1\r\n$/)
  t.regex(await runAtTerminal(clear, [[question, 'y\r']], state), /ended 0\r\n0\r\n$/)
})
