/**
 * Instructions for the stack itself.
 */

import * as found from '../index.js'
import type { Instruction, Step } from './step.js'

/** What a value is cut to when the stack is written down. */
const LOGGED_BYTES_MAX = 40_000
/** How many items of the stack are written down in one transaction. */
const LOGGED_ITEMS_MAX = 100

export const dataInstructions: Readonly<Record<string, Instruction>> = {
  PUSH: (step) => {
    if (step.data === undefined) throw new Error(`instruction ${step.index}: PUSH without an item`)
    step.push(step.data)
  },
  DUP: (step) => step.machine.stack.duplicate(),
  EMPTY_STACK: (step) => step.machine.stack.clear(),
  SWAP: async (step) => step.machine.stack.swap(await step.popNumber()),
  POP: async (step) => {
    await step.pop()
  },
  SUB: async (step) => {
    const [a, b] = [await step.popInteger(), await step.popInteger()]
    step.push(a - b)
  },
  CONCAT: async (step) => {
    const [a, b] = await step.popMany(2)
    if (typeof a === 'string' && typeof b === 'string') step.push(a + b)
    else if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) step.push(Buffer.concat([a, b]))
    else throw new TypeError('CONCAT: expected two byte strings or two strings')
  },
  WAIT_FUTURE: async (step) => {
    const { index, item } = await step.machine.stack.pop()
    step.machine.stack.push(index, item)
  },
  LOG_STACK: logStack,
}

async function logStack(step: Step): Promise<void> {
  const { stack } = step.machine
  const prefix = await step.popBytes()
  while (stack.length > 0) {
    const rows: [key: Buffer, value: Buffer][] = []
    while (stack.length > 0 && rows.length < LOGGED_ITEMS_MAX) {
      const position = stack.length - 1
      const { index, item } = await stack.pop()
      const key = Buffer.concat([prefix, found.pack([position, index])])
      rows.push([key, found.pack([item]).subarray(0, LOGGED_BYTES_MAX)])
    }
    await found.transactional(step.db, (tx) => {
      for (const [key, value] of rows) found.set(tx, key, value)
    })
  }
}
