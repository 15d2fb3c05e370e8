/**
 * The options of FoundationDB 7.3 by name, and what each takes; `void` is nothing.
 *
 * Written by scripts/generate_lib_types.mjs; not edited by hand.
 */

/** The options of the network, for `networkSetOption`. Their meaning is FoundationDB's. */
export interface NetworkOptions {
  /** Option 10. */
  local_address: string | Uint8Array
  /** Option 20. */
  cluster_file: string | Uint8Array
  /** Option 30. */
  trace_enable: string | Uint8Array | void
  /** Option 31. */
  trace_roll_size: number | bigint
  /** Option 32. */
  trace_max_logs_size: number | bigint
  /** Option 33. */
  trace_log_group: string | Uint8Array
  /** Option 34. */
  trace_format: string | Uint8Array
  /** Option 35. */
  trace_clock_source: string | Uint8Array
  /** Option 36. */
  trace_file_identifier: string | Uint8Array
  /** Option 37. */
  trace_share_among_client_threads: void
  /** Option 38. */
  trace_initialize_on_setup: void
  /** Option 39. */
  trace_partial_file_suffix: string | Uint8Array
  /** Option 40. */
  knob: string | Uint8Array
  /** Option 41. */
  tls_plugin: string | Uint8Array
  /** Option 42. */
  tls_cert_bytes: Uint8Array | string
  /** Option 43. */
  tls_cert_path: string | Uint8Array
  /** Option 45. */
  tls_key_bytes: Uint8Array | string
  /** Option 46. */
  tls_key_path: string | Uint8Array
  /** Option 47. */
  tls_verify_peers: Uint8Array | string
  /** Option 48. */
  buggify_enable: void
  /** Option 49. */
  buggify_disable: void
  /** Option 50. */
  buggify_section_activated_probability: number | bigint
  /** Option 51. */
  buggify_section_fired_probability: number | bigint
  /** Option 52. */
  tls_ca_bytes: Uint8Array | string
  /** Option 53. */
  tls_ca_path: string | Uint8Array
  /** Option 54. */
  tls_password: string | Uint8Array
  /** Option 60. */
  disable_multi_version_client_api: void
  /** Option 61. */
  callbacks_on_external_threads: void
  /** Option 62. */
  external_client_library: string | Uint8Array
  /** Option 63. */
  external_client_directory: string | Uint8Array
  /** Option 64. */
  disable_local_client: void
  /** Option 65. */
  client_threads_per_version: number | bigint
  /** Option 66. */
  future_version_client_library: string | Uint8Array
  /** Option 67. */
  retain_client_library_copies: void
  /** Option 68. */
  ignore_external_client_failures: void
  /** Option 69. */
  fail_incompatible_client: void
  /** Option 70. */
  disable_client_statistics_logging: void
  /** Option 71. */
  enable_slow_task_profiling: void
  /** Option 71. */
  enable_run_loop_profiling: void
  /** Option 72. */
  disable_client_bypass: void
  /** Option 80. */
  client_buggify_enable: void
  /** Option 81. */
  client_buggify_disable: void
  /** Option 82. */
  client_buggify_section_activated_probability: number | bigint
  /** Option 83. */
  client_buggify_section_fired_probability: number | bigint
  /** Option 90. */
  distributed_client_tracer: string | Uint8Array
  /** Option 91. */
  client_tmp_dir: string | Uint8Array
  /** Option 1000. */
  supported_client_versions: string | Uint8Array
  /** Option 1001. */
  external_client: void
  /** Option 1002. */
  external_client_transport_id: number | bigint
}

/** The options of a database, for `databaseSetOption`. Their meaning is FoundationDB's. */
export interface DatabaseOptions {
  /** Option 10. */
  location_cache_size: number | bigint
  /** Option 20. */
  max_watches: number | bigint
  /** Option 21. */
  machine_id: string | Uint8Array
  /** Option 22. */
  datacenter_id: string | Uint8Array
  /** Option 26. */
  snapshot_ryw_enable: void
  /** Option 27. */
  snapshot_ryw_disable: void
  /** Option 405. */
  transaction_logging_max_field_length: number | bigint
  /** Option 500. */
  transaction_timeout: number | bigint
  /** Option 501. */
  transaction_retry_limit: number | bigint
  /** Option 502. */
  transaction_max_retry_delay: number | bigint
  /** Option 503. */
  transaction_size_limit: number | bigint
  /** Option 504. */
  transaction_causal_read_risky: void
  /** Option 505. */
  transaction_include_port_in_address: void
  /** Option 506. */
  transaction_automatic_idempotency: void
  /** Option 700. */
  transaction_bypass_unreadable: void
  /** Option 701. */
  transaction_used_during_commit_protection_disable: void
  /** Option 702. */
  transaction_report_conflicting_keys: void
  /** Option 800. */
  use_config_database: void
  /** Option 900. */
  test_causal_read_risky: number | bigint
}

