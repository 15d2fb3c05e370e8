import { count, faster, rate, row, times, told, within } from './target.mjs'

/** Every peer's value of one piece of work, in memory and in a file. */
const inMemory = (work) => ({
  found: `kv/found/${work}`,
  'npm foundationdb': `kv/foundationdb/${work}`,
  reference: `kv/reference/${work}`,
})
const inFile = (work) => ({
  found: `kv/found file/${work}`,
  'npm foundationdb': `kv/foundationdb file/${work}`,
  reference: `kv/reference file/${work}`,
  ...onDisk(work),
})
/** Those that have files only. */
const onDisk = (work) => ({
  lmdb: `kv/lmdb/${work}`,
  'better-sqlite3': `kv/better-sqlite3/${work}`,
  'classic-level': `kv/classic-level/${work}`,
})
/** What is measured in Rust: the limit. */
const inRust = (target, work) => ({
  'engine in Rust': `kv/engine/engine ${target} ${work}`,
  'redb in Rust': `kv/engine/redb ${target} ${work}`,
})

export const rows = [
  row('get-memory', '`get` one after the other in one transaction, memory', 'get',
    { ...inMemory('get'), ...onDisk('get'), ...inRust('memory', 'get') },
    [
      faster('npm foundationdb', 'kv/foundationdb/get', 'kv/found/get', 3),
      faster('the reference', 'kv/reference/get', 'kv/found/get', 10),
      faster('better-sqlite3', 'kv/better-sqlite3/get', 'kv/found/get', 2),
      faster("lmdb's getBinary", 'kv/lmdb/get', 'kv/found/get', 0.5),
      faster('the Rust engine', 'kv/engine/engine memory get', 'kv/found/get', 0.5),
    ]),
  row('get-file', '`get` one after the other in one transaction, file', 'get',
    { ...inFile('get'), ...inRust('file', 'get') },
    [
      faster('npm foundationdb', 'kv/foundationdb file/get', 'kv/found file/get', 3),
      faster('the reference', 'kv/reference file/get', 'kv/found file/get', 10),
      faster('better-sqlite3', 'kv/better-sqlite3/get', 'kv/found file/get', 2),
      faster("lmdb's getBinary", 'kv/lmdb/get', 'kv/found file/get', 0.5),
      faster('the Rust engine', 'kv/engine/engine file get', 'kv/found file/get', 0.5),
    ]),
  row('get-first', '`get` one after the other in one transaction, file: the first 20,000 after it was opened', 'get', inFile('first'), [
    told('compared with better-sqlite3', (value) => value('kv/better-sqlite3/first') / value('kv/found file/first'), times),
    told("compared with lmdb's getBinary", (value) => value('kv/lmdb/first') / value('kv/found file/first'), times),
  ]),
  row('together-memory', '100 concurrent `get`s in one transaction, memory', 'get', inMemory('together'), [
    faster('npm foundationdb', 'kv/foundationdb/together', 'kv/found/together', 4),
  ]),
  row('together-file', '100 concurrent `get`s in one transaction, file', 'get', inFile('together'), [
    faster('npm foundationdb', 'kv/foundationdb file/together', 'kv/found file/together', 4),
  ]),
  row('range-all-memory', 'range of 10,000 rows, `all(query())`, memory', 'row',
    { ...inMemory('all'), ...onDisk('all'), ...inRust('memory', 'range') },
    [
      faster('npm foundationdb', 'kv/foundationdb/all', 'kv/found/all', 5),
      faster('the reference', 'kv/reference/all', 'kv/found/all', 20),
      faster("lmdb's getRange", 'kv/lmdb/all', 'kv/found/all', 3),
      faster('better-sqlite3', 'kv/better-sqlite3/all', 'kv/found/all', 8),
      rate('rows', 'kv/found/all', 1e6),
    ]),
  row('range-each-memory', 'range of 10,000 rows, `for await`, memory', 'row', inMemory('each'), [
    faster('npm foundationdb', 'kv/foundationdb/each', 'kv/found/each', 5),
    faster('the reference', 'kv/reference/each', 'kv/found/each', 20),
    rate('rows', 'kv/found/each', 1e6),
  ]),
  row('range-all-file', 'range of 10,000 rows, `all(query())`, file', 'row',
    { ...inFile('all'), ...inRust('file', 'range') },
    [
      faster('npm foundationdb', 'kv/foundationdb file/all', 'kv/found file/all', 5),
      faster('the reference', 'kv/reference file/all', 'kv/found file/all', 20),
      faster("lmdb's getRange", 'kv/lmdb/all', 'kv/found file/all', 3),
      faster('better-sqlite3', 'kv/better-sqlite3/all', 'kv/found file/all', 8),
      rate('rows', 'kv/found file/all', 1e6),
    ]),
  row('range-each-file', 'range of 10,000 rows, `for await`, file', 'row', inFile('each'), [
    faster('npm foundationdb', 'kv/foundationdb file/each', 'kv/found file/each', 5),
    faster('the reference', 'kv/reference file/each', 'kv/found file/each', 20),
    rate('rows', 'kv/found file/each', 1e6),
  ]),
  row('commit-memory', 'small read-write transactions, one after the other, memory', 'transaction',
    { ...inMemory('commit'), ...inRust('memory', 'commit') },
    [
      faster('npm foundationdb', 'kv/foundationdb/commit', 'kv/found/commit', 3),
      rate('transactions', 'kv/found/commit', 20_000),
    ]),
  row('commit-file', 'small read-write transactions, file, durable, one at a time', 'transaction',
    { ...inFile('commit'), ...inRust('file', 'commit'), 'one fsync': 'disk/disk/fsync' },
    [within('one fsync', 'disk/disk/fsync', 'kv/found file/commit', 1.2)]),
  row('commit-together', 'small read-write transactions, file, durable, 64 at a time', 'transaction', inFile('commitTogether'), [
    faster('one at a time', 'kv/found file/commit', 'kv/found file/commitTogether', 20),
  ]),
  row('counter', '64 concurrent counters on one hot key, memory: read and write, with retries', 'increment', inMemory('count'), [
    told('no lost update (checked); throughput', (value) => 1e6 / value('kv/found/count'), (number) => `${count(number)}/s`),
  ]),
  row('counter-add', '64 concurrent counters on one hot key, memory: atomic add', 'increment', inMemory('add'), [
    faster('reading and writing', 'kv/found/count', 'kv/found/add', 50),
  ]),
  row('tuple-pack', 'pack ten typical tuples', 'tuple', { found: 'tuple/found/pack', 'fdb-tuple': 'tuple/fdb-tuple/pack' }, [
    faster('fdb-tuple', 'tuple/fdb-tuple/pack', 'tuple/found/pack', 1),
  ]),
  row('tuple-unpack', 'unpack them', 'tuple', { found: 'tuple/found/unpack', 'fdb-tuple': 'tuple/fdb-tuple/unpack' }, [
    faster('fdb-tuple', 'tuple/fdb-tuple/unpack', 'tuple/found/unpack', 1),
  ]),
]
