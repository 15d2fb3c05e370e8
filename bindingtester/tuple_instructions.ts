/**
 * Instructions for the tuple layer.
 */

import * as found from '../index.js'
import type { Instruction, Step } from './step.js'

export const tupleInstructions: Readonly<Record<string, Instruction>> = {
  TUPLE_PACK: async (step) => step.push(found.pack(await popTuple(step))),
  TUPLE_PACK_WITH_VERSIONSTAMP: packWithVersionstamp,
  TUPLE_UNPACK: async (step) => {
    for (const item of found.unpack(await step.popBytes())) step.push(found.pack([item]))
  },
  TUPLE_RANGE: async (step) => {
    for (const key of found.range(await popTuple(step))) step.push(key)
  },
  TUPLE_SORT: async (step) => {
    const tuples = (await step.popMany(await step.popNumber())).map((item) => found.unpack(item as Buffer))
    for (const packed of tuples.map((tuple) => found.pack(tuple)).sort(Buffer.compare)) step.push(packed)
  },
  ENCODE_FLOAT: async (step) => step.push(found.Float.fromBits((await step.popBytes()).readUInt32BE())),
  ENCODE_DOUBLE: async (step) => step.push(found.Double.fromBits((await step.popBytes()).readBigUInt64BE())),
  DECODE_FLOAT: async (step) => {
    const bytes = Buffer.alloc(4)
    const item = await step.pop()
    if (!(item instanceof found.Float)) throw new TypeError(`DECODE_FLOAT: expected a float, popped ${String(item)}`)
    bytes.writeUInt32BE(item.bits)
    step.push(bytes)
  },
  DECODE_DOUBLE: async (step) => {
    const bytes = Buffer.alloc(8)
    const item = await step.pop()
    const double = typeof item === 'number' ? new found.Double(item) : item
    if (!(double instanceof found.Double))
      throw new TypeError(`DECODE_DOUBLE: expected a double, popped ${String(item)}`)
    bytes.writeBigUInt64BE(double.bits)
    step.push(bytes)
  },
}

async function popTuple(step: Step): Promise<found.UnpackedItem[]> {
  return step.popMany(await step.popNumber())
}

async function packWithVersionstamp(step: Step): Promise<void> {
  const prefix = await step.popBytes()
  const tuple = await popTuple(step)
  if (!found.hasIncompleteVersionstamp(tuple)) {
    step.answer('ERROR: NONE')
    return
  }
  let packed: Buffer
  try {
    packed = found.packWithVersionstamp(tuple, prefix)
  } catch (error) {
    // There is one, so there is more than one.
    if (!(error instanceof TypeError)) throw error
    step.answer('ERROR: MULTIPLE')
    return
  }
  step.answer('OK')
  step.push(packed)
}
