/**
 * What is run: suites, their peers, how many rounds, and sizes.
 */

/** Sizes of a full run, and of a quick one, which only shows that everything works. */
export const SIZES = {
  full: {
    stretch: 700,
    commits: 1000,
    pairs: 1_000_000,
    first: 20_000,
    rows: 10_000,
    increments: 3200,
    crossings: 20_000,
    triples: 1_000_000,
    blob: 100_000_000,
    records: 100_000,
    documents: 20_000,
    searches: 300,
    changes: 100,
    starts: 15,
    transactions: 1_000_000,
  },
  quick: {
    stretch: 40,
    commits: 100,
    pairs: 20_000,
    first: 1000,
    rows: 1000,
    increments: 128,
    crossings: 1000,
    triples: 200_000,
    blob: 10_000_000,
    records: 5000,
    documents: 400,
    searches: 20,
    changes: 10,
    starts: 2,
    transactions: 4000,
  },
}

const js = (peer, options) => ({ peer, kind: 'js', ...options })
const cluster = (peer) => ({ peer, kind: 'cluster' })
const python = (peer) => ({ peer, kind: 'python' })

export const SUITES = [
  {
    name: 'kv',
    rounds: 5,
    peers: [
      js('found'),
      js('foundationdb'),
      python('reference'),
      { peer: 'engine', kind: 'engine' },
      js('found file'),
      js('foundationdb file'),
      python('reference file'),
      js('lmdb'),
      js('better-sqlite3'),
      js('classic-level'),
    ],
  },
  { name: 'cluster', rounds: 3, peers: [cluster('found'), cluster('foundationdb')] },
  { name: 'disk', rounds: 5, peers: [js('disk')] },
  { name: 'tuple', rounds: 5, peers: [js('found'), js('fdb-tuple')] },
  { name: 'bstore', rounds: 5, peers: [js('found')] },
  { name: 'nstore', rounds: 3, peers: [js('found'), js('found file'), python('reference'), js('oxigraph'), js('n3')] },
  { name: 'eavstore', rounds: 3, peers: [js('found'), js('found file'), python('reference')] },
  { name: 'pstore', rounds: 3, peers: [js('found'), python('reference'), js('minisearch')] },
  { name: 'vnstore', rounds: 3, peers: [js('found'), python('reference')] },
  { name: 'startup', rounds: 3, peers: [js('found')] },
  { name: 'growth', rounds: 3, peers: [js('found')] },
  { name: 'memory', rounds: 1, peers: [js('pairs', { collects: true }), js('steady', { collects: true })] },
]
