// pstore: documents indexed with and without counts in the postings, searched, indexed again and removed.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { node, other, programs, python, SAMPLE, writers } from './programs.mjs'

describe('pstore', () => {
  const uuid = { uuid: '00112233-4455-6677-8899-aabbccddeeff' }
  const DOCUMENTS = [
    ['guide', { database: 3, node: 1, key: 2 }],
    [2, { database: 1, python: 4 }],
    [uuid, { database: 5, node: 7, python: 1 }],
    [['nested', null], { key: 9, 'key\0value': 1 }],
  ]

  for (const writer of writers) {
    const prefix = [writer, 'pstore']
    const changer = other[writer]

    test(`both search the documents of ${writer}`, async () => {
      await programs[writer](['pstore.index', prefix, DOCUMENTS])
      for (const reader of writers) {
        assert.deepEqual(
          await programs[reader](
            ['pstore.search', prefix, ['database'], 10],
            ['pstore.search', prefix, ['node', 'database'], 10],
            ['pstore.search', prefix, ['database'], 1],
            ['pstore.search', prefix, ['key'], 10],
            ['pstore.search', prefix, ['database', 'unheard of'], 10],
          ),
          [
            [[uuid, 5], ['guide', 3], [2, 1]],
            [[uuid, 12], ['guide', 4]],
            [[uuid, 5]],
            [[['nested', null], 9], ['guide', 2]],
            [],
          ],
        )
      }
      assert.deepEqual(await node(['pstore.counter', prefix, 'guide']), [DOCUMENTS[0][1]])
    })

    test(`${changer} adds a document to those of ${writer}, with words they share`, async () => {
      await programs[changer](['pstore.index', prefix, [['added', { database: 2, erlang: 1 }]]])
      for (const reader of writers) {
        assert.deepEqual(
          await programs[reader](['pstore.search', prefix, ['database'], 10], ['pstore.search', prefix, ['erlang'], 10]),
          [[[uuid, 5], ['guide', 3], ['added', 2], [2, 1]], [['added', 1]]],
        )
      }
    })

    test(`nothing is left of a document of ${writer} that is indexed again and removed here`, async () => {
      const [before] = await node(['keys', prefix])
      await programs[writer](['pstore.index', prefix, [['passing', { only: 1, here: 2 }]]])
      // Two words in two indices of tokens, two postings, a counter.
      assert.deepEqual(await node(['keys', prefix]), [before + 7])
      await node(['pstore.index', prefix, [['passing', { here: 3 }]]])
      for (const reader of writers) {
        assert.deepEqual(
          await programs[reader](['pstore.search', prefix, ['only'], 10], ['pstore.search', prefix, ['here'], 10]),
          [[], [['passing', 3]]],
        )
      }
      assert.deepEqual(await node(['pstore.remove', prefix, 'passing'], ['keys', prefix]), [true, before])
      assert.deepEqual(await python(['pstore.search', prefix, ['here'], 10]), [[]])
    })

    test(`every document of ${writer} is scored, and a sample by the reference`, async () => {
      const many = [writer, 'pstore', 'many']
      const documents = Array.from({ length: 3 * SAMPLE }, (_, index) => [index, { common: index + 1 }])
      await programs[writer](['pstore.index', many, documents])
      const call = ['pstore.search', many, ['common'], 3 * SAMPLE]
      assert.deepEqual(await node(call), [documents.map(([docuid, { common }]) => [docuid, common]).reverse()])
      assert.equal((await python(call))[0].length, SAMPLE)
    })
  }

  for (const writer of writers) {
    test(`words that the reference has taken from a document of ${writer} by indexing it again do not find it`, async () => {
      const prefix = [writer, 'pstore', 'again']
      await programs[writer](['pstore.index', prefix, [['page', { old: 1, kept: 1 }], ['other', { old: 1 }]]])
      await python(['pstore.index', prefix, [['page', { kept: 2 }]]])
      const calls = [['old'], ['kept'], ['old', 'kept']].map((words) => ['pstore.search', prefix, words, 10])
      assert.deepEqual(await node(...calls), [[['other', 1]], [['page', 2]], []])
      // Nor once it is indexed here again.
      await node(['pstore.index', prefix, [['page', { kept: 3 }]]])
      assert.deepEqual(await node(...calls), [[['other', 1]], [['page', 3]], []])
    })
  }
})
