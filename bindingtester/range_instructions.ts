/**
 * Instructions for ranges of keys.
 */

import * as found from '../index.js'
import type { Instruction, Step } from './step.js'

export const rangeInstructions: Readonly<Record<string, Instruction>> = {
  GET_RANGE: async (step) => {
    const [begin, end] = [await step.popBytes(), await step.popBytes()]
    await pushRows(step, begin, end, await popOptions(step))
  },
  GET_RANGE_STARTS_WITH: async (step) => {
    const prefix = await step.popBytes()
    await pushRows(step, prefix, found.nextPrefix(prefix), await popOptions(step))
  },
  GET_RANGE_SELECTOR: async (step) => {
    const [begin, end] = [await popSelector(step), await popSelector(step)]
    const options = await popOptions(step)
    await pushRows(step, begin, end, options, await step.popBytes())
  },
  GET_ESTIMATED_RANGE_SIZE: async (step) => {
    const [begin, end] = [await step.popBytes(), await step.popBytes()]
    await found.estimatedSizeBytes(step.tx, begin, end)
    step.answer('GOT_ESTIMATED_RANGE_SIZE')
  },
  GET_RANGE_SPLIT_POINTS: async (step) => {
    const [begin, end, chunkSize] = [await step.popBytes(), await step.popBytes(), await step.popNumber()]
    await found.getRangeSplitPoints(step.tx, begin, end, chunkSize)
    step.answer('GOT_RANGE_SPLIT_POINTS')
  },
  CLEAR_RANGE: async (step) => {
    const [begin, end] = [await step.popBytes(), await step.popBytes()]
    step.write((tx) => found.clear(tx, begin, end))
  },
  CLEAR_RANGE_STARTS_WITH: async (step) => {
    const prefix = await step.popBytes()
    step.write((tx) => found.clear(tx, prefix, found.nextPrefix(prefix)))
  },
}

async function popSelector(step: Step): Promise<found.KeySelector> {
  const [key, orEqual, offset] = [await step.popBytes(), await step.popBoolean(), await step.popNumber()]
  return new found.KeySelector(key, orEqual, offset)
}

async function popOptions(step: Step): Promise<found.QueryOptions> {
  const [limit, reverse, mode] = [await step.popNumber(), await step.popBoolean(), await step.popNumber()]
  return { limit, reverse, mode: mode as found.StreamingMode }
}

/** Reads a range and pushes keys and values as one packed tuple, without the keys that do not begin with `prefix`. */
async function pushRows(
  step: Step,
  begin: found.KeyOrSelector,
  end: found.KeyOrSelector,
  options: found.QueryOptions,
  prefix: Buffer = Buffer.alloc(0),
): Promise<void> {
  const rows = await step.read((tx, { snapshot }) => found.all(found.query(tx, begin, end, { ...options, snapshot })))
  step.push(found.pack(rows.filter(([key]) => key.subarray(0, prefix.length).equals(prefix)).flat()))
}
