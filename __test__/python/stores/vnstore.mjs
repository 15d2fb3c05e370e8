// vnstore: changes that one program prepares and applies, the other reads, applies and builds upon.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { node, other, programs, python, rows, sorted, variable as v, writers } from './programs.mjs'

/** A time that is over when it is given. */
async function nextMillisecond() {
  const time = Date.now()
  while (Date.now() === time) await setImmediate()
  return time
}

describe('vnstore', () => {
  for (const writer of writers) {
    const prefix = [writer, 'vnstore']
    const all = [[v('uid'), 'title', v('title')]]
    const titles = async (program, options) => rows((await program(['vnstore.query', prefix, all, options]))[0], 'uid', 'title')
    let first, second, pending

    const propose = async (program, message, added, removed = []) =>
      (await program(['vnstore.propose', prefix, message, added, removed]))[0]

    test(`both ask for and query what the changes of ${writer} have made`, async () => {
      const program = programs[writer]
      first = await propose(program, 'first', [['x', 'title', 'draft'], ['y', 'title', 'kept'], ['y', 'by', 'x']])
      await program(['vnstore.apply', prefix, first])
      second = await propose(program, 'second', [['x', 'title', 'final']], [['x', 'title', 'draft']])
      await program(['vnstore.apply', prefix, second])
      pending = await propose(program, 'pending', [])
      await program(['vnstore.edit', prefix, pending, [['z', 'title', 'not yet']], []])
      for (const reader of writers) {
        const read = programs[reader]
        assert.deepEqual(await titles(read), ['["x","final"]', '["y","kept"]'])
        const [draft, final, proposed, joined, changes, list] = await read(
          ['vnstore.ask', prefix, ['x', 'title', 'draft']],
          ['vnstore.ask', prefix, ['x', 'title', 'final']],
          ['vnstore.ask', prefix, ['z', 'title', 'not yet']],
          ['vnstore.query', prefix, [['y', 'by', v('author')], [v('author'), 'title', v('title')]]],
          ['vnstore.changes', prefix, second],
          ['vnstore.list', prefix],
        )
        assert.deepEqual([draft, final, proposed], [false, true, false])
        assert.deepEqual(joined, [{ author: 'x', title: 'final' }])
        assert.deepEqual(sorted(changes), sorted([[['x', 'title', 'draft'], false], [['x', 'title', 'final'], true]]))
        assert.deepEqual(sorted(list), sorted([['first', true], ['second', true], ['pending', false]]))
      }
    })

    test(`the past of what ${writer} has written is read`, async () => {
      assert.deepEqual(await titles(node, { asOf: first }), ['["x","draft"]', '["y","kept"]'])
      assert.deepEqual(await titles(node, { asOf: second }), ['["x","final"]', '["y","kept"]'])
      assert.deepEqual(await titles(node, { pending }), ['["x","final"]', '["y","kept"]', '["z","not yet"]'])
      const [diff, history] = await node(
        ['vnstore.diff', prefix, first, second],
        ['vnstore.history', prefix, ['x', 'title', 'draft']],
      )
      assert.deepEqual(sorted(diff), sorted([[['x', 'title', 'draft'], false], [['x', 'title', 'final'], true]]))
      assert.deepEqual(history, [['first', true], ['second', false]])
    })

    test(`what ${writer} has proposed is applied by ${other[writer]}`, async () => {
      await programs[other[writer]](['vnstore.apply', prefix, pending])
      for (const reader of writers) {
        assert.deepEqual(await titles(programs[reader]), ['["x","final"]', '["y","kept"]', '["z","not yet"]'])
        const [list] = await programs[reader](['vnstore.list', prefix])
        assert.deepEqual(sorted(list), sorted([['first', true], ['second', true], ['pending', true]]))
      }
      assert.equal(await node.failure(['vnstore.edit', prefix, pending, [['z', 'title', 'late']], []]), 'FOUND_VNSTORE_APPLIED')
    })

    test(`changes that both apply by turns to what ${writer} has written count in the order they were applied`, async () => {
      const tuple = ['turn', 'is', 'on']
      for (const [round, program] of [node, python, python, node, node, python].entries()) {
        const on = round % 2 === 0
        const change = await propose(program, `round ${round}`, on ? [tuple] : [], on ? [] : [tuple])
        await program(['vnstore.apply', prefix, change])
        for (const reader of writers) {
          assert.deepEqual(await programs[reader](['vnstore.ask', prefix, tuple]), [on], `${reader}, round ${round}`)
        }
      }
      const [history] = await node(['vnstore.history', prefix, tuple])
      assert.deepEqual(history, Array.from({ length: 6 }, (_, round) => [`round ${round}`, round % 2 === 0]))
    })

    test(`equal means equal in the changes of ${writer}, a tuple of two changes comes once, and not in the reference`, async () => {
      const program = programs[writer]
      await program(['vnstore.apply', prefix, await propose(program, 'again', [['y', 'title', 'kept'], ['w', 'is', 'a\0b']])])
      const calls = [
        ['vnstore.select', prefix, ['y', 'title', v('title')]],
        ['vnstore.ask', prefix, ['w', 'is', 'a']],
      ]
      assert.deepEqual(await node(...calls), [[{ title: 'kept' }], false])
      assert.deepEqual(await python(...calls), [[{ title: 'kept' }, { title: 'kept' }], true])
    })

    test(`a change is refused here if one of ${writer} contradicts it`, async () => {
      const tuple = ['y', 'title', 'kept']
      const mine = await propose(node, 'mine', [['y', 'title', 'mine']], [tuple])
      const theirs = await propose(programs[writer], 'theirs', [['y', 'title', 'theirs']], [tuple])
      await programs[writer](['vnstore.apply', prefix, theirs])
      assert.equal(await node.failure(['vnstore.apply', prefix, mine, { onConflict: 'error' }]), 'FOUND_VNSTORE_CONFLICT')
      for (const reader of writers) {
        assert.deepEqual(await programs[reader](['vnstore.select', prefix, ['y', 'title', v('title')]]), [[{ title: 'theirs' }]])
      }
    })
  }

  test('a time finds what both had applied by then', async () => {
    const prefix = ['both', 'vnstore', 'times']
    const times = []
    for (const [round, program] of [node, python, node, node, python, node].entries()) {
      const [change] = await program(['vnstore.propose', prefix, null, [['round', 'is', round]], []])
      times.push(await nextMillisecond())
      await program(['vnstore.apply', prefix, change])
    }
    times.push(Date.now())
    const asOf = (date) => ['vnstore.select', prefix, ['round', 'is', v('round')], { asOf: { date } }]
    const rounds = (await node(...times.map(asOf))).map((found) => found.map(({ round }) => round))
    assert.deepEqual(rounds, times.map((_, count) => Array.from({ length: count }, (_, round) => round)))
  })

  test('a change that the reference has created is refused where conflicts are to be', async () => {
    const prefix = ['python', 'vnstore', 'no base']
    const [change] = await python(['vnstore.propose', prefix, 'of the reference', [], []])
    assert.equal(await node.failure(['vnstore.apply', prefix, change, { onConflict: 'error' }]), 'FOUND_VNSTORE_NO_BASE')
  })
})
