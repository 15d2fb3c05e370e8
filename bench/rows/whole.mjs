import { atMost, megabytes, milliseconds, row, times } from './target.mjs'

/**
 * Ten times the work may take 12 times as long, which is n log n from 100,000 to 1,000,000; twice that is allowed for,
 * because ten times the data falls out of the processor's caches. Quadratic cost would be 100 times.
 */
const GROWTH_MAX = 24

/** Ten times as many operations; values are for one of them, so that all took `perOperation` times that. */
const grows = (id, work, unit, less, more, perOperation = 10) =>
  row(id, work, unit, { before: `growth/found/${less}`, after: `growth/found/${more}` }, [
    atMost(
      `no worse than n log n (<= ${GROWTH_MAX}x for 10x)`,
      (value) => (value(`growth/found/${more}`) / value(`growth/found/${less}`)) * perOperation,
      GROWTH_MAX,
      times,
    ),
  ])

/** Here the operation itself is ten times as large, so its cost is compared as it is. */
const larger = (id, work, unit, less, more) => grows(id, work, unit, less, more, 1)

export const rows = [
  row('startup', 'process start to first `get`, memory', 'start', { 'bare node': 'startup/found/bare', found: 'startup/found/first' }, [
    atMost('< 60 ms over a bare node', (value) => value('startup/found/first') - value('startup/found/bare'), 60_000, milliseconds),
  ]),
  row('memory-pairs', 'memory of 1M pairs of 116 bytes', undefined, {}, [
    atMost('< 3x the raw bytes', (value) => value('memory/pairs/resident') / value('memory/pairs/raw'), 3, times),
  ]),
  row('memory-steady', 'memory while 1M transactions commit: the last quarter against the third', undefined, {}, [
    atMost(
      'resident set flat (+2%)',
      (value) => value('memory/steady/residentGrowth') / value('memory/steady/resident'),
      0.02,
      (number) => `${(number * 100).toFixed(2)}%`,
    ),
    atMost('heap flat (+0.5 MB)', (value) => value('memory/steady/heapGrowth'), 500_000, megabytes),
  ]),
  grows('growth-load', '10x data: loading it, memory', 'pair', 'load of a tenth', 'load of all'),
  grows('growth-get', '10x data: `get`', 'get', 'get of a tenth', 'get of all'),
  grows('growth-range', '10x data: a range of 100', 'range', 'range of a tenth', 'range of all'),
  grows('growth-commit', '10x data: a commit', 'transaction', 'commit of a tenth', 'commit of all'),
  grows('growth-together-100', '10x concurrency: 10 to 100 `get`s at once', 'get', 'together 10', 'together 100'),
  grows('growth-together-1000', '10x concurrency: 100 to 1,000', 'get', 'together 100', 'together 1000'),
  grows('growth-transactions-100', '10x concurrency: 10 to 100 transactions at once', 'transaction', 'transactions 10', 'transactions 100'),
  grows('growth-transactions-1000', '10x concurrency: 100 to 1,000', 'transaction', 'transactions 100', 'transactions 1000'),
  grows('growth-open-100', 'a commit beside 10 to 100 open transactions', 'transaction', 'open 10', 'open 100', 1),
  grows('growth-open-1000', 'beside 100 to 1,000', 'transaction', 'open 100', 'open 1000', 1),
  grows('growth-wide-1000', '10x writes in a transaction, each read back: 100 to 1,000', 'write', 'transaction of 100', 'transaction of 1000'),
  grows('growth-wide-10000', '1,000 to 10,000', 'write', 'transaction of 1000', 'transaction of 10000'),
  larger('growth-set-1000', '10x value size: commit 100 to 1,000 bytes', 'transaction', 'set 100', 'set 1000'),
  larger('growth-set-10000', '1,000 to 10,000 bytes', 'transaction', 'set 1000', 'set 10000'),
  larger('growth-set-100000', '10,000 to 100,000 bytes', 'transaction', 'set 10000', 'set 100000'),
  larger('growth-value-1000', '10x value size: `get` 100 to 1,000 bytes', 'get', 'value 100', 'value 1000'),
  larger('growth-value-10000', '1,000 to 10,000 bytes', 'get', 'value 1000', 'value 10000'),
  larger('growth-value-100000', '10,000 to 100,000 bytes', 'get', 'value 10000', 'value 100000'),
]
