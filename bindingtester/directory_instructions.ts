/**
 * Instructions for the directory layer, which this package does not have: each fails, as the specification has failures
 * shown. Those that only choose a directory, and give nothing back, do nothing.
 */

import type { Instruction } from './step.js'

const CHOOSING = ['DIRECTORY_CHANGE', 'DIRECTORY_SET_ERROR_INDEX']
const FAILING = [
  'DIRECTORY_CREATE_SUBSPACE',
  'DIRECTORY_CREATE_LAYER',
  'DIRECTORY_CREATE_OR_OPEN',
  'DIRECTORY_CREATE',
  'DIRECTORY_OPEN',
  'DIRECTORY_MOVE',
  'DIRECTORY_MOVE_TO',
  'DIRECTORY_REMOVE',
  'DIRECTORY_REMOVE_IF_EXISTS',
  'DIRECTORY_LIST',
  'DIRECTORY_EXISTS',
  'DIRECTORY_PACK_KEY',
  'DIRECTORY_UNPACK_KEY',
  'DIRECTORY_RANGE',
  'DIRECTORY_CONTAINS',
  'DIRECTORY_OPEN_SUBSPACE',
  'DIRECTORY_LOG_SUBSPACE',
  'DIRECTORY_LOG_DIRECTORY',
  'DIRECTORY_STRIP_PREFIX',
]

const choose: Instruction = async (step) => {
  await step.pop()
}
const fail: Instruction = (step) => step.answer('DIRECTORY_ERROR')

export const directoryInstructions: Readonly<Record<string, Instruction>> = Object.fromEntries([
  ...CHOOSING.map((name) => [name, choose]),
  ...FAILING.map((name) => [name, fail]),
])
