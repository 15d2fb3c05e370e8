/**
 * Databases: opening and closing, options, and what holds for the whole process.
 */

import { isMainThread } from 'node:worker_threads'

import { callable, text } from './arguments.js'
import { Contact } from './contact.js'
import { failed, FoundError } from './errors.js'
import { native, taken, type DatabaseHandle } from './native.js'
import { databaseOptionNames, type DatabaseOptions, type NetworkOptions } from './options.generated.js'
import type { Transaction, TransactionStats } from './transaction.js'

/**
 * What a program has run with each transaction of a database, in the order of the arrays. A hook that fails fails the
 * transaction, like its body.
 */
export interface Hooks {
  /** After the transaction is made, and at the beginning of each further attempt, when `tx.vars` is empty. */
  onBegin: ((tx: Transaction) => unknown)[]
  /** Before each commit, inside the transaction: what it writes commits with the rest. */
  onCommit: ((tx: Transaction) => unknown)[]
  /** Once, after the commit that succeeded; the transaction can still tell its committed version. */
  onPostCommit: ((tx: Transaction, stats: TransactionStats) => unknown)[]
}

/** @internal */
export class DatabaseState {
  readonly handle: DatabaseHandle
  /** What was given to `open`. */
  readonly target: string | undefined
  closing: Promise<void> | undefined
  /** Commits under way, which closing waits for. */
  readonly commits = new Set<Promise<unknown>>()
  /** The default for the timeout of its transactions, in milliseconds, if it has one. */
  timeout: number | undefined
  /** Of a cluster: who warns if it does not answer. */
  readonly contact: Contact | undefined

  constructor(handle: DatabaseHandle, target: string | undefined) {
    this.handle = handle
    this.target = target
    this.contact = isEmbedded(target) ? undefined : new Contact(handle, target)
  }
}

/** Whether a target, or what stands for one that is left out, names an embedded database. */
function isEmbedded(target: string | undefined): boolean {
  return /^(memory|file):/.test(target || (process.env.FDB_CLUSTER_FILE ?? ''))
}

/**
 * What a database has inside; a TypeError if it is none.
 *
 * @internal
 */
export let databaseState: (db: Database) => DatabaseState

/**
 * An open database, from `open`. It does not keep the process alive. `await using` closes it, and so does `close`.
 */
export class Database {
  readonly #state: DatabaseState
  /** What is run with each transaction of `transactional` and `transaction`; nothing at first. */
  readonly hooks: Hooks = { onBegin: [], onCommit: [], onPostCommit: [] }

  /** @internal */
  constructor(handle: DatabaseHandle, target: string | undefined) {
    this.#state = new DatabaseState(handle, target)
  }

  /** Closes the database: see `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return close(this)
  }

  static {
    databaseState = (db) => {
      if (typeof db !== 'object' || db === null || !(#state in db)) {
        throw new TypeError('db: expected a Database, which open gives')
      }
      return db.#state
    }
  }
}

/** @internal */
export function closedError(): FoundError {
  return new FoundError('FOUND_CLOSED', 'the database is closed')
}

/**
 * The handle of a database that is open.
 *
 * @internal
 */
export function openHandle(db: Database): DatabaseHandle {
  const state = databaseState(db)
  if (state.closing !== undefined) throw closedError()
  state.contact?.expect()
  return state.handle
}

/** The rest of the arguments for an option that takes such a value: none, one, or one that may be left out. */
export type OptionArgument<Value> = [Value] extends [void] ? [] : void extends Value ? [Value?] : [Value]

/** Options of a database by name; one that takes no value is given as `true`. */
export type OpenOptions = {
  readonly [Name in keyof DatabaseOptions]?:
    (DatabaseOptions[Name] extends void ? true : DatabaseOptions[Name]) | undefined
}

/**
 * Opens a database.
 *
 * | target        | database                                                                                        |
 * | ------------- | ----------------------------------------------------------------------------------------------- |
 * | left out      | the cluster of the environment's FDB_CLUSTER_FILE, else of ./fdb.cluster, else the system's own |
 * | a path        | the cluster of that cluster file                                                                |
 * | `memory:`     | a new embedded one in memory, which nobody else has                                             |
 * | `memory:NAME` | an embedded one in memory, shared by all who open that name in this process                     |
 * | `file:PATH`   | an embedded one in that file, made if there is none; durable; for one process at a time         |
 *
 * A cluster that cannot be reached opens all the same; its operations wait, or time out where a timeout is set. If they have
 * waited for 5 s and nothing has ever come from it, the process warns once (`FOUND_NO_CONTACT`; Node's option
 * `--disable-warning=FOUND_NO_CONTACT` silences it).
 *
 * @param options set as soon as the database is open: see `databaseSetOption`
 * @throws FdbError that says what to do: no cluster file, no client library or one too old, a database file that is
 *   locked, foreign or damaged
 */
export async function open(target?: string | undefined, options?: OpenOptions | undefined): Promise<Database> {
  if (target !== undefined) text(target, 'target')
  const settings = settingsOf(options)
  let db: Database
  try {
    db = new Database(await native.open(target), target)
  } catch (thrown) {
    throw failed(thrown)
  }
  try {
    for (const [name, value] of settings) setDatabaseOption(db, name, value === true ? undefined : value)
  } catch (error) {
    await close(db)
    throw error
  }
  return db
}

/** Names and values of an options object, inherited ones too; a name that is none is found when it is set. */
function settingsOf(options: OpenOptions | undefined): [string, unknown][] {
  if (options === undefined) return []
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options: expected an object of database options by name')
  }
  return [...new Set([...Object.keys(options), ...databaseOptionNames])]
    .map((name): [string, unknown] => [name, (options as Record<string, unknown>)[name]])
    .filter(([, value]) => value !== undefined)
}

