/**
 * Setting peers up, and running one of them for one round, in a process of its own.
 */

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCluster } from './cluster.mjs'

export const here = fileURLToPath(new URL('..', import.meta.url))
const root = join(here, '..')
const targetFolder = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
const libraries = join(targetFolder, 'release')
const python = join(here, '.venv/bin/python')
const MINUTES_MAX = 5

/** Makes everything that peers need. What cannot be made is told as {kind: reason}; the peers of that kind say so. */
export function setUp() {
  const missing = {}
  const attempt = (kind, action) => {
    try {
      return action()
    } catch (error) {
      missing[kind] = String(error.stderr || error.message || error).trim().split('\n').slice(-5).join('\n')
    }
  }
  const run = (command, args, options) =>
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', ...options })

  if (!existsSync(join(root, 'index.js'))) throw new Error('found-db is not built: make build')
  attempt('js', () => {
    if (!existsSync(join(here, 'node_modules/.package-lock.json'))) {
      run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here })
    }
  })
  attempt('better-sqlite3', () => {
    // The one peer whose native part comes by a script: it fetches a build or makes one.
    if (!existsSync(join(here, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'))) {
      run('npm', ['rebuild', 'better-sqlite3'], { cwd: here })
    }
  })
  attempt('libfdb_c', () => run('cargo', ['build', '--quiet', '--release', '--package', 'libfdb-c']))
  attempt('cluster', () => run('cargo', ['build', '--quiet', '--release', '--package', 'stand-in']))
  attempt('python', () =>
    run('bash', [join(here, 'peers/reference_setup.sh')], { env: { ...process.env, LD_LIBRARY_PATH: libraries } }),
  )
  const engine = attempt('engine', () => {
    const told = run('cargo', ['bench', '--quiet', '--package', 'engine', '--bench', 'limit', '--no-run', '--message-format=json'])
    return told
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).executable)
      .findLast((executable) => executable)
  })
  return { missing, engine }
}

/**
 * Runs one peer once: {values, version} or {unavailable}. One that answers {again: true} has made its file, and is run
 * again, so that nobody is measured by the process that has just written it all.
 */
export async function runPeer(setup, suite, { peer, kind, collects }, sizes, scratch, quick) {
  const reason = setup.missing[kind] ?? setup.missing[peer] ?? (kind === 'cluster' ? setup.missing.js : undefined)
  if (reason !== undefined) return { unavailable: reason }
  if (kind === 'engine') return runEngine(setup.engine, sizes, scratch, quick)
  const job = JSON.stringify({ suite, peer, sizes, scratch })
  const [command, args] =
    kind === 'python'
      ? [python, [join(here, 'peers/reference.py'), job]]
      : [process.execPath, [...(collects ? ['--expose-gc'] : []), join(here, 'child.mjs'), job]]
  const environment = kind === 'cluster' ? makeCluster(scratch, libraries) : { PYTHONPATH: join(here, '.venv/reference') }
  const made = await answerOf(command, args, environment)
  if (!made.again) return made
  const answer = await answerOf(command, args, environment)
  return { ...answer, values: { ...made.values, ...answer.values } }
}

async function answerOf(command, args, environment) {
  const { output, ended } = await finished(command, args, environment)
  const last = output.trim().split('\n').at(-1)
  try {
    return JSON.parse(last)
  } catch {
    return { unavailable: `it ended with ${ended} and without an answer` }
  }
}

/** The engine by itself: criterion writes its estimates to files. */
async function runEngine(executable, sizes, scratch, quick) {
  const home = join(scratch, 'criterion')
  mkdirSync(home, { recursive: true })
  const args = ['--bench', '--noplot', ...(quick ? ['--warm-up-time', '0.05', '--measurement-time', '0.1'] : [])]
  const environment = { BENCH_PAIRS: String(sizes.pairs), BENCH_SCRATCH: scratch, BENCH_CLOCK: sizes.clock, CRITERION_HOME: home }
  const { ended } = await finished(executable, args, environment)
  if (ended !== 0) return { unavailable: `it ended with ${ended}` }
  const values = {}
  for (const of of ['engine memory', 'engine file', 'redb memory', 'redb file']) {
    for (const work of ['get', 'range', 'commit']) {
      const path = join(home, `${of} ${work}`.replaceAll(' ', '_'), 'new/estimates.json')
      const other = join(home, `${of} ${work}`, 'new/estimates.json')
      const file = [other, path].find(existsSync)
      if (file) values[`${of} ${work}`] = JSON.parse(readFileSync(file, 'utf8')).median.point_estimate / 1000
    }
  }
  for (const of of ['engine memory', 'engine file']) values[`${of} range`] /= 10_000
  return { values }
}

function finished(command, args, environment) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: here,
      env: { ...process.env, LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: MINUTES_MAX * 60_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.on('error', (error) => resolve({ output, ended: error.message }))
    child.on('close', (code, signal) => resolve({ output, ended: code ?? signal }))
  })
}
