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
  'cheaper than Buffers). perf of `all` in memory: 49% is Node with its compiled JavaScript, making the two Buffers and the array of each ' +
  'row and collecting them; 18% the engine and the library above it; 14% libc, most of it copying; 19% the system, half of that ' +
  'clearing new memory.'

export const floors = {
  'get-memory': reading('memory', 'get', 'kv/foundationdb/get', 'kv/reference/get'),
  'get-file': reading('file', 'get', 'kv/foundationdb file/get', 'kv/reference file/get'),
  'together-memory': reading('memory', 'together', 'kv/foundationdb/together', 'kv/reference/together'),
  'together-file': reading('file', 'together', 'kv/foundationdb file/together', 'kv/reference file/together'),
  'range-all-memory': ranging('memory', 'kv/foundationdb/all', 'kv/reference/all'),
  'range-each-memory': ranging('memory', 'kv/foundationdb/each', 'kv/reference/each'),
  'range-all-file': ranging('file', 'kv/foundationdb file/all', 'kv/reference file/all'),
  'range-each-file': ranging('file', 'kv/foundationdb file/each', 'kv/reference file/each'),
  'commit-file': (time) =>
    `A commit is one write to the file's log and one fsync; redb alone, called from Rust, takes ${time('kv/engine/redb file commit')}. By ` +
    "stages, timed within one run in which a loop of fsyncs took 95 us each: 28 us until the committing thread is awake (a sync is nobody's " +
    'to wait for on the thread of the event loop), 11 us the changes in the tree, 157 us the write and its fsync, which takes so ' +
    'long where the processor has gone idle since the last (the same when Node waits for fs.fdatasync: 184 to 209 us), 20 us ' +
    'to have it seen by readers, some 45 us until the event loop is awake, and the rest the transaction in JavaScript.',
  'commit-together': (time, ratio) =>
    `One at a time takes ${time('kv/found file/commit')}; 64 at a time share one sync, but each has its read, its promises, its ` +
    `conflict check and its row besides, ${time('kv/found/commit')} as a commit in memory shows: ` +
    `${ratio('kv/found file/commit', 'kv/found/commit')} is what would be left if syncs took no time at all. By stages, a batch of 64 ` +
    'takes 0.5 ms on the committing thread (a third of it the sync, the rest 64 changes in the tree and redb making them ' +
    'seen); JavaScript has its 64 transactions before and after it.',
  'nstore-join': (time) =>
    `A join is some 600 range reads (a city, whom each of its 100 people knows, where each of those works), all in ` +
    `${time('nstore/found file/join')}, what leads to them and what comes back included. The reference reads them one after the other ` +
    'from the same library. perf: 63% is our library, of all a fifth the search in the tree and comparing its keys, ' +
    'the rest what each read has beside it: its conflict range, its future, its page. 13% is in libc, 14% is Node.',
  'eavstore-create': (time) =>
    `A record of five values is ten keys, which have to be packed, written, noted for conflicts and put into the tree: ` +
    `${time('eavstore/found/create')}, where ten pairs as they are take ten times ${time('kv/found/load')}. The reference does the same ` +
    'on the same library. perf: 60% is our library, of all a fifth asking for memory and its pages (the system clears them: 10%) ' +
    'and 13% copying nodes of the tree, as a commit of thousands of keys leaves the tree before it to its readers; 12% is in ' +
    'libc, comparing and copying, 11% Node.',
  'eavstore-query': (time) =>
    `A hundred uids in ${time('eavstore/found file/query')}: the reference reads the same rows from the same library. perf: 48% the ` +
    "library, half of that redb's iterator and what calls it; 18% libc, most of it copying; 18% Node, 11% compiled JavaScript, " +
    'which makes the uids.',
  'bstore-write100': (time) =>
    `The layout of the reference names a blob's bytes by their BLAKE2b hash, which has no parts that could be made at once: 1 GB/s on ` +
    `a processor, with its vector instructions. Raw pairs take ${time('bstore/found/rawWrite100')} for 1 MB, less than that hash, and come ` +
    'after the blob was removed, in memory that the process has already. Four times in one process, 1 MB took 1.45 to 1.8 ms of a ' +
    'processor in the program (the hash, and the copies: the bytes are the caller\'s to change once the call was made) and 2.5, 2.7, 0.7 and 0.3 ms in the ' +
    'system, clearing pages of memory that the process had not had before: over a third of all by perf, most of it for the ' +
    'copy of the whole blob that JavaScript makes.',
  'pstore-4': (time) =>
    `All postings of the shorter lists are read and a candidate is looked up in the others, as the layout has nothing that would tell which ` +
    `documents cannot be among the best: ${time('pstore/found/search4')}, where the engine alone takes ` +
    `${time(engine('file', 'range'))} for a row. perf, of searches with 1, 2 and 4 words together: 43% is walking over ` +
    'the rows of the lists in the tree and copying them out, 12% looking single keys up, 11% merging, 6% unpacking the counters of the ten ' +
    'hits, 3% scoring, a fifth Node.',
  'pstore-p99': (time) =>
    `These are searches for words that almost every document has, whose lists of up to 20,000 rows are read whole: ` +
    `${time('pstore/found/p99')}, where the engine alone takes ${time(engine('file', 'range'))} for a row. perf, of all searches: 43% is ` +
    'walking over such rows in the tree and copying them out, 11% merging. Where the file was opened anew, their pages come from the system first.',
  'nstore-load': (time) =>
    `A triple is three keys of some 45 bytes, so ${time('nstore/found/load')} is three times packing, writing, noting for conflicts and ` +
    'inserting into a tree in another order. perf: 62% is our library, of all a sixth copying nodes of the tree and freeing ' +
    'those before (a commit of 15,000 keys leaves the tree before it to its readers), a seventh the tree of own writes; ' +
    '10% is comparing keys, 9% the system clearing new pages, 10% JavaScript and Node.',
  'bstore-write1': (time) =>
    `The layout of the reference names a blob's bytes by their BLAKE2b hash. OpenSSL's takes 1.0 ms of a processor for 1 MB here ` +
    `(node:crypto, measured by itself), ours with vector instructions about as long, where ten raw pairs take ` +
    `${time('bstore/found/rawWrite1')}: the hash alone is far over twice that, however the chunks are written. Of ` +
    `${time('bstore/found/write1')} little is left beside it, one copy of the bytes and adding them as pairs.`,
  'cluster-get': (time) =>
    `One at a time, ${time('cluster/found/get')} is the waking of the network's thread and of the event loop, which both bindings wait for. ` +
    'After each answer found-db has an immediate look for more (half of the crossings beside the calls), which is what keeps ' +
    'wake-ups at one for a round; it pays from two reads at a time on. Tried without the look where only one read was on its way: ' +
    '0.99x and 1.01x instead of 0.99x and 0.94x (two times three rounds, in turns), with more than one wake-up for a round now and then, so it stays.',
  'counter-add': (time) =>
    `A conflict costs a retry and its delay, which makes ${time('kv/found/count')} for an increment that reads; one by atomic add is a ` +
    `whole transaction all the same, and takes ${time('kv/found/add')}. perf: 57% is our library, spread thin (the most that one function has is 8%, ` +
    'asking for memory), 6% libc, 18% Node and 5% compiled JavaScript, which have the promises, 12% the system. A fiftieth would be less than an empty transaction takes where conflicts are cheap, as here.',
  'commit-memory': (time) =>
    `The engine alone takes ${time('kv/engine/engine memory commit')} of it. A transaction with nothing in it takes some 1.4 us here, a get in it 1.5 us ` +
    'more (with the read version), a write and its commit 3 us, in a tree of a thousand rows. perf: of the empty one, over half is Node, ' +
    'the promises of the run, its body and whoever waits for it; a third is the library. Of one that reads and writes, 55% are the ' +
    'library (a quarter of that the search for the key), 5% libc, 32% Node and the compiled JavaScript.',
  'cluster-together': (time) =>
    `Both bindings ask the same of the client library, and ${time('cluster/foundationdb/together')} of npm foundationdb shows what it takes; ` +
    'the crate foundationdb besides looks twice whether a future is ready, each time at the cost of the lock that the library has. perf: ' +
    "40% is the kernel, waking the network's thread and taking turns at its locks, a fifth the client library, a fifth Node, and 6% our native module.",
  'cluster-commits': (time) =>
    `Both bindings ask the same of the client library, and ${time('cluster/foundationdb/commits')} of npm foundationdb shows what it takes. perf: ` +
    "35% is the kernel, waking the network's thread and taking turns at its locks, 30% the client library with the commit itself, " +
    'a seventh the memory it asks for, an eighth Node, and 4% our native module.',
  'vnstore-ask-10': () =>
    'The reference reads the same rows from the same library: the changes of the tuple, and for each whether it is applied, and when. ' +
    'perf: 70% is our library, spread thin (a sixth of all redb finding a row and going on from it, a tenth asking for memory and giving ' +
    'it back), 13% libc comparing and copying, 13% Node and compiled JavaScript.',
  'vnstore-ask-1': () =>
    'Each ask is a transaction of its own, of which one with nothing in it takes some 1.4 us. perf, of one that asks in a file: half is our ' +
    'library, spread thin (a twelfth of all asking for memory and giving it back), 10% libc, 28% Node and 8% compiled JavaScript, most of it ' +
    'the promises of the run. With more changes on a tuple the transaction weighs less.',
}
