/**
 * The options of transactions that the shell's command `option` sets.
 */

import { setOption, type Transaction, type TransactionOptionValues } from '../../index.js'

import { Failure, named, UsageError } from '../failures.js'
import { read } from '../format/forms.js'

/** What an option takes. */
type Argument = 'nothing' | 'number' | 'bytes' | 'bytes or nothing'
/** The name of an option. */
export type OptionName = keyof TransactionOptionValues
/** A value for an option; undefined for one that takes nothing. */
export type OptionValue = number | Buffer | undefined

/** All options, and what they take. */
export const OPTIONS: Readonly<Record<OptionName, Argument>> = {
  access_system_keys: 'nothing',
  authorization_token: 'bytes or nothing',
  auto_throttle_tag: 'bytes',
  automatic_idempotency: 'nothing',
  bypass_storage_quota: 'nothing',
  bypass_unreadable: 'nothing',
  causal_read_disable: 'nothing',
  causal_read_risky: 'nothing',
  causal_write_risky: 'nothing',
  check_writes_enable: 'nothing',
  commit_on_first_proxy: 'nothing',
  debug_dump: 'nothing',
  debug_retry_logging: 'bytes',
  debug_transaction_identifier: 'bytes',
  durability_datacenter: 'nothing',
  durability_dev_null_is_web_scale: 'nothing',
  durability_risky: 'nothing',
  expensive_clear_cost_estimation_enable: 'nothing',
  first_in_batch: 'nothing',
  idempotency_id: 'bytes',
  include_port_in_address: 'nothing',
  initialize_new_database: 'nothing',
  lock_aware: 'nothing',
  log_transaction: 'nothing',
  max_retry_delay: 'number',
  next_write_no_write_conflict_range: 'nothing',
  priority_batch: 'nothing',
  priority_system_immediate: 'nothing',
  raw_access: 'nothing',
  read_ahead_disable: 'nothing',
  read_lock_aware: 'nothing',
  read_priority_high: 'nothing',
  read_priority_low: 'nothing',
  read_priority_normal: 'nothing',
  read_server_side_cache_disable: 'nothing',
  read_server_side_cache_enable: 'nothing',
  read_system_keys: 'nothing',
  read_your_writes_disable: 'nothing',
  report_conflicting_keys: 'nothing',
  retry_limit: 'number',
  server_request_tracing: 'nothing',
  size_limit: 'number',
  skip_grv_cache: 'nothing',
  snapshot_ryw_disable: 'nothing',
  snapshot_ryw_enable: 'nothing',
  span_parent: 'bytes',
  special_key_space_enable_writes: 'nothing',
  special_key_space_relaxed: 'nothing',
  tag: 'bytes',
  timeout: 'number',
  transaction_logging_enable: 'bytes',
  transaction_logging_max_field_length: 'number',
  use_grv_cache: 'nothing',
  use_provisional_proxies: 'nothing',
  used_during_commit_protection_disable: 'nothing',
}

/** The name of an option, if there is one of that name. */
export function optionName(word: string): OptionName {
  if (!Object.hasOwn(OPTIONS, word)) throw new UsageError(`there is no option ${word}; help options lists them`)
  return word as OptionName
}

/** The value that an option is given. */
export function optionValue(name: OptionName, word: string | undefined): OptionValue {
  const argument = OPTIONS[name]
  if (word === undefined) {
    if (argument.endsWith('nothing')) return undefined
    throw new UsageError(`option ${name}: takes a ${argument === 'number' ? 'number' : 'value'}`)
  }
  if (argument === 'nothing') throw new UsageError(`option ${name}: takes no value`)
  if (argument !== 'number') return named(`option ${name}`, () => read(word, 'text'))
  if (!/^-?[0-9]{1,15}$/.test(word)) throw new UsageError(`option ${name}: takes a whole number`)
  return Number(word)
}

/** Sets an option of a transaction. */
export function applyOption(tx: Transaction, name: OptionName, value: OptionValue): void {
  try {
    // The table above says what each one takes.
    ;(setOption as (tx: Transaction, name: string, ...value: OptionValue[]) => void)(
      tx,
      name,
      ...(value === undefined ? [] : [value]),
    )
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new Failure(`option ${name}: ${error.message}`)
    throw error
  }
}
