/**
 * One peer doing one suite's work, in a process of its own:
 *
 *   node child.mjs '{"suite":"kv","peer":"found","sizes":{...},"scratch":"..."}'
 *
 * Its last line is JSON: {values, version} or {unavailable}; with {again: true} it has only made its file.
 */

import { setUp } from './lib/measure.mjs'

const job = JSON.parse(process.argv[2])
setUp(job.sizes)

let answer
try {
  const suite = await import(`./suites/${job.suite}.mjs`)
  answer = await suite.peers[job.peer](job)
} catch (error) {
  answer = { unavailable: String(error?.stack ?? error) }
}
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0))
