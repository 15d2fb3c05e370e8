/**
 * The status of a database in a few lines.
 */

import { bytes, count } from '../format/quantities.js'

/** What is looked at of the status; a cluster that cannot be reached tells less. */
interface Status {
  readonly client?: { readonly database_status?: { readonly available?: boolean; readonly healthy?: boolean } }
  readonly cluster?: {
    readonly configuration?: { readonly redundancy_mode?: string; readonly storage_engine?: string }
    readonly data?: { readonly total_kv_size_bytes?: number; readonly state?: { readonly name?: string } }
    readonly database_lock_state?: { readonly locked?: boolean }
    readonly processes?: Readonly<Record<string, { readonly version?: string }>>
    readonly recovery_state?: { readonly name?: string }
    readonly workload?: {
      readonly transactions?: {
        readonly committed?: { readonly hz?: number }
        readonly conflicted?: { readonly hz?: number }
      }
    }
    readonly messages?: readonly { readonly description?: string }[]
  }
}

/** The lines. */
export function summaryOf(target: string, status: Status): string[] {
  const { client, cluster } = status
  const processes = Object.values(cluster?.processes ?? {})
  const versions = [...new Set(processes.map(({ version }) => version))].join(', ')
  const { committed, conflicted } = cluster?.workload?.transactions ?? {}
  const size = cluster?.data?.total_kv_size_bytes
  const facts: [string, string | undefined][] = [
    ['database', target],
    ['available', yesOrNo(client?.database_status?.available)],
    ['healthy', yesOrNo(client?.database_status?.healthy)],
    ['recovery', cluster?.recovery_state?.name],
    ['data', cluster?.data?.state?.name],
    ['size', size === undefined ? undefined : bytes(size)],
    ['redundancy', cluster?.configuration?.redundancy_mode],
    ['storage', cluster?.configuration?.storage_engine],
    ['processes', processes.length === 0 ? undefined : `${processes.length}, version ${versions}`],
    ['commits', committed?.hz === undefined ? undefined : `${count(Math.round(committed.hz))} a second`],
    ['conflicts', conflicted?.hz === undefined ? undefined : `${count(Math.round(conflicted.hz))} a second`],
    ['locked', cluster?.database_lock_state?.locked ? 'yes' : undefined],
    ...(cluster?.messages ?? []).map(({ description }): [string, string | undefined] => ['message', description]),
  ]
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined)
  const width = Math.max(...known.map(([name]) => name.length))
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

function yesOrNo(value: boolean | undefined): string | undefined {
  if (value === undefined) return undefined
  return value ? 'yes' : 'no'
}
