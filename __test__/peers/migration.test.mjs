// docs/migrating-from-npm-foundationdb.md names every call of the package.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

import fdb from 'foundationdb'

const lib = dirname(createRequire(import.meta.url).resolve('foundationdb'))
const page = readFileSync(new URL('../../docs/migrating-from-npm-foundationdb.md', import.meta.url), 'utf8')

/** The public methods of a class, as its declaration has them: what begins with an underscore is for itself. */
function methodsOf(file) {
  const text = readFileSync(join(lib, file), 'utf8')
  return [...text.matchAll(/^    ([a-z]\w*)(?:<[^(]*>)?\(/gm)].map(([, name]) => name).filter((name) => name !== 'constructor')
}

const names = {
  'the package': Object.keys(fdb).filter((name) => name !== 'default' && name !== '__esModule'),
  Database: methodsOf('database.d.ts'),
  Transaction: methodsOf('transaction.d.ts'),
  Subspace: methodsOf('subspace.d.ts'),
}

for (const [whose, calls] of Object.entries(names)) {
  test(`every call of ${whose} is on the page`, () => {
    assert.ok(calls.length > 10)
    assert.deepEqual([...new Set(calls)].filter((name) => !new RegExp(`\\b${name}\\b`).test(page)), [])
  })
}
