// Histories of concurrent transactions, judged: see `run.mjs`. With failures by chance (FoundationDB's client buggify)
// commits are refused, get lost, or happen without an answer.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { anyCycle, cycleOfOneRw, edgesOf } from './cycles.mjs'

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url))
const FAILURES = {
  FDB_NETWORK_OPTION_CLIENT_BUGGIFY_ENABLE: '',
  FDB_NETWORK_OPTION_CLIENT_BUGGIFY_SECTION_ACTIVATED_PROBABILITY: '100',
  FDB_NETWORK_OPTION_CLIENT_BUGGIFY_SECTION_FIRED_PROBABILITY: '5',
}

/** Kind, mode, and whether with failures. */
const HISTORIES = [
  ['append', 'serializable', false],
  ['append', 'serializable', true],
  ['append', 'snapshot', false],
  ['register', 'serializable', false],
  ['register', 'serializable', true],
  ['bank', 'serializable', false],
  ['bank', 'serializable', true],
  ['skew', 'serializable', false],
  ['skew', 'snapshot', false],
  ['count', 'serializable', true],
  ['count', 'plain', true],
  ['stores', 'serializable', true],
]

/** `rounds` is the number of transactions of each client; there are sixteen. */
export async function isolation({ rounds, seed, report }) {
  await report('the judge knows good from bad', judgeTheJudge)
  const summaries = []
  for (const [kind, mode, failures] of HISTORIES) {
    const name = `${kind}, ${mode}${failures ? ', with failures' : ''}`
    await report(`${name}, seed ${seed}`, async () => {
      const { output, code } = await run([kind, mode, String(seed), String(rounds)], failures ? FAILURES : {})
      if (code !== 0) throw new Error(output)
      summaries.push(`\n  ${name}: ${output.trim()}`)
    })
  }
  return summaries.join('')
}

function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RUN, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', reject)
    child.on('close', (code) => resolve({ output, code }))
  })
}

/** Small histories whose faults are known. */
function judgeTheJudge() {
  const of = (...list) => list.map((ops, index) => ({ id: index, status: 'ok', begun: 0, done: 9, ops }))
  const finals = new Map([
    ['x', [1]],
    ['y', [2]],
  ])
  const expect = (holds, what) => {
    if (!holds) throw new Error(what)
  }
  const skew = of([['read', 'y', []], ['append', 'x', 1]], [['read', 'x', []], ['append', 'y', 2]])
  const skewed = edgesOf(skew, finals)
  expect(anyCycle(skew, skewed) !== undefined, 'write skew not found')
  expect(cycleOfOneRw(skew, skewed) === undefined, 'write skew is allowed with snapshots')
  const torn = of([['append', 'x', 1], ['append', 'y', 2]], [['read', 'x', [1]], ['read', 'y', []]])
  expect(cycleOfOneRw(torn, edgesOf(torn, finals)) !== undefined, 'a torn read not found')
  const fine = of([['append', 'x', 1], ['append', 'y', 2]], [['read', 'x', [1]], ['read', 'y', [2]]])
  expect(anyCycle(fine, edgesOf(fine, finals)) === undefined, 'a good history refused')
  const stale = of([['append', 'x', 1], ['append', 'y', 2]], [['read', 'x', []]])
  Object.assign(stale[0], { begun: 0, done: 1 })
  Object.assign(stale[1], { begun: 2, done: 3 })
  expect(anyCycle(stale, edgesOf(stale, finals)) !== undefined, 'a stale read not found')
  const lost = of([['append', 'x', 7]])
  let found = false
  try {
    edgesOf(lost, finals)
  } catch {
    found = true
  }
  expect(found, 'a lost append not found')
}
