/**
 * Why a row falls short where it does: what a profile shows to be left. Each is told below the table if one of the row's
 * targets is missed. `time(key)` is a value's median as text, `ratio(theirs, floor)` how many times a floor goes into it.
 */

const engine = (of, work) => `kv/engine/engine ${of} ${work}`

/** Reads of single keys: who runs on our library has the answer from the same call. */
const reading = (of, work, npm, reference) => (time, ratio) =>
  `The engine alone, called from Rust, takes ${time(engine(of, 'get'))}. npm foundationdb and the reference run on our library, ` +
  `where an answer is ready when the call returns, so that they pay for the same read and nothing waits: ` +
  `${ratio(npm, engine(of, 'get'))} of npm foundationdb and ${ratio(reference, engine(of, 'get'))} of the reference is all that any binding ` +
  `could reach${work === 'together' ? '' : ', and lmdb and better-sqlite3 make no promise for a value'}. perf: over half of a get is the search in ` +
  'the tree (some twenty comparisons, about ten of them cache misses, and one more for the value); the rest is reading ' +
  'the key from a Uint8Array, two handles of futures (that of the C API and ours), copying the value into a Buffer, and ' +
  'the promises of an async function.'

const ranging = (of, npm, reference) => (time, ratio) =>
  `The engine alone takes ${time(engine(of, 'range'))} for a row, walking the tree and copying the row out of it: ` +
  `${ratio(npm, engine(of, 'range'))} of npm foundationdb and ${ratio(reference, engine(of, 'range'))} of the reference is what no binding ` +
  'could pass, as both read from our library, in pages too (the reference makes two bytes objects of a row, which are ' +
  'cheaper than Buffers). perf: a third is in libc, half of that copying and a fifth comparing; another third is Node, ' +
  'making the two Buffers and the array of each row and collecting them; the rest is the walk.'

export const floors = {
  'get-memory': reading('memory', 'get', 'kv/foundationdb/get', 'kv/reference/get'),
  'get-file': reading('file', 'get', 'kv/foundationdb file/get', 'kv/reference file/get'),
  'together-memory': reading('memory', 'together', 'kv/foundationdb/together', 'kv/reference/together'),
  'together-file': reading('file', 'together', 'kv/foundationdb file/together', 'kv/reference file/together'),
  'range-all-memory': ranging('memory', 'kv/foundationdb/all', 'kv/reference/all'),
  'range-each-memory': ranging('memory', 'kv/foundationdb/each', 'kv/reference/each'),
  'range-all-file': ranging('file', 'kv/foundationdb file/all', 'kv/reference file/all'),
  'range-each-file': ranging('file', 'kv/foundationdb file/each', 'kv/reference file/each'),
  'nstore-load': (time) =>
    `A triple is three keys of some 45 bytes, so ${time('nstore/found/load')} is three times packing, writing, noting for conflicts and ` +
    'inserting into a tree in another order. perf: a quarter of it is adding (JavaScript and packing), the rest the commit: ' +
    '20% comparing keys that lie outside of the nodes, 23% malloc for keys, values and nodes, 10% copying nodes.',
  'bstore-write1': (time) =>
    `The layout of the reference names a blob's bytes by their BLAKE2b hash. OpenSSL's takes 1.0 ms of a processor for 1 MB here ` +
    `(node:crypto, measured by itself), where ten raw pairs take ${time('bstore/found/rawWrite1')}, clearing them included: the hash alone is ` +
    'over twice that, however the chunks are written.',
  'cluster-get': (time) =>
    `One at a time, ${time('cluster/found/get')} is the waking of the network's thread and of the event loop, which both bindings wait for. ` +
    'After each answer found-db has an immediate look for more (half of the crossings beside the calls), which is what keeps ' +
    'wake-ups at one for a round; it pays from two reads at a time on.',
  'counter-add': (time) =>
    `A conflict costs a retry and its delay, which makes ${time('kv/found/count')} for an increment that reads; one by atomic add is a ` +
    `whole transaction all the same, and takes ${time('kv/found/add')}. perf: 3 us are the transaction's handles and promises in ` +
    'JavaScript, the rest is the commit, half of it the new nodes of the tree (each commit leaves the tree before it to ' +
    'its readers). A fiftieth would be less than an empty transaction takes where conflicts are cheap, as here.',
}
