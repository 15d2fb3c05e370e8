/**
 * The stack machine: reads the instructions of a prefix and carries them out, one after the other.
 *
 * An error of FoundationDB becomes an item on the stack; any other, an instruction that nobody knows among them, ends
 * the machine.
 */

import * as found from '../index.js'
import { dataInstructions } from './data_instructions.js'
import { directoryInstructions } from './directory_instructions.js'
import { rangeInstructions } from './range_instructions.js'
import { errorItem, Stack } from './stack.js'
import { Step, type Instruction } from './step.js'
import type { Session } from './session.js'
import { tenantInstructions } from './tenant_instructions.js'
import { threadInstructions } from './thread_instructions.js'
import { transactionInstructions } from './transaction_instructions.js'
import { tupleInstructions } from './tuple_instructions.js'

const INSTRUCTIONS: ReadonlyMap<string, Instruction> = new Map(
  [
    dataInstructions,
    transactionInstructions,
    rangeInstructions,
    tupleInstructions,
    threadInstructions,
    tenantInstructions,
    directoryInstructions,
  ].flatMap((table) => Object.entries(table)),
)

export class StackMachine {
  readonly session: Session
  readonly stack = new Stack()
  /** Where the instructions are. */
  readonly prefix: Uint8Array
  /** The name of the current transaction: at first the prefix. */
  transactionName: Uint8Array
  /** The version seen last. */
  lastVersion = 0n

  constructor(session: Session, prefix: Uint8Array) {
    this.session = session
    this.prefix = prefix
    this.transactionName = prefix
  }

  /** Carries out all instructions. */
  async run(): Promise<void> {
    // Taken before the first one runs: what it writes is not read as instructions.
    const rows = await found.all(found.scan(this.session.db, ...found.range([this.prefix])))
    for (const [index, [, value]] of rows.entries()) {
      const [operation, data] = found.unpack(value)
      if (typeof operation !== 'string') throw new Error(`instruction ${index} has no operation`)
      await this.step(new Step(this, index, operation, data))
    }
  }

  async step(step: Step): Promise<void> {
    const instruction = INSTRUCTIONS.get(step.name)
    if (instruction === undefined) throw new Error(`instruction ${step.index} is unknown: ${step.name}`)
    try {
      await instruction(step)
    } catch (error) {
      step.push(errorItem(error))
    }
  }
}
