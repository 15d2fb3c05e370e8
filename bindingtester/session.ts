/**
 * What the stack machines of one run share: the database, the transactions by name, and the list of machines that are
 * to end before the run does.
 */

import * as found from '../index.js'
import { StackMachine } from './stack_machine.js'

export class Session {
  readonly db: found.Database
  readonly #transactions = new Map<string, found.Transaction>()
  readonly #threads: Promise<void>[] = []

  constructor(db: found.Database) {
    this.db = db
  }

  /** Runs the machine of a prefix and those that it starts. The first failure of one of them is thrown. */
  async run(prefix: Uint8Array): Promise<void> {
    this.start(prefix)
    // Threads may start others while they are waited for.
    for (let index = 0; index < this.#threads.length; index++) await this.#threads[index]
  }

  /** Starts a machine beside those that run. */
  start(prefix: Uint8Array): void {
    const thread = new StackMachine(this, prefix).run()
    // Seen when it is waited for.
    thread.catch(() => {})
    this.#threads.push(thread)
  }

  /** The transaction of a name. */
  transaction(name: Uint8Array): found.Transaction {
    const transaction = this.#transactions.get(nameKey(name))
    if (transaction === undefined) throw new Error(`there is no transaction ${nameKey(name)}`)
    return transaction
  }

  hasTransaction(name: Uint8Array): boolean {
    return this.#transactions.has(nameKey(name))
  }

  /** Puts a new transaction under a name. The one before may still be read from, so it is left to be collected. */
  newTransaction(name: Uint8Array): void {
    this.#transactions.set(nameKey(name), found.makeTransaction(this.db))
  }
}

function nameKey(name: Uint8Array): string {
  return Buffer.from(name).toString('latin1')
}
