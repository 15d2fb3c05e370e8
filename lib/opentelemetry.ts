/**
 * Spans for OpenTelemetry: the module `found-db/opentelemetry`. It needs `@opentelemetry/api`, which a program that has
 * OpenTelemetry has anyway, and speaks to it through the events that `lib/diagnostics.ts` describes.
 */

import { channel, tracingChannel } from 'node:diagnostics_channel'

import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes, Span, TracerProvider } from '@opentelemetry/api'

import { checkedOptions } from './arguments.js'
import type { TransactionRetry, TransactionTrace } from './diagnostics.js'
import { findFdbError } from './errors.js'

/** Where spans go. */
export interface TraceOptions {
  /** Who makes the spans; the provider that the program has registered if left out. */
  readonly tracerProvider?: TracerProvider | undefined
}

function provider(value: unknown, name: string): void {
  if (typeof (value as TracerProvider | null)?.getTracer !== 'function') {
    throw new TypeError(`${name}: expected a TracerProvider, which has getTracer`)
  }
}

/**
 * Makes a span for each run of `transactional`, on all databases of this thread, from now on. Its parent is the span that
 * is active where `transactional` is called.
 *
 * | of the span | |
 * | --- | --- |
 * | name | `transaction`, and what was given to `open` |
 * | kind | client |
 * | `db.system.name`, `db.operation.name` | `foundationdb`, `transaction` |
 * | `db.namespace` | what was given to `open`, if something was |
 * | `error.type` | of a run that failed: the error's `code`, or its class if it has none; the status is then an error |
 * | `db.response.status_code` | of a run that failed with an error of FoundationDB: its number, as text |
 * | `foundationdb.transaction.attempts` | how many attempts it took |
 * | `foundationdb.transaction.commit_bytes` | the approximate size of what was committed |
 * | `foundationdb.transaction.committed_version` | the version it has committed at, as text |
 * | an event `retry` for each further attempt | `foundationdb.transaction.attempt`, from 2; `error.type` and `db.response.status_code` of the attempt before |
 *
 * Names that begin with `db.` or `error.` are those of OpenTelemetry's semantic conventions for databases.
 *
 * ```js
 * import { traceTransactions } from 'found-db/opentelemetry'
 *
 * const stop = traceTransactions()
 * ```
 *
 * @returns ends it: there are no spans of what begins afterwards
 */
export function traceTransactions(options?: TraceOptions | undefined): () => void {
  const { tracerProvider } = checkedOptions(options, { tracerProvider: provider })
  const tracer = (tracerProvider ?? trace).getTracer('found-db')
  /** Those that have not ended. */
  const spans = new Map<TransactionTrace, Span>()
  let stopped = false
  const runs = tracingChannel<unknown, TransactionTrace>('found-db.transaction')
  const retries = channel('found-db.transaction.retry')

  const subscribers = {
    start(run: TransactionTrace): void {
      const { target } = run
      const name = target === undefined ? 'transaction' : `transaction ${target}`
      const attributes: Attributes = { 'db.system.name': 'foundationdb', 'db.operation.name': 'transaction' }
      if (target !== undefined) attributes['db.namespace'] = target
      spans.set(run, tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }))
    },
    error(run: TransactionTrace): void {
      const span = spans.get(run)
      if (span === undefined) return
      const message = run.error instanceof Error ? run.error.message : String(run.error)
      span.setAttributes(failure(run.error)).setStatus({ code: SpanStatusCode.ERROR, message })
    },
    asyncEnd(run: TransactionTrace): void {
      const span = spans.get(run)
      if (span === undefined) return
      span.setAttribute('foundationdb.transaction.attempts', run.attempts)
      if (run.stats !== undefined) span.setAttribute('foundationdb.transaction.commit_bytes', run.stats.commitBytes)
      if (run.committedVersion !== undefined) {
        span.setAttribute('foundationdb.transaction.committed_version', String(run.committedVersion))
      }
      span.end()
      spans.delete(run)
      if (stopped && spans.size === 0) unsubscribe()
    },
    end(): void {},
    asyncStart(): void {},
  }
  const onRetry = (message: unknown): void => {
    const { transaction, attempt, error } = message as TransactionRetry
    spans.get(transaction)?.addEvent('retry', { 'foundationdb.transaction.attempt': attempt, ...failure(error) })
  }

  const unsubscribe = (): void => {
    runs.unsubscribe(subscribers)
    retries.unsubscribe(onRetry)
  }

  runs.subscribe(subscribers)
  retries.subscribe(onRetry)
  return () => {
    if (stopped) return
    stopped = true
    // Runs under way still end their spans.
    runs.start.unsubscribe(subscribers.start as (run: unknown) => void)
    if (spans.size === 0) unsubscribe()
  }
}

/** What the conventions have for an error. */
function failure(error: unknown): Attributes {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; name?: unknown }
  const type = typeof code === 'string' ? code : typeof name === 'string' ? name : '_OTHER'
  const errno = findFdbError(error)?.errno
  return errno === undefined ? { 'error.type': type } : { 'error.type': type, 'db.response.status_code': String(errno) }
}
