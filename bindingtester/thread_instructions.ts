/**
 * Instructions for machines beside this one, and for what instructions cannot say.
 */

import * as found from '../index.js'
import type { Instruction } from './step.js'
import { runUnitTests } from './unit_tests.js'

/** FoundationDB's `not_committed`, which has the transaction tried again. */
const NOT_COMMITTED = 1020

export const threadInstructions: Readonly<Record<string, Instruction>> = {
  START_THREAD: async (step) => step.machine.session.start(await step.popBytes()),
  WAIT_EMPTY: async (step) => {
    const prefix = await step.popBytes()
    await found.transactional(step.db, async (tx) => {
      const rows = await found.all(found.query(tx, prefix, found.nextPrefix(prefix), { limit: 1, reverse: false }))
      if (rows.length > 0) throw new found.FdbError(NOT_COMMITTED)
    })
    step.answer('WAITED_FOR_EMPTY')
  },
  UNIT_TESTS: (step) => runUnitTests(step.db),
}
