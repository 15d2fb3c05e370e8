/**
 * One instruction at work: what it is to act on, and the stack with the types that it expects.
 */

import * as found from '../index.js'
import type { Item, Pending } from './stack.js'
import type { StackMachine } from './stack_machine.js'

/** What carries an instruction out. */
export type Instruction = (step: Step) => void | Promise<void>

/** What an instruction acts on, as its suffix says. */
export type Subject = 'transaction' | 'snapshot' | 'database' | 'tenant'

const SUFFIXES = [
  ['_SNAPSHOT', 'snapshot'],
  ['_DATABASE', 'database'],
  ['_TENANT', 'tenant'],
] as const

/** The name of an operation without the suffix, and what the suffix says. */
export function splitOperation(operation: string): [name: string, subject: Subject] {
  const found = SUFFIXES.find(([suffix]) => operation.endsWith(suffix))
  return found === undefined ? [operation, 'transaction'] : [operation.slice(0, -found[0].length), found[1]]
}

export class Step {
  readonly machine: StackMachine
  readonly index: number
  readonly name: string
  readonly subject: Subject
  /** What is stored with the operation: the item of PUSH. */
  readonly data: Item | undefined

  constructor(machine: StackMachine, index: number, operation: string, data: Item | undefined) {
    this.machine = machine
    this.index = index
    const [name, subject] = splitOperation(operation)
    this.name = name
    this.subject = subject
    this.data = data
  }

  /** Whether it acts on the database and not on the current transaction; there is never an active tenant. */
  get onDatabase(): boolean {
    return this.subject === 'database' || this.subject === 'tenant'
  }

  get tx(): found.Transaction {
    return this.machine.session.transaction(this.machine.transactionName)
  }

  get db(): found.Database {
    return this.machine.session.db
  }

  push(item: Item | string): void {
    this.machine.stack.push(this.index, item)
  }

  /** Pushes text as bytes: what the specification has instructions answer. */
  answer(text: string): void {
    this.push(Buffer.from(text))
  }

  /** Pushes what a promise will give. */
  pushPromise(promise: Promise<Item | undefined | void>): void {
    // Seen when it is popped, if it is.
    promise.catch(() => {})
    this.pushPending(() => promise)
  }

  pushPending(pending: Pending): void {
    this.machine.stack.pushPending(this.index, pending)
  }

  /** What `body` reads: in the current transaction, as a snapshot or not, or in one of its own. */
  read<T>(body: (tx: found.Transaction, options: found.ReadOptions) => Promise<T>): Promise<T> {
    if (this.onDatabase) return found.transactional(this.db, (tx) => body(tx, {}))
    return body(this.tx, { snapshot: this.subject === 'snapshot' })
  }

  /** Has `body` write: in the current transaction, or in one of its own, whose end is then pushed. */
  write(body: (tx: found.Transaction) => void): void {
    if (this.onDatabase) this.pushPromise(found.transactional(this.db, body))
    else body(this.tx)
  }

  async pop(): Promise<Item> {
    return (await this.machine.stack.pop()).item
  }

  /** The top `count` items, in the order they are popped. */
  async popMany(count: number): Promise<Item[]> {
    const items: Item[] = []
    while (items.length < count) items.push(await this.pop())
    return items
  }

  async popBytes(): Promise<Buffer> {
    const item = await this.pop()
    if (Buffer.isBuffer(item)) return item
    throw new TypeError(`${this.name}: expected bytes, popped ${String(item)}`)
  }

  async popNumber(): Promise<number> {
    const item = await this.pop()
    if (typeof item === 'number') return item
    throw new TypeError(`${this.name}: expected a number, popped ${String(item)}`)
  }

  async popInteger(): Promise<bigint> {
    const item = await this.pop()
    if (typeof item === 'number' || typeof item === 'bigint') return BigInt(item)
    throw new TypeError(`${this.name}: expected an integer, popped ${String(item)}`)
  }

  async popBoolean(): Promise<boolean> {
    return (await this.popNumber()) !== 0
  }
}
