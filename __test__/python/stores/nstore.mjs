// nstore: tuples, patterns and joins.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { node, other, programs, python, rows, sorted, variable as v, writers } from './programs.mjs'

describe('nstore', () => {
  const ROWS = [
    [['alice', 'knows', 'bob'], 'since 2019'],
    [['alice\0bob', 'knows', 'mallory'], ''],
    [['bob', 'knows', 'carol'], ''],
    [['bob', 'knows', 'dave'], ''],
    [['narcissus', 'knows', 'narcissus'], ''],
    [['carol', 'born', 1990], ''],
    [['dave', 'born', 1980.5], ''],
    [[[1], 'is', 'nested'], ''],
    [[[1, null], 'is', 'nested too'], ''],
    [[{ uuid: '00112233-4455-6677-8899-aabbccddeeff' }, 'is', { bytes: '00ff' }], ''],
    ...Array.from({ length: 1000 }, (_, index) => [[index, 'is a', 'number'], `${index}`]),
  ]

  for (const writer of writers) {
    const store = { prefix: [writer, 'nstore'], columns: 3 }
    const remover = other[writer]

    test(`both query the tuples of ${writer}`, async () => {
      await programs[writer](['nstore.add', store, ROWS])
      for (const reader of writers) {
        const [value, none, friends, uuids, numbers, everything] = await programs[reader](
          ['nstore.get', store, ['alice', 'knows', 'bob']],
          ['nstore.get', store, ['alice', 'knows', 'carol']],
          ['nstore.query', store, [
            ['alice', 'knows', v('friend')],
            [v('friend'), 'knows', v('stranger')],
            [v('stranger'), 'born', v('year')],
          ]],
          ['nstore.query', store, [[v('uid'), 'is', { bytes: '00ff' }]]],
          ['nstore.query', store, [[v('n'), 'is a', 'number']]],
          ['nstore.query', store, [[v('s'), v('p'), v('o')]]],
        )
        assert.deepEqual([value, none], ['since 2019', null])
        assert.deepEqual(rows(friends.filter(({ friend }) => friend === 'bob'), 'stranger', 'year'), [
          '["carol",1990]',
          '["dave",1980.5]',
        ])
        assert.deepEqual(uuids, [{ uid: { uuid: '00112233-4455-6677-8899-aabbccddeeff' } }])
        assert.deepEqual(numbers, Array.from({ length: 1000 }, (_, n) => ({ n })))
        assert.deepEqual(rows(everything, 's', 'p', 'o'), sorted(ROWS.map(([items]) => items)))
      }
    })

    test(`equal means equal in what ${writer} has written, and not in the reference`, async () => {
      const calls = [
        ['nstore.query', store, [['alice', v('does'), v('who')]]],
        ['nstore.query', store, [[[1], v('is'), v('what')]]],
      ]
      assert.deepEqual(await node(...calls), [[{ does: 'knows', who: 'bob' }], [{ is: 'is', what: 'nested' }]])
      assert.deepEqual(await python(...calls), [
        [{ does: 'knows', who: 'bob' }, { does: 'knows', who: 'mallory' }],
        [{ is: 'is', what: 'nested' }, { is: 'is', what: 'nested too' }],
      ])
    })

    test(`a variable stands for one value in what ${writer} has written, and not in the reference`, async () => {
      const call = ['nstore.query', store, [[v('who'), 'knows', v('who')]]]
      assert.deepEqual(await node(call), [[{ who: 'narcissus' }]])
      assert.deepEqual(rows((await python(call))[0], 'who'), ['["bob"]', '["carol"]', '["dave"]', '["mallory"]', '["narcissus"]'])
    })

    test(`nothing is left of a tuple of ${writer} that ${remover} removes`, async () => {
      await programs[remover](['nstore.remove', store, ['alice', 'knows', 'bob']])
      for (const reader of writers) {
        assert.deepEqual(
          await programs[reader](
            ['nstore.get', store, ['alice', 'knows', 'bob']],
            ['nstore.query', store, [[v('who'), 'knows', 'bob']]],
            ['nstore.query', store, [[v('who'), v('relation'), 'bob']]],
          ),
          [null, [], []],
        )
      }
      assert.deepEqual(await node(['keys', store.prefix]), [3 * (ROWS.length - 1)])
    })

    test(`of 11 columns that ${writer} has written each finds its tuple, and not in the reference`, async () => {
      const wide = { prefix: [writer, 'nstore', 'wide'], columns: 11 }
      const items = Array.from({ length: 11 }, (_, column) => `item ${column}`)
      await programs[writer](['nstore.add', wide, [[items, '']]])
      const call = ['nstore.query', wide, [items.map((item, column) => (column === 1 ? item : v(`v${column}`)))]]
      assert.deepEqual(Object.values((await node(call))[0][0]), items.toSpliced(1, 1))
      assert.deepEqual(await python(call), [[]])
    })
  }
})
