// Parts that are tests of the engine: run with a count and a seed of their own.

import { spawn } from 'node:child_process'

/** A part that runs the tests of the engine whose names begin so. */
export function cargoTest(name) {
  return async ({ rounds, seed, report }) => {
    const args = ['test', '--quiet', '--package', 'engine', '--lib', name, '--', '--nocapture']
    const env = { ...process.env, FOUND_TORTURE_ROUNDS: String(rounds), FOUND_TORTURE_SEED: String(seed) }
    const { output, code } = await run('cargo', args, env)
    const [, ran] = /(\d+) passed/.exec(output) ?? []
    await report(`${name} of seed ${seed}`, () => {
      if (code !== 0 || !(Number(ran) > 0)) throw new Error(output)
    })
    return output.match(/^\w+: \d+ .*$/gm)?.join('; ') ?? ''
  }
}

function run(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', reject)
    child.on('close', (code) => resolve({ output, code }))
  })
}
