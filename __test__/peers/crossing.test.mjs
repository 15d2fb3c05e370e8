// One database in a file, written and read in turns by the npm package `foundationdb`, the official Python binding and
// found-db: what one writes the others read as it was meant.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { cases } from './program.mjs'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const PROGRAMS = {
  'npm foundationdb': [process.execPath, file('npm_foundationdb.mjs')],
  'found-db': [process.execPath, file('found_db.mjs')],
  'python binding': [process.env.PYTHON ?? 'python3', file('python_binding.py')],
}
const names = Object.keys(PROGRAMS)
const folder = mkdtempSync(join(tmpdir(), 'found-db-peers-'))
const prefixes = {}

/** Runs a program on the database, to its end, so that the file is free for the next. */
function run(name, ...args) {
  const [program, script] = PROGRAMS[name]
  return JSON.parse(execFileSync(program, [script, `file:${join(folder, 'database')}`, ...args], { encoding: 'utf8' }))
}

before(() => {
  for (const name of names) prefixes[name] = run(name, 'write', name)
})
after(() => rmSync(folder, { recursive: true, force: true }))

for (const writer of names) {
  for (const reader of names) {
    test(`${reader} reads the tuples of ${writer}`, () => {
      const { rows, stamp } = run(reader, 'read', writer)
      assert.deepEqual(
        rows,
        cases.map((items) => [items, items]),
      )
      assert.equal(stamp[0], 'versionstamp')
      assert.match(stamp[1], /^0000[0-9a-f]{16}0007$/)
    })
  }
}

for (const writer of names.filter((name) => name !== 'found-db')) {
  for (const reader of names) {
    test(`${reader} reads the directory of ${writer}`, () => {
      const prefix = prefixes[writer]
      assert.deepEqual(run(reader, 'directory', writer, prefix), [prefix, writer])
    })
  }
}

test('directories of different bindings have different prefixes', () => {
  assert.notEqual(prefixes['npm foundationdb'], prefixes['python binding'])
})
