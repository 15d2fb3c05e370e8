import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import test, { type ExecutionContext } from 'ava'

import * as found from '../index.js'
import { FdbError, set, transactional } from '../index.js'
import { traceTransactions } from '../lib/opentelemetry.js'
import { signal, target } from './support.js'

/** A provider that keeps the spans it is given, and what it has been given for one database. */
function provider(t: ExecutionContext): { exporter: InMemorySpanExporter; tracerProvider: BasicTracerProvider } {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  t.teardown(() => tracerProvider.shutdown())
  return { exporter, tracerProvider }
}

test.serial('a span for each run, with an event for each further attempt', async (t) => {
  const { exporter, tracerProvider } = provider(t)
  t.teardown(traceTransactions({ tracerProvider }))
  const name = target('memory:spans')
  await using db = await found.open(name)

  await transactional(db, (tx) => {
    set(tx, 'a', '1')
    if (tx.attempt === 1) throw new FdbError(1020)
  })
  await transactional(db, (tx) => found.get(tx, 'a'))

  const [writes, reads] = exporter.getFinishedSpans()
  t.is(writes!.name, `transaction ${name}`)
  t.is(writes!.kind, SpanKind.CLIENT)
  t.is(writes!.status.code, SpanStatusCode.UNSET)
  const {
    'foundationdb.transaction.commit_bytes': bytes,
    'foundationdb.transaction.committed_version': version,
    ...others
  } = writes!.attributes
  t.true((bytes as number) > 0)
  t.regex(version as string, /^[1-9]\d*$/)
  t.deepEqual(others, {
    'db.system.name': 'foundationdb',
    'db.operation.name': 'transaction',
    'db.namespace': name,
    'foundationdb.transaction.attempts': 2,
  })
  t.deepEqual(
    writes!.events.map((event) => [event.name, event.attributes]),
    [
      [
        'retry',
        {
          'foundationdb.transaction.attempt': 2,
          'error.type': 'not_committed',
          'db.response.status_code': '1020',
        },
      ],
    ],
  )
  t.deepEqual(reads!.events, [])
  t.false('foundationdb.transaction.committed_version' in reads!.attributes)
})

test.serial('a run that fails is a span with an error', async (t) => {
  const { exporter, tracerProvider } = provider(t)
  t.teardown(traceTransactions({ tracerProvider }))
  await using db = await found.open(target('memory:'))

  await t.throwsAsync(() => transactional(db, (tx) => set(tx, 'k'.repeat(10_001), '')), { code: 'key_too_large' })
  await t.throwsAsync(() => transactional(db, () => Promise.reject(new RangeError('mine'))))
  await t.throwsAsync(() => transactional(db, () => Promise.reject('text')), { any: true })

  const [large, mine, text] = exporter.getFinishedSpans()
  for (const span of [large, mine, text]) t.is(span!.status.code, SpanStatusCode.ERROR)
  t.is(large!.attributes['error.type'], 'key_too_large')
  t.is(large!.attributes['db.response.status_code'], '2102')
  t.is(mine!.attributes['error.type'], 'RangeError')
  t.false('db.response.status_code' in mine!.attributes)
  t.is(mine!.status.message, 'mine')
  t.is(text!.attributes['error.type'], '_OTHER')
})

test.serial('the parent is the span that is active where the run begins', async (t) => {
  const { exporter, tracerProvider } = provider(t)
  const manager = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  t.teardown(() => context.disable())
  t.teardown(traceTransactions({ tracerProvider }))
  await using db = await found.open(target('memory:'))

  const outer = tracerProvider.getTracer('test').startSpan('request')
  await context.with(trace.setSpan(ROOT_CONTEXT, outer), () => transactional(db, (tx) => set(tx, 'a', '1')))
  outer.end()

  const [inner] = exporter.getFinishedSpans()
  t.is(inner!.parentSpanContext?.spanId, outer.spanContext().spanId)
})

test.serial('after its end nothing new is traced, and what is under way ends', async (t) => {
  const { exporter, tracerProvider } = provider(t)
  const stop = traceTransactions({ tracerProvider })
  await using db = await found.open(target('memory:'))
  const [entered, go] = [signal(), signal()]
  const running = transactional(db, async (tx) => {
    entered.resolve()
    await go.promise
    set(tx, 'a', '1')
  })
  await entered.promise
  stop()
  stop()
  await transactional(db, (tx) => set(tx, 'b', '1'))
  t.is(exporter.getFinishedSpans().length, 0)
  go.resolve()
  await running
  t.is(exporter.getFinishedSpans().length, 1)
  await transactional(db, (tx) => set(tx, 'c', '1'))
  t.is(exporter.getFinishedSpans().length, 1)
})
