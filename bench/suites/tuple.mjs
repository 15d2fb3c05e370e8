/**
 * Packing and unpacking ten typical tuples. Both peers must give the same bytes.
 */

import { createRequire } from 'node:module'
import { expect, measure } from '../lib/measure.mjs'
import { versionOf } from '../lib/version_of.mjs'

const require = createRequire(import.meta.url)

const tuples = [
  ['users', 42],
  ['users', 42, 'name'],
  ['orders', 2026, 11, 25, 123456],
  ['alice', 'knows', 'bob'],
  ['log', Buffer.from('000102030405060708090a0b', 'hex'), 7],
  ['place', 52.52, 13.405],
  ['flags', true, false, null],
  ['nested', ['a', 1], 'b'],
  [-5, 0, 9007199254740991],
  ['title', 'Größe und Maß – 寸法'],
]

async function run({ pack, unpack }, version) {
  const packed = tuples.map((tuple) => pack(tuple))
  const digest = Buffer.concat(packed).toString('hex')
  expect(JSON.stringify(unpack(packed[2])) === JSON.stringify(tuples[2]), 'unpack gives the items')
  const values = {
    pack:
      (await measure(async (n) => {
        for (let i = 0; i < n; i++) for (const tuple of tuples) pack(tuple)
      })) / tuples.length,
    unpack:
      (await measure(async (n) => {
        for (let i = 0; i < n; i++) for (const bytes of packed) unpack(bytes)
      })) / tuples.length,
  }
  return { values, version, digest }
}

export const peers = {
  found: async () => {
    const found = await import('../../index.js')
    return run(found, undefined)
  },
  'fdb-tuple': async () => run(require('fdb-tuple'), versionOf('fdb-tuple')),
}
