// eavstore: records, and the entries of the index that the reference leaves behind.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { node, programs, python, sorted, writers } from './programs.mjs'

describe('eavstore', () => {
  const RECORDS = [
    { name: 'alice', born: 1980, city: 'Paris', height: 1.75, email: null, tags: [1] },
    { name: 'alice\0bob', born: -5, city: 'Paris', member: true, tags: [1, null] },
    { name: 'carol', born: 2 ** 40, city: 'Oslo', friend: { uuid: '00112233-4455-6677-8899-aabbccddeeff' } },
  ]

  for (const writer of writers) {
    const prefix = [writer, 'eavstore']
    let uids

    test(`both read and find the records of ${writer}`, async () => {
      uids = await programs[writer](...RECORDS.map((record) => ['eavstore.create', prefix, record]))
      for (const reader of writers) {
        assert.deepEqual(await programs[reader](...uids.map((uid) => ['eavstore.get', prefix, uid])), RECORDS)
        const found = await programs[reader](
          ['eavstore.query', prefix, 'city', 'Paris'],
          ['eavstore.query', prefix, 'born', 1980],
          ['eavstore.query', prefix, 'height', 1.75],
          ['eavstore.query', prefix, 'email', null],
          ['eavstore.query', prefix, 'friend', RECORDS[2].friend],
          ['eavstore.query', prefix, 'city', 'Rome'],
        )
        const [alice, bob, carol] = uids
        assert.deepEqual(found.map(sorted), [[alice, bob], [alice], [alice], [alice], [carol], []].map(sorted))
      }
      const [older, olderInParis] = await node(
        ['eavstore.query', prefix, { born: { gte: 1980 } }],
        ['eavstore.query', prefix, { born: { gte: 1980 }, city: 'Paris' }],
      )
      assert.deepEqual([older, olderInParis], [[uids[0], uids[2]], [uids[0]]])
    })

    test(`equal means equal in the records of ${writer}, and not in the reference`, async () => {
      const calls = [['eavstore.query', prefix, 'name', 'alice'], ['eavstore.query', prefix, 'tags', [1]]]
      assert.deepEqual(await node(...calls), [[uids[0]], [uids[0]]])
      for (const found of await python(...calls)) assert.deepEqual(sorted(found), sorted(uids.slice(0, 2)))
    })

    test(`verify clears what the reference leaves of the records of ${writer}`, async () => {
      const [alice, , carol] = uids
      const { city, ...others } = RECORDS[0]
      await python(['eavstore.update', prefix, alice, { ...others, city: 'Rome' }], ['eavstore.remove', prefix, carol])
      const calls = [
        ['eavstore.query', prefix, 'city', 'Paris'],
        ['eavstore.query', prefix, 'city', 'Rome'],
        ['eavstore.query', prefix, 'name', 'carol'],
      ]
      // What is gone is found, by both: the update left the old city, the removal all four entries.
      for (const reader of writers) {
        const [paris, rome, name] = await programs[reader](...calls)
        assert.deepEqual([sorted(paris), rome, name], [sorted(uids.slice(0, 2)), [alice], [carol]])
      }
      assert.deepEqual(
        await node(['eavstore.verify', prefix], ['eavstore.verify', prefix, { repair: true }], ['eavstore.verify', prefix]),
        [{ stale: 5, missing: 0 }, { stale: 5, missing: 0 }, { stale: 0, missing: 0 }],
      )
      for (const reader of writers) assert.deepEqual(await programs[reader](...calls), [[uids[1]], [alice], []])
    })

    test(`nothing is left of a record of ${writer} that is changed and removed here`, async () => {
      const [uid] = await programs[writer](['eavstore.create', prefix, { name: 'eve', city: 'Lima' }])
      await node(['eavstore.update', prefix, uid, { name: 'eve', city: 'Quito' }])
      const calls = [
        ['eavstore.query', prefix, 'city', 'Lima'],
        ['eavstore.query', prefix, 'city', 'Quito'],
        ['eavstore.query', prefix, 'name', 'eve'],
      ]
      assert.deepEqual(await python(...calls), [[], [uid], [uid]])
      await node(['eavstore.remove', prefix, uid])
      assert.deepEqual(await python(...calls, ['eavstore.get', prefix, uid]), [[], [], [], {}])
      assert.deepEqual(await node(['eavstore.verify', prefix], ['eavstore.get', prefix, uid]), [{ stale: 0, missing: 0 }, null])
    })
  }
})