/**
 * Closes a database. New calls are refused (`FOUND_CLOSED`); commits under way are waited for, those of a cluster 5 s at
 * most; then its transactions, ranges and watches end, whoever waits for them gets `FOUND_CLOSED`, and an embedded
 * database's file is free. Closing twice does nothing more. Nothing of it blocks the event loop.
 */
export async function close(db: Database): Promise<void> {
  const state = databaseState(db)
  state.closing ??= closeOnce(state)
  await state.closing
}

/** Milliseconds to wait for commits of a cluster, which may not answer; those of an embedded database always come. */
const COMMITS_PATIENCE = 5000

async function closeOnce(state: DatabaseState): Promise<void> {
  state.contact?.end()
  if (state.commits.size > 0) {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, COMMITS_PATIENCE).unref()
    })
    await Promise.race([Promise.allSettled(state.commits), patience])
    clearTimeout(timer)
  }
  await native.close(state.handle)
}

/**
 * Sets an option of the database. Those named `transaction_...` are defaults for transactions that are made or reset
 * afterwards.
 *
 * @throws TypeError for a name that is none and for a value of the wrong type
 */
export function databaseSetOption<Name extends keyof DatabaseOptions>(
  db: Database,
  option: Name,
  ...value: OptionArgument<DatabaseOptions[Name]>
): void {
  setDatabaseOption(db, option, value[0])
}

function setDatabaseOption(db: Database, option: string, value: unknown): void {
  const handle = openHandle(db)
  try {
    native.databaseOption(handle, option, value as number)
    if (option === 'transaction_timeout' && (typeof value === 'number' || typeof value === 'bigint')) {
      databaseState(db).timeout = Number(value)
    }
  } catch (thrown) {
    throw failed(thrown)
  }
}

/**
 * Sets an option of the network, which all clusters opened in this process share. Before the first database is
 * opened; later it is refused (2009, `network_already_setup`).
 */
export function networkSetOption<Name extends keyof NetworkOptions>(
  option: Name,
  ...value: OptionArgument<NetworkOptions[Name]>
): void {
  try {
    native.networkOption(option, value[0] as string | undefined)
  } catch (thrown) {
    throw failed(thrown)
  }
}

/**
 * The client's own status of a database, as JSON text: of a cluster, what its client library knows of connections.
 */
export async function getClientStatus(db: Database): Promise<string> {
  const handle = openHandle(db)
  try {
    const status = native.clientStatus(handle)
    return (typeof status === 'number' ? taken(status) : await status).toString()
  } catch (thrown) {
    throw failed(thrown)
  }
}

/** The version of the client: release, source id and protocol version, separated by commas. */
export function getClientVersion(): string {
  return native.clientVersion()
}

const networkHooks: (() => void)[] = []

/**
 * Has `callback` run when FoundationDB's network has ended, which is at the end of the process: synchronously, on the
 * main thread. What it throws is not caught.
 */
export function addNetworkThreadCompletionHook(callback: () => void): void {
  networkHooks.push(callable(callback, 'callback'))
}

if (isMainThread) {
  // The client library may crash in its own clean-up while its thread still runs.
  process.once('exit', () => {
    native.stopNetwork()
    native.settleClosings()
    for (const hook of networkHooks.splice(0)) hook()
  })
}
