import { atMost, count, faster, row, told } from './target.mjs'

/** Work on the path of a cluster, with what crosses for it. */
const crossed = (work, text, unit, targets = []) =>
  row(
    `cluster-${work}`,
    `on a cluster's path: ${text}`,
    unit,
    { found: `cluster/found/${work}`, 'npm foundationdb': `cluster/foundationdb/${work}` },
    [
      atMost(
        '<= 1 wake-up in a round of the event loop',
        (value) => value(`cluster/found/${work} wake-ups`) / value(`cluster/found/${work} rounds`),
        1,
        count,
      ),
      ...targets,
      told('wake-ups for 1,000', (value) => 1000 * value(`cluster/found/${work} wake-ups`), count),
      told('crossings for 1,000', (value) => 1000 * value(`cluster/found/${work} crossings`), count),
    ],
  )

/** No slower than the other binding on the same client library. */
const noSlower = (work) => faster('npm foundationdb', `cluster/foundationdb/${work}`, `cluster/found/${work}`, 1)

export const rows = [
  crossed('get', '`get` one after the other', 'get', [noSlower('get')]),
  crossed('together', '100 concurrent `get`s', 'get', [noSlower('together')]),
  crossed('rows', 'ranges of 1,000 rows, `all(query())`', 'row', [noSlower('rows')]),
  crossed('commits', 'small read-write transactions, 64 at a time', 'transaction', [noSlower('commits')]),
]