/** @internal */
export const databaseOptionNames: readonly (keyof DatabaseOptions)[] = [
  'location_cache_size',
  'max_watches',
  'machine_id',
  'datacenter_id',
  'snapshot_ryw_enable',
  'snapshot_ryw_disable',
  'transaction_logging_max_field_length',
  'transaction_timeout',
  'transaction_retry_limit',
  'transaction_max_retry_delay',
  'transaction_size_limit',
  'transaction_causal_read_risky',
  'transaction_include_port_in_address',
  'transaction_automatic_idempotency',
  'transaction_bypass_unreadable',
  'transaction_used_during_commit_protection_disable',
  'transaction_report_conflicting_keys',
  'use_config_database',
  'test_causal_read_risky',
]

/** The options of a transaction, for `setOption`. Their meaning is FoundationDB's. */
export interface TransactionOptionValues {
  /** Option 10. */
  causal_write_risky: void
  /** Option 20. */
  causal_read_risky: void
  /** Option 21. */
  causal_read_disable: void
  /** Option 23. */
  include_port_in_address: void
  /** Option 30. */
  next_write_no_write_conflict_range: void
  /** Option 40. */
  commit_on_first_proxy: void
  /** Option 50. */
  check_writes_enable: void
  /** Option 51. */
  read_your_writes_disable: void
  /** Option 52. */
  read_ahead_disable: void
  /** Option 507. */
  read_server_side_cache_enable: void
  /** Option 508. */
  read_server_side_cache_disable: void
  /** Option 509. */
  read_priority_normal: void
  /** Option 510. */
  read_priority_low: void
  /** Option 511. */
  read_priority_high: void
  /** Option 110. */
  durability_datacenter: void
  /** Option 120. */
  durability_risky: void
  /** Option 130. */
  durability_dev_null_is_web_scale: void
  /** Option 200. */
  priority_system_immediate: void
  /** Option 201. */
  priority_batch: void
  /** Option 300. */
  initialize_new_database: void
  /** Option 301. */
  access_system_keys: void
  /** Option 302. */
  read_system_keys: void
  /** Option 303. */
  raw_access: void
  /** Option 304. */
  bypass_storage_quota: void
  /** Option 400. */
  debug_dump: void
  /** Option 401. */
  debug_retry_logging: string | Uint8Array
  /** Option 402. */
  transaction_logging_enable: string | Uint8Array
  /** Option 403. */
  debug_transaction_identifier: string | Uint8Array
  /** Option 404. */
  log_transaction: void
  /** Option 405. */
  transaction_logging_max_field_length: number | bigint
  /** Option 406. */
  server_request_tracing: void
  /** Option 500. */
  timeout: number | bigint
  /** Option 501. */
  retry_limit: number | bigint
  /** Option 502. */
  max_retry_delay: number | bigint
  /** Option 503. */
  size_limit: number | bigint
  /** Option 504. */
  idempotency_id: string | Uint8Array
  /** Option 505. */
  automatic_idempotency: void
  /** Option 600. */
  snapshot_ryw_enable: void
  /** Option 601. */
  snapshot_ryw_disable: void
  /** Option 700. */
  lock_aware: void
  /** Option 701. */
  used_during_commit_protection_disable: void
  /** Option 702. */
  read_lock_aware: void
  /** Option 710. */
  first_in_batch: void
  /** Option 711. */
  use_provisional_proxies: void
  /** Option 712. */
  report_conflicting_keys: void
  /** Option 713. */
  special_key_space_relaxed: void
  /** Option 714. */
  special_key_space_enable_writes: void
  /** Option 800. */
  tag: string | Uint8Array
  /** Option 801. */
  auto_throttle_tag: string | Uint8Array
  /** Option 900. */
  span_parent: Uint8Array | string
  /** Option 1000. */
  expensive_clear_cost_estimation_enable: void
  /** Option 1100. */
  bypass_unreadable: void
  /** Option 1101. */
  use_grv_cache: void
  /** Option 1102. */
  skip_grv_cache: void
  /** Option 2000. */
  authorization_token: string | Uint8Array | void
}
