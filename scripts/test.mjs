// Runs every check of the project, one after the other, and ends with the line "N passed, N failed".
//
//   node scripts/test.mjs [NAME...]     only the checks of these names
//
// A check passes if its command exits with 0. Where its runner counts tests, those are added up; a check without tests
// of its own counts as one. The first check that fails does not keep the others from running.

import { spawn } from 'node:child_process'

/** The tests that a runner's output tells of, as [passed, failed]. */
const counters = {
  cargo: (output) => sum(output, /^test result: \w+\. (\d+) passed; (\d+) failed/gm),
  ava: (output) => [number(output, /^ {2}(\d+) tests? passed/m), number(output, /^ {2}(\d+) tests? failed/m)],
  counted: (output) => sum(output, /^(\d+) passed, (\d+) failed$/gm),
}

/** How many lines of what a failed check printed are shown again at the end. */
const LAST_LINES = 60

const checks = [
  { name: 'format', command: ['cargo', 'fmt', '--all', '--check'] },
  { name: 'clippy', command: ['cargo', 'clippy', '--quiet', '--workspace', '--all-targets', '--', '-D', 'warnings'] },
  { name: 'arrows', command: ['node', 'scripts/check_arrows.mjs'] },
  { name: 'tidy', command: ['node', 'scripts/check_tidy.mjs'] },
  { name: 'supply', command: ['node', 'scripts/check_supply.mjs'] },
  { name: 'workflows', command: ['node', 'scripts/check_workflows.mjs'] },
  { name: 'rust', command: ['cargo', 'test', '--quiet', '--workspace', '--no-fail-fast'], count: counters.cargo },
  { name: 'oracle', command: ['cargo', 'test', '--quiet', '--package', 'engine', '--test', 'oracle'], count: counters.cargo, onlyByName: true },
  { name: 'types', command: ['npm', 'run', '--silent', 'typecheck'] },
  { name: 'generated', command: ['node', 'scripts/check_generated.mjs'] },
  { name: 'face', command: ['npx', 'ava'], count: counters.ava },
  { name: "face on a cluster's path", command: ['bash', '__test__/cluster/run.sh'], count: counters.counted },
  { name: 'docs', command: ['node', 'scripts/docs_test.mjs'], count: counters.counted },
  { name: 'reference', command: ['npm', 'run', '--silent', 'docs'] },
  { name: 'browser', command: ['bash', 'explorer/test/browser.sh'], count: counters.counted },
  { name: 'runners', command: ['node', 'scripts/runners_test.mjs'], count: counters.counted },
  { name: 'package', command: ['node', 'scripts/pack_test.mjs'], count: counters.counted },
  { name: 'torture', command: ['node', 'torture/main.mjs', '--short'], count: counters.counted },
  { name: 'python', command: ['bash', '__test__/python/run.sh', 'debug'], count: counters.counted },
  { name: 'peers', command: ['bash', '__test__/peers/run.sh', 'debug'], count: counters.counted },
  { name: 'crate', command: ['bash', '__test__/crate/run.sh'], count: counters.counted },
  { name: 'stores', command: ['bash', '__test__/python/stores/run.sh', 'debug'], count: counters.counted },
]

function sum(output, pattern) {
  let [passed, failed] = [0, 0]
  for (const match of output.matchAll(pattern)) {
    passed += Number(match[1])
    failed += Number(match[2])
  }
  return [passed, failed]
}

function number(output, pattern) {
  return Number(output.match(pattern)?.[1] ?? 0)
}

/** Runs a command, shows what it prints and keeps it. */
function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
      process.stdout.write(data)
    })
    child.on('error', (error) => {
      console.error(String(error))
      resolve({ output, code: 1 })
    })
    child.on('close', (code) => resolve({ output, code: code ?? 1 }))
  })
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${checks.map((check) => check.name).join(', ')}`)
  process.exit(2)
}

const results = []
for (const { name, command, count, onlyByName } of checks) {
  if (wanted.length > 0 ? !wanted.includes(name) : onlyByName) continue
  console.log(`\n== ${name}: ${command.join(' ')}`)
  const started = performance.now()
  const { output, code } = await run(command)
  let [passed, failed] = count ? count(output.replace(/\x1b\[[0-9;]*m/g, '')) : [code === 0 ? 1 : 0, 0]
  // A runner that ran nothing, or broke off without saying what failed, has failed.
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1
  results.push({ name, passed, failed, output, seconds: Math.round((performance.now() - started) / 1000) })
}

// Again at the end, where a long log is looked at first.
for (const { name, output } of results.filter(({ failed }) => failed > 0)) {
  console.log(`\n== ${name} failed; its last lines:\n${output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')}`)
}

console.log()
const width = Math.max(...results.map(({ name }) => name.length))
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(width)} ${String(passed).padStart(6)} passed ${String(failed).padStart(5)} failed ${String(seconds).padStart(6)} s`)
}
const total = (key) => results.reduce((all, result) => all + result[key], 0)
console.log(`\n${total('passed')} passed, ${total('failed')} failed`)
process.exitCode = total('failed') === 0 ? 0 : 1
