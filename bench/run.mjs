/**
 * Runs the benchmark: every peer of every suite, round by round in turns, each in a process of its own; then writes
 * RESULTS.md and results.json.
 *
 *   node run.mjs [--quick] [--only SUITE,...] [--rounds N] [--into FOLDER]
 *
 * `--quick` runs small sizes once and writes nothing unless told where to: it shows that everything works, and fails if
 * a peer does not run or a row has no value.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load, machine } from './lib/machine.mjs'
import { here, runPeer, setUp } from './lib/peers.mjs'
import { SIZES, SUITES } from './lib/plan.mjs'
import { judgeAll, markdown } from './lib/report.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    into: { type: 'string' },
  },
})
const only = options.only?.split(',')
const suites = SUITES.filter(({ name }) => only === undefined || only.includes(name))
const sizes = SIZES[options.quick ? 'quick' : 'full']
const scratch = join(here, '.scratch')

rmSync(scratch, { recursive: true, force: true })
mkdirSync(scratch)
const begun = performance.now()
const setup = setUp()

/** Lists of values by suite/peer/value, one for each round. */
const rounds = {}
const versions = {}
const unavailable = []
const loads = []

for (const suite of suites) {
  const wanted = Number(options.rounds ?? (options.quick ? 1 : suite.rounds))
  const before = []
  for (let round = 0; round < wanted; round++) {
    before.push(load())
    // The first round has the order of the plan, as some read what others write; then each goes first in turn.
    const first = round % suite.peers.length
    for (const entry of [...suite.peers.slice(first), ...suite.peers.slice(0, first)]) {
      process.stderr.write(`${suite.name} ${round + 1}/${wanted}: ${entry.peer}\n`)
      const answer = await runPeer(setup, suite.name, entry, sizes, scratch, options.quick)
      if (answer.unavailable !== undefined) {
        unavailable.push({ suite: suite.name, peer: entry.peer, round, reason: answer.unavailable })
        process.stderr.write(`  not available: ${answer.unavailable}\n`)
        continue
      }
      if (answer.version !== undefined) versions[entry.peer.replace(/ file$/, '')] = answer.version
      for (const [name, value] of Object.entries(answer.values)) {
        ;(rounds[`${suite.name}/${entry.peer}/${name}`] ??= []).push(value)
      }
    }
  }
  loads.push({ suite: suite.name, before })
}

const results = {
  date: new Date().toISOString().slice(0, 10),
  machine: machine(scratch),
  quick: options.quick,
  sizes,
  versions,
  unavailable,
  loads,
  seconds: Math.round((performance.now() - begun) / 1000),
  judged: judgeAll(rounds),
}
rmSync(scratch, { recursive: true, force: true })

const text = markdown(results)
console.log(text)
const into = options.into ?? (options.quick || only ? undefined : here)
if (into !== undefined) {
  writeFileSync(join(into, 'RESULTS.md'), text)
  writeFileSync(join(into, 'results.json'), `${JSON.stringify(results, undefined, 1)}\n`)
}
const unmeasured = results.judged.flatMap(({ targets }) => targets).filter(({ verdict }) => verdict === 'not measured')
if (options.quick && unavailable.length + unmeasured.length > 0) process.exitCode = 1
