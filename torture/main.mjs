// Tests that mean harm, with counts: what a part does is in its file. Ends with the line "N passed, N failed".
//
//   node torture/main.mjs [--short] [--seed=N] [PART...]

import { crash } from './crash/crash.mjs'
import { cargoTest } from './cargo_test.mjs'
import { disk } from './disk.mjs'
import { isolation } from './isolation/isolation.mjs'
import { ends } from './load/ends.mjs'
import { leaks } from './load/leaks.mjs'
import { load } from './load/load.mjs'

/**
 * Each part, how often it does what it does, and how often in short. Those that are tests of a crate have a short form
 * among the crate's tests, so in short they are left out here.
 */
const parts = [
  { name: 'crash', run: crash, rounds: 300, short: 5 },
  { name: 'power', run: cargoTest('storage::power_loss'), rounds: 1000 },
  { name: 'damage', run: cargoTest('storage::damage'), rounds: 1000 },
  { name: 'disk', run: disk, rounds: 1, short: 1 },
  { name: 'isolation', run: isolation, rounds: 250, short: 25 },
  { name: 'load', run: load, rounds: 1, short: 0.1 },
  { name: 'ends', run: ends, rounds: 200, short: 2 },
  { name: 'leaks', run: leaks, rounds: 1_000_000, short: 4000 },
]

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const short = flags.includes('--short')
const given = flags.find((flag) => flag.startsWith('--seed='))
const seed = given === undefined ? Math.floor(Math.random() * 1e9) : Number(given.slice('--seed='.length))
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`)
  process.exit(2)
}
const odd = flags.filter((flag) => flag !== '--short' && !/^--seed=\d+$/.test(flag))
if (odd.length > 0) {
  console.error(`no such flag: ${odd.join(', ')}; there are --short and --seed=N`)
  process.exit(2)
}

let [passed, failed] = [0, 0]
for (const part of parts) {
  if (wanted.length > 0 ? !wanted.includes(part.name) : short && part.short === undefined) continue
  const [passedBefore, failedBefore] = [passed, failed]
  const started = performance.now()
  const report = async (what, test) => {
    try {
      await test()
      passed += 1
    } catch (error) {
      failed += 1
      console.log(`${part.name}: ${what}: ${error?.stack ?? error}`)
    }
  }
  let summary
  try {
    summary = await part.run({ rounds: short ? part.short : part.rounds, short, seed, report })
  } catch (error) {
    failed += 1
    summary = `broken off: ${error?.stack ?? error}`
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(
    `${part.name}: ${passed - passedBefore} passed, ${failed - failedBefore} failed, seed ${seed}, ${seconds} s: ${summary}`,
  )
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
