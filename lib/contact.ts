/**
 * A warning where a cluster does not answer: FoundationDB itself waits for it, for ever and in silence.
 */

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { native, type DatabaseHandle } from './native.js'

/** @internal */
export const patience = { milliseconds: 5000 }

/** Where FoundationDB's packages put the cluster file. */
const DEFAULT_CLUSTER_FILES = {
  darwin: '/usr/local/etc/foundationdb/fdb.cluster',
  win32: 'C:\\ProgramData\\foundationdb\\fdb.cluster',
}

/**
 * Looks after the first contact with a cluster: it warns, once, if there is something that waits for the cluster and
 * nothing has come from it for some seconds.
 *
 * @internal
 */
export class Contact {
  readonly #handle: DatabaseHandle
  readonly #target: string | undefined
  #timer: NodeJS.Timeout | undefined
  #settled = false

  constructor(handle: DatabaseHandle, target: string | undefined) {
    this.#handle = handle
    this.#target = target
    this.#settled = native.silence(handle) === undefined
  }

  /** Somebody is about to ask the cluster for something. */
  expect(): void {
    if (!this.#settled && this.#timer === undefined) this.#lookIn(patience.milliseconds)
  }

  /** The database is closed. */
  end(): void {
    this.#settled = true
    clearTimeout(this.#timer)
  }

  #lookIn(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), milliseconds).unref()
  }

  #look(): void {
    this.#timer = undefined
    const silence = native.silence(this.#handle)
    if (silence === undefined) {
      this.#settled = true
    } else if (silence > 0 && native.openHandles(this.#handle) > 0) {
      const left = patience.milliseconds - silence
      if (left > 0) this.#lookIn(left)
      else this.#warn(silence)
    }
  }

  #warn(silence: number): void {
    this.#settled = true
    const file = clusterFile(this.#target)
    const message =
      `no contact with the cluster of ${file} for ${Math.round(silence / 1000)} s` +
      `${coordinators(file)}: is it running and reachable from here, is the cluster file the one that it has now, ` +
      'and is the client library of its version? What waits for it goes on waiting, for ever without a timeout'
    process.emitWarning(message, { code: 'FOUND_NO_CONTACT' })
  }
}

/** The cluster file that FoundationDB takes. */
function clusterFile(target: string | undefined): string {
  const named = target || process.env.FDB_CLUSTER_FILE
  if (named) return resolve(named)
  if (existsSync('fdb.cluster')) return resolve('fdb.cluster')
  const defaults: Partial<Record<NodeJS.Platform, string>> = DEFAULT_CLUSTER_FILES
  return defaults[process.platform] ?? '/etc/foundationdb/fdb.cluster'
}

/** What a cluster file says of where its coordinators are. */
function coordinators(file: string): string {
  try {
    const line = readFileSync(file, 'utf8').match(/^\s*[^#\s][^@\n]*@(\S+)/m)
    return line === null ? '' : `, whose coordinators are ${line[1]}`
  } catch {
    return ''
  }
}
