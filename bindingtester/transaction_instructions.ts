/**
 * Instructions for transactions: their life, single keys, versions and conflicts. Ranges are in `range_instructions`.
 */

import * as found from '../index.js'
import type { Instruction, Step } from './step.js'

type Mutation = (tx: found.Transaction, key: found.Bytes, param: found.Bytes) => void

/** The operations of ATOMIC_OP. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ADD: found.add,
  AND: found.bitAnd,
  APPEND_IF_FITS: found.appendIfFits,
  BIT_AND: found.bitAnd,
  BIT_OR: found.bitOr,
  BIT_XOR: found.bitXor,
  BYTE_MAX: found.byteMax,
  BYTE_MIN: found.byteMin,
  COMPARE_AND_CLEAR: found.compareAndClear,
  MAX: found.max,
  MIN: found.min,
  OR: found.bitOr,
  SET_VERSIONSTAMPED_KEY: found.setVersionstampedKey,
  SET_VERSIONSTAMPED_VALUE: found.setVersionstampedValue,
  XOR: found.bitXor,
}

const { CONFLICT_RANGE_TYPE_READ: READ, CONFLICT_RANGE_TYPE_WRITE: WRITE } = found

export const transactionInstructions: Readonly<Record<string, Instruction>> = {
  NEW_TRANSACTION: (step) => step.machine.session.newTransaction(step.machine.transactionName),
  USE_TRANSACTION: async (step) => {
    const name = await step.popBytes()
    step.machine.transactionName = name
    if (!step.machine.session.hasTransaction(name)) step.machine.session.newTransaction(name)
  },
  ON_ERROR: async (step) => {
    const code = await step.popNumber()
    step.pushPromise(found.onError(step.tx, code))
  },
  COMMIT: (step) => step.pushPromise(found.commit(step.tx)),
  RESET: (step) => found.reset(step.tx),
  CANCEL: (step) => found.cancel(step.tx),

  GET: async (step) => {
    const key = await step.popBytes()
    step.pushPromise(step.read((tx, options) => found.get(tx, key, options)))
  },
  GET_KEY: getKey,
  SET: async (step) => {
    const [key, value] = [await step.popBytes(), await step.popBytes()]
    step.write((tx) => found.set(tx, key, value))
  },
  CLEAR: async (step) => {
    const key = await step.popBytes()
    step.write((tx) => found.clear(tx, key))
  },
  ATOMIC_OP: async (step) => {
    const operation = await step.pop()
    const [key, param] = [await step.popBytes(), await step.popBytes()]
    const mutation = MUTATIONS[String(operation)]
    if (mutation === undefined) throw new Error(`ATOMIC_OP: there is no ${String(operation)}`)
    step.write((tx) => mutation(tx, key, param))
  },

  GET_READ_VERSION: async (step) => {
    step.machine.lastVersion = await found.readVersion(step.tx)
    step.answer('GOT_READ_VERSION')
  },
  SET_READ_VERSION: (step) => found.setReadVersion(step.tx, step.machine.lastVersion),
  GET_COMMITTED_VERSION: (step) => {
    step.machine.lastVersion = found.getCommittedVersion(step.tx)
    step.answer('GOT_COMMITTED_VERSION')
  },
  GET_VERSIONSTAMP: (step) => {
    const versionstamp = found.getVersionstamp(step.tx)
    step.pushPending(() => versionstamp.stamp)
  },
  GET_APPROXIMATE_SIZE: async (step) => {
    await found.getApproximateSize(step.tx)
    step.answer('GOT_APPROXIMATE_SIZE')
  },

  READ_CONFLICT_RANGE: (step) => addConflictRange(step, READ),
  WRITE_CONFLICT_RANGE: (step) => addConflictRange(step, WRITE),
  READ_CONFLICT_KEY: (step) => addConflictKey(step, READ),
  WRITE_CONFLICT_KEY: (step) => addConflictKey(step, WRITE),
  DISABLE_WRITE_CONFLICT: (step) => found.setOption(step.tx, 'next_write_no_write_conflict_range'),
}

async function getKey(step: Step): Promise<void> {
  const [key, orEqual, offset] = [await step.popBytes(), await step.popBoolean(), await step.popNumber()]
  const prefix = await step.popBytes()
  const selector = new found.KeySelector(key, orEqual, offset)
  const result = await step.read((tx, options) => found.getKey(tx, selector, options))
  if (result.subarray(0, prefix.length).equals(prefix)) step.push(result)
  else if (result.compare(prefix) < 0) step.push(prefix)
  else step.push(found.nextPrefix(prefix))
}

async function addConflictRange(step: Step, type: found.ConflictRangeType): Promise<void> {
  const [begin, end] = [await step.popBytes(), await step.popBytes()]
  found.addConflictRange(step.tx, begin, end, type)
  step.answer('SET_CONFLICT_RANGE')
}

async function addConflictKey(step: Step, type: found.ConflictRangeType): Promise<void> {
  const key = await step.popBytes()
  found.addConflictRange(step.tx, key, Buffer.concat([key, Buffer.of(0)]), type)
  step.answer('SET_CONFLICT_KEY')
}
