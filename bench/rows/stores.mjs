import { atMost, count, faster, milliseconds, rate, row, told, within } from './target.mjs'

const of = (suite, work, peers) =>
  Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, `${suite}/${peer}/${work}`]))
const both = { found: 'found', 'found file': 'found file' }
const triples = { ...both, 'reference (file)': 'reference', oxigraph: 'oxigraph', n3: 'n3' }
const records = { ...both, 'reference (file)': 'reference' }
const search = { 'found (file)': 'found', 'reference (file)': 'reference', minisearch: 'minisearch' }
const history = { 'found (file)': 'found', 'reference (file)': 'reference' }

const pattern = (name, results) =>
  row(`nstore-${name}`, `nstore: a pattern with ${results} result${results === '1' ? '' : 's'}`, 'search', of('nstore', name, triples), [
    told('time', (value) => value(`nstore/found/${name}`), milliseconds),
  ])

const blob = (size, name, work, raw) =>
  row(`bstore-${name}`, `bstore: ${work} ${size}, memory`, 'MB', { found: `bstore/found/${name}`, 'raw pairs': `bstore/found/${raw}` }, [
    rate('MB', `bstore/found/${name}`, 200),
    within('raw pairs', `bstore/found/${raw}`, `bstore/found/${name}`, 2),
  ])

const asked = (words) =>
  row(`pstore-${words}`, `pstore: search ${words} keyword${words > 1 ? 's' : ''}, top 10`, 'search', of('pstore', `search${words}`, search), [
    faster('the reference', `pstore/reference/search${words}`, `pstore/found/search${words}`, 100),
  ])

const touched = (changes) => [
  row(`vnstore-ask-${changes}`, `vnstore: ask for a tuple that ${changes} change${changes > 1 ? 's have' : ' has'} touched`, 'ask', of('vnstore', `ask${changes}`, history), [
    faster('the reference', `vnstore/reference/ask${changes}`, `vnstore/found/ask${changes}`, 20),
  ]),
  row(`vnstore-query-${changes}`, 'vnstore: find ten of them', 'query', of('vnstore', `query${changes}`, history), [
    faster('the reference', `vnstore/reference/query${changes}`, `vnstore/found/query${changes}`, 20),
  ]),
]

export const rows = [
  row('nstore-load', 'nstore: load 1M triples, memory', 'triple', of('nstore', 'load', triples), [
    rate('triples', 'nstore/found/load', 100_000),
  ]),
  row('nstore-join', 'nstore: 3-pattern join over them, 500 solutions', 'join', of('nstore', 'join', triples), [
    faster('the reference', 'nstore/reference/join', 'nstore/found file/join', 30),
    within("oxigraph's", 'nstore/oxigraph/join', 'nstore/found/join', 3),
  ]),
  pattern('one', '1'),
  pattern('ten', '10'),
  pattern('many', '10,000'),
  row('pstore-index', 'pstore: index 20,000 documents, file', 'document', of('pstore', 'index', search), [
    told('rate', (value) => 1e6 / value('pstore/found/index'), (number) => `${count(number)}/s`),
  ]),
  asked(1),
  asked(2),
  asked(4),
  row('pstore-p99', 'pstore: the slowest hundredth of the searches', 'search', of('pstore', 'p99', search), [
    atMost('p99 < 10 ms', (value) => value('pstore/found/p99'), 10_000, milliseconds),
  ]),
  blob('1 MB', 'write1', 'write', 'rawWrite1'),
  blob('1 MB', 'read1', 'read', 'rawRead1'),
  blob('100 MB', 'write100', 'write', 'rawWrite100'),
  blob('100 MB', 'read100', 'read', 'rawRead100'),
  row('eavstore-create', 'eavstore: create 100,000 records, memory', 'record', of('eavstore', 'create', records), [
    faster('the reference', 'eavstore/reference/create', 'eavstore/found/create', 20),
  ]),
  row('eavstore-query', 'eavstore: find 100 of them by a value', 'query', of('eavstore', 'query', records), [
    faster('the reference', 'eavstore/reference/query', 'eavstore/found file/query', 20),
  ]),
  row('eavstore-both', 'eavstore: by a value and a range', 'query', of('eavstore', 'both', both), [
    told('time', (value) => value('eavstore/found/both'), milliseconds),
  ]),
  row('eavstore-get', 'eavstore: read one', 'record', of('eavstore', 'get', both), [
    told('time', (value) => value('eavstore/found/get'), milliseconds),
  ]),
  ...[1, 10, 100].flatMap(touched),
  row('vnstore-others', 'vnstore: find ten, with 10x the changes elsewhere', 'query', { before: 'vnstore/found/fewer', after: 'vnstore/found/more' }, [
    within('before', 'vnstore/found/fewer', 'vnstore/found/more', 1.5),
  ]),
]
