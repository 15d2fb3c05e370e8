/**
 * Runs the benchmark: every peer of every suite, round by round in turns, each in a process of its own; then writes
 * RESULTS.md and results.json.
 *
 *   node run.mjs [--quick] [--only SUITE,...] [--rounds N] [--minutes N] [--clock processor] [--into FOLDER]
 *
 * With `--minutes` no further round of a suite is begun after so many; each suite has one at least.
 * With `--clock processor` what waits for nothing is measured in processor time, for a machine that others use as well.
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
    minutes: { type: 'string' },
    clock: { type: 'string', default: 'wall' },
    into: { type: 'string' },
  },
})
const only = options.only?.split(',')
const suites = SUITES.filter(({ name }) => only === undefined || only.includes(name))
const sizes = { ...SIZES[options.quick ? 'quick' : 'full'], clock: options.clock }
// A transaction can read for 5 s on the wall, however little of it one has the processor.
if (options.clock === 'processor') sizes.stretch = Math.min(sizes.stretch, 200)
// One's own: two runs at a time do not disturb each other's files.
const scratch = join(here, `.scratch/${process.pid}`)

rmSync(scratch, { recursive: true, force: true })
mkdirSync(scratch, { recursive: true })
const begun = performance.now()
const setup = setUp()

/** Lists of values by suite/peer/value, one for each round. */
const rounds = {}
const versions = {}
const unavailable = []
const loads = []
let results

/** How many rounds of a suite are wanted. */
const wanted = (suite) => Number(options.rounds ?? (options.quick ? 1 : suite.rounds))
const minutes = () => (performance.now() - begun) / 60_000
const limit = Number(options.minutes ?? Infinity)

// Rounds are the outer loop, so that they lie far apart, and each suite has its share when time runs out.
for (let round = 0; round < Math.max(...suites.map(wanted)); round++) {
  for (const suite of suites) {
    if (round >= wanted(suite) || (round > 0 && minutes() > limit)) continue
    const before = load()
    loads.push({ suite: suite.name, round: round + 1, before })
    // The first round has the order of the plan, as some read what others write; then each goes first in turn.
    const first = round % suite.peers.length
    for (const entry of [...suite.peers.slice(first), ...suite.peers.slice(0, first)]) {
      process.stderr.write(`${minutes().toFixed(1)} min, load ${load()}: round ${round + 1} of ${suite.name}: ${entry.peer}\n`)
      const answer = await runPeer(setup, suite.name, entry, sizes, scratch, options.quick)
      if (answer.unavailable !== undefined) {
        unavailable.push({ suite: suite.name, peer: entry.peer, round: round + 1, reason: answer.unavailable })
        process.stderr.write(`  not available: ${answer.unavailable}\n`)
      } else {
        keep(suite.name, entry.peer, answer)
      }
    }
    write()
  }
}
rmSync(scratch, { recursive: true, force: true })

function keep(suite, peer, { version, values }) {
  if (version !== undefined) versions[peer.replace(/ file$/, '')] = version
  for (const [name, value] of Object.entries(values)) (rounds[`${suite}/${peer}/${name}`] ??= []).push(value)
}

/** Judges what there is so far, and writes it. */
function write() {
  results = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(scratch),
    quick: options.quick,
    sizes,
    versions,
    unavailable,
    loads,
    seconds: Math.round(minutes() * 60),
    judged: judgeAll(rounds),
  }
  const into = options.into ?? (options.quick || only ? undefined : here)
  if (into === undefined) return
  writeFileSync(join(into, 'RESULTS.md'), markdown(results))
  writeFileSync(join(into, 'results.json'), `${JSON.stringify(results, undefined, 1)}\n`)
}

console.log(markdown(results))
const unmeasured = results.judged.flatMap(({ targets }) => targets).filter(({ verdict }) => verdict === 'not measured')
if (options.quick && unavailable.length + unmeasured.length > 0) process.exitCode = 1
