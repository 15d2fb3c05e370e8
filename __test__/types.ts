// What the types of the public face allow and refuse. Nothing here is run: the type checker reads it.

import * as found from '../index.js'

declare const db: found.Database
declare const tx: found.Transaction

/** Holds if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(..._proof: Same<A, B> extends true ? [] : ['types differ']): void {}

export async function types(): Promise<void> {
  same<Buffer | undefined, Awaited<ReturnType<typeof found.get>>>()
  same<bigint, Awaited<ReturnType<typeof found.readVersion>>>()
  const value = await found.transactional(db, async () => 1)
  same<number, typeof value>()
  for await (const row of found.query(tx, 'a', 'b')) same<found.Row, typeof row>()
  for await (const change of found.watchLoop(db, 'a')) same<Buffer | undefined, typeof change>()

  found.setOption(tx, 'timeout', 1)
  found.setOption(tx, 'timeout', 1n)
  found.setOption(tx, 'lock_aware')
  found.setOption(tx, 'tag', 'a')
  found.setOption(tx, 'authorization_token')
  found.databaseSetOption(db, 'max_watches', 1)
  found.networkSetOption('trace_enable')
  found.networkSetOption('trace_enable', '/tmp')
  void found.open('memory:', { max_watches: 1, transaction_causal_read_risky: true })

  // @ts-expect-error no such option
  found.setOption(tx, 'no_such')
  // @ts-expect-error an option by number
  found.setOption(tx, 500, 1)
  // @ts-expect-error no value
  found.setOption(tx, 'timeout')
  // @ts-expect-error a value too many
  found.setOption(tx, 'lock_aware', 1)
  // @ts-expect-error text for a number
  found.setOption(tx, 'timeout', '1')
  // @ts-expect-error a transaction's option
  found.databaseSetOption(db, 'timeout', 1)
  // @ts-expect-error no such option of a database
  void found.open('memory:', { no_such: 1 })
  // @ts-expect-error no such option
  void found.transactional(db, () => 1, { retries: 1 })
  // @ts-expect-error a number is no key
  void found.get(tx, 1)
  // @ts-expect-error a database is no transaction
  void found.get(db, 'a')
  // @ts-expect-error not a streaming mode
  found.query(tx, 'a', 'b', { mode: 9 })
  // @ts-expect-error undefined is no item
  found.pack([undefined])
  // @ts-expect-error a watch is no promise
  same<Promise<void>, found.Watch>()

  const error: unknown = undefined
  if (error instanceof found.FdbError && error.code === 'not_committed') same<number, typeof error.errno>()
  // @ts-expect-error not a name of FoundationDB's
  if (error instanceof found.FdbError && error.code === 'no_such_error') throw error
}
