/**
 * What the specification leaves to each binding: options, watches, cancellation, retry limits, timeouts.
 *
 * Thrown errors end the tester.
 */

import assert from 'node:assert/strict'

import * as found from '../index.js'

const TRANSACTION_CANCELLED = 1025
const TRANSACTION_TOO_OLD = 1007
const TIMED_OUT = 1031

/** Runs them all. Options of the database are put back as they were. */
export async function runUnitTests(db: found.Database): Promise<void> {
  databaseOptions(db)
  await transactionOptions(db)
  await watches(db)
  await cancellation(db)
  await retryLimits(db)
  await timeouts(db)
  predicates()
  const status = JSON.parse(await found.getClientStatus(db)) as { Healthy?: boolean }
  assert.equal(status.Healthy, true)
}

async function fails(promise: Promise<unknown>, code: number): Promise<void> {
  await assert.rejects(promise, { name: 'FdbError', errno: code })
}

function databaseOptions(db: found.Database): void {
  found.databaseSetOption(db, 'location_cache_size', 100_001)
  found.databaseSetOption(db, 'max_watches', 100_001)
  found.databaseSetOption(db, 'datacenter_id', 'dc_id')
  found.databaseSetOption(db, 'machine_id', 'machine_id')
  found.databaseSetOption(db, 'snapshot_ryw_enable')
  found.databaseSetOption(db, 'snapshot_ryw_disable')
  found.databaseSetOption(db, 'snapshot_ryw_enable')
  found.databaseSetOption(db, 'transaction_timeout', 100_000)
  found.databaseSetOption(db, 'transaction_timeout', 0)
  found.databaseSetOption(db, 'transaction_max_retry_delay', 100)
  found.databaseSetOption(db, 'transaction_max_retry_delay', 1000)
  found.databaseSetOption(db, 'transaction_retry_limit', 10)
  found.databaseSetOption(db, 'transaction_retry_limit', -1)
}

async function transactionOptions(db: found.Database): Promise<void> {
  await found.transactional(db, async (tx) => {
    found.setOption(tx, 'priority_system_immediate')
    found.setOption(tx, 'priority_batch')
    found.setOption(tx, 'causal_read_risky')
    found.setOption(tx, 'causal_write_risky')
    found.setOption(tx, 'read_your_writes_disable')
    found.setOption(tx, 'read_system_keys')
    found.setOption(tx, 'access_system_keys')
    found.setOption(tx, 'transaction_logging_max_field_length', 1000)
    found.setOption(tx, 'timeout', 60_000)
    found.setOption(tx, 'retry_limit', 50)
    found.setOption(tx, 'max_retry_delay', 100)
    found.setOption(tx, 'used_during_commit_protection_disable')
    found.setOption(tx, 'debug_transaction_identifier', 'my_transaction')
    found.setOption(tx, 'log_transaction')
    found.setOption(tx, 'read_lock_aware')
    found.setOption(tx, 'lock_aware')
    found.setOption(tx, 'include_port_in_address')
    await found.get(tx, Buffer.of(0xff))
  })
}

async function watches(db: found.Database): Promise<void> {
  await found.transactional(db, (tx) => {
    found.set(tx, 'w0', '0')
    found.set(tx, 'w3', '3')
    found.clear(tx, 'w1')
  })
  const set = await found.transactional(db, (tx) => ['w0', 'w1', 'w3'].map((key) => found.watch(tx, key)))
  const settled: number[] = []
  const changes = set.map((watch, index) => watch.changed.then(() => settled.push(index)))
  // A change to the same value is none, and clearing what is not there changes nothing.
  await found.transactional(db, (tx) => {
    found.set(tx, 'w0', '0')
    found.clear(tx, 'w1')
  })
  assert.deepEqual(settled, [])
  await found.transactional(db, (tx) => {
    found.set(tx, 'w0', 'a')
    found.set(tx, 'w1', 'b')
    found.bitXor(tx, 'w3', Buffer.of(0xff, 0xff))
  })
  await Promise.all(changes)
}

async function cancellation(db: found.Database): Promise<void> {
  await using tx = found.makeTransaction(db)
  found.cancel(tx)
  await fails(found.commit(tx), TRANSACTION_CANCELLED)
  found.reset(tx)
  await found.commit(tx)
  found.reset(tx)
  found.cancel(tx)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TRANSACTION_CANCELLED)
  await fails(found.commit(tx), TRANSACTION_CANCELLED)
  found.reset(tx)
  await found.get(tx, 'foo')
  found.cancel(tx)
  await fails(found.readVersion(tx), TRANSACTION_CANCELLED)
}

async function retryLimits(db: found.Database): Promise<void> {
  await using tx = found.makeTransaction(db)
  found.setOption(tx, 'retry_limit', 1)
  found.set(tx, 'foo', 'bar')
  await found.onError(tx, TRANSACTION_TOO_OLD)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TRANSACTION_TOO_OLD)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TRANSACTION_CANCELLED)
  found.reset(tx)
  for (let retry = 0; retry < 3; retry++) await found.onError(tx, TRANSACTION_TOO_OLD)
  found.setOption(tx, 'retry_limit', 1)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TRANSACTION_TOO_OLD)

  found.databaseSetOption(db, 'transaction_retry_limit', 1)
  found.reset(tx)
  await found.onError(tx, TRANSACTION_TOO_OLD)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TRANSACTION_TOO_OLD)
  found.databaseSetOption(db, 'transaction_retry_limit', -1)
}

async function timeouts(db: found.Database): Promise<void> {
  await using tx = found.makeTransaction(db)
  found.setOption(tx, 'timeout', 10)
  // Nothing else may change the key, so only the timeout ends the watch.
  await fails(neverChanged(tx), TIMED_OUT)
  await fails(found.commit(tx), TIMED_OUT)
  await fails(found.onError(tx, TRANSACTION_TOO_OLD), TIMED_OUT)
  found.reset(tx)
  await found.commit(tx)

  found.databaseSetOption(db, 'transaction_timeout', 10)
  found.reset(tx)
  await fails(neverChanged(tx), TIMED_OUT)
  found.databaseSetOption(db, 'transaction_timeout', 0)
}

/** Waits until the transaction has timed out. */
async function neverChanged(tx: found.Transaction): Promise<void> {
  for (;;) {
    await found.get(tx, 'foo')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function predicates(): void {
  assert.equal(new found.FdbError(1020).retryable, true)
  assert.equal(new found.FdbError(10).retryable, false)
}
