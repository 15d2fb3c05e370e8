// The two programs on one database in a file, in turns. A file belongs to one process at a time: a program has it for
// the calls of one turn.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

/** So many documents at most are scored by the reference; it takes 1,337 where the environment does not say. */
export const SAMPLE = 20

const folder = mkdtempSync(join(tmpdir(), 'found-db-stores-'))
const running = []
after(async () => {
  for (const child of running) child.stdin.end()
  await Promise.all(running.map((child) => child.exitCode ?? new Promise((resolve) => child.once('close', resolve))))
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Starts a program. What it gives takes calls and resolves with what they gave, when the program has closed the file.
 * `failure` makes a call that is to fail and resolves with how it did.
 */
function start(runner, script) {
  const child = spawn(runner, [fileURLToPath(new URL(script, import.meta.url)), `file:${join(folder, 'database')}`], {
    env: { ...process.env, FOUND_PSTORE_SAMPLE_COUNT: String(SAMPLE) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${script} has ended early, with ${child.exitCode ?? child.signalCode}`)
    return value
  }
  const answersTo = async (calls) => {
    child.stdin.write(`${JSON.stringify(calls)}\n`)
    const answers = JSON.parse(await line())
    await line()
    return answers
  }
  const program = async (...calls) => {
    const answers = await answersTo(calls)
    answers.forEach((answer, index) => {
      if (answer?.error) throw new Error(`${JSON.stringify(calls[index])}: ${answer.error}: ${answer.message}`)
    })
    return answers
  }
  program.failure = async (call) => {
    const [answer] = await answersTo([call])
    if (!answer?.error) throw new Error(`${JSON.stringify(call)} did not fail: ${JSON.stringify(answer)}`)
    return answer.error
  }
  return program
}

export const programs = {
  python: start(process.env.PYTHON ?? 'python3', 'reference.py'),
  node: start(process.execPath, 'found_db.mjs'),
}
export const { python, node } = programs
export const writers = Object.keys(programs)
export const other = { python: 'node', node: 'python' }

export const variable = (name) => ({ var: name })

/** Answers whose order says nothing, in one order. */
export const sorted = (answers) => answers.map((answer) => JSON.stringify(answer)).sort()

/** Bindings as lists of what the named variables stand for, in one order. */
export const rows = (bindings, ...names) => sorted(bindings.map((binding) => names.map((name) => binding[name])))
