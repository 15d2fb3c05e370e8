import test from 'ava'

import * as found from '../../index.js'
import { bstore, eavstore, nstore, pstore } from '../../index.js'
import { page } from './client.js'
import { fill, HOSTILE, PNG } from './data.js'

const BORDERS = { prefix: ['demo', 'borders'], columns: 3 }
const near = { variable: 'near' }
const far = { variable: 'far' }

test('stores are guessed by the look of their keys', async (t) => {
  const made = await page(t)
  t.deepEqual(await made.ask('stores', {}), { stores: [] })
  await fill(made.db)
  const { stores } = await made.ask('stores', {})
  t.deepEqual(
    stores.map(({ kind, prefix, columns }) => [kind, prefix, columns]),
    [
      ['eavstore', ['demo', 'countries'], undefined],
      ['bstore', ['demo', 'texts'], undefined],
      ['pstore', ['demo', 'words'], undefined],
      ['nstore', ['demo', 'borders'], 3],
      ['vnstore', ['demo', 'facts'], 3],
    ],
  )
})

test('patterns of a tuple store give what their variables stand for, page by page', async (t) => {
  const made = await page(t)
  const store = nstore.make('borders', ['demo', 'borders'], 3)
  const pairs = [['PRT', 'ESP'], ['ESP', 'PRT'], ['ESP', 'FRA'], ['ESP', 'AND']] as const
  await found.transactional(made.db, (tx) => pairs.forEach(([one, other]) => nstore.add(tx, store, [one, 'borders', other])))
  const patterns = [['PRT', 'borders', near], [near, 'borders', far]]
  const ask = { store: BORDERS, patterns, reorder: false, offset: 0, limit: 2 }
  const first = await made.ask('nstore/query', ask)
  t.deepEqual(first.variables, ['near', 'far'])
  t.deepEqual([first.rows, first.more], [[['ESP', 'AND'], ['ESP', 'FRA']], true])
  t.deepEqual(first.steps.map(({ pattern, known }) => [pattern, known]), [[0, 2], [1, 2]])
  const second = await made.ask('nstore/query', { ...ask, offset: 2 })
  t.deepEqual([second.rows, second.more], [[['ESP', 'PRT']], false])
  const none = await made.ask('nstore/query', { ...ask, patterns: [['PRT', 'borders', 'ESP']] })
  t.deepEqual([none.variables, none.rows], [[], [[]]])

  t.is((await made.refused('nstore/query', { ...ask, patterns: [['PRT', near]] })).status, 400)
  t.regex((await made.refused('nstore/query', { ...ask, patterns: [['PRT', near]] })).message, /expected 3 columns/)
  for (const bad of [{ patterns: [] }, { store: { prefix: [], columns: 13 } }, { patterns: [[{ variable: '' }, 1, 2]] }, { offset: 1e9 }]) {
    t.is((await made.refused('nstore/query', { ...ask, ...bad })).status, 400, JSON.stringify(bad))
  }
})

test('a page of large tuples ends early', async (t) => {
  const made = await page(t)
  const store = nstore.make('large', ['large'], 1)
  for (let batch = 0; batch < 4; batch++) {
    await found.transactional(made.db, (tx) => {
      for (let at = 0; at < 100; at++) nstore.add(tx, store, [`${batch * 100 + at}`.padStart(4, '0').padEnd(9000, 'x')])
    })
  }
  const large = { store: { prefix: ['large'], columns: 1 }, patterns: [[near]], reorder: false, limit: 500 }
  const first = await made.ask('nstore/query', { ...large, offset: 0 })
  t.true(first.more && first.rows.length < 200, String(first.rows.length))
  const rest = await made.ask('nstore/query', { ...large, offset: first.rows.length })
  t.is(String(rest.rows[0]?.[0]).slice(0, 4), String(first.rows.length).padStart(4, '0'))
})

test('documents are found by their words, with scores', async (t) => {
  const made = await page(t)
  const words = pstore.make('words', ['words'], { ranking: 'bm25' })
  await found.transactional(made.db, async (tx) => {
    await pstore.index(tx, words, 'one', { patent: 3, the: 9 })
    await pstore.index(tx, words, 'two', { patent: 1, the: 1, [HOSTILE.slice(0, 20)]: 2 })
    await pstore.index(tx, words, 3, { the: 1 })
  })
  const store = { prefix: ['words'] }
  const search = { store, keywords: ['patent'], limit: 1 }
  const counted = await made.ask('pstore/search', { ...search, ranking: 'count' })
  t.deepEqual(counted, { rows: [{ docuid: 'one', score: 3 }], more: true })
  const ranked = await made.ask('pstore/search', { ...search, ranking: 'bm25', limit: 10 })
  t.deepEqual(ranked.rows.map(({ docuid }) => docuid).sort(), ['one', 'two'])
  t.false(ranked.more)
  const document = await made.ask('pstore/document', { store, docuid: 'one' })
  t.deepEqual(document, { known: true, words: [['the', 9], ['patent', 3]], more: false })
  t.deepEqual(await made.ask('pstore/document', { store, docuid: 'none' }), { known: false, words: [], more: false })

  const plain = pstore.make('plain', ['plain'])
  await found.transactional(made.db, (tx) => pstore.index(tx, plain, 'one', { patent: 1 }))
  const refused = await made.refused('pstore/search', { ...search, store: { prefix: ['plain'] }, ranking: 'bm25' })
  t.deepEqual([refused.status, refused.code], [422, 'FOUND_PSTORE_STATISTICS'])
})

test('records come page by page, and by conditions', async (t) => {
  const made = await page(t)
  const records = eavstore.make('countries', ['countries'])
  const uuid = found.Uuid.random()
  await found.transactional(made.db, async (tx) => {
    await eavstore.create(tx, records, { name: 'Andorra', area: 468, landlocked: true }, 'AND')
    await eavstore.create(tx, records, { name: 'Chad', area: 1_284_000, landlocked: true }, 'TCD')
    await eavstore.create(tx, records, { name: 'France', area: 551_695, landlocked: false }, 'FRA')
    await eavstore.create(tx, records, { name: HOSTILE, __proto__: undefined, key: Buffer.of(1) }, uuid)
  })
  const store = { prefix: ['countries'] }
  const first = await made.ask('eavstore/records', { store, limit: 3 })
  t.deepEqual(first.rows.map(({ uid }) => uid), ['AND', 'FRA', 'TCD'])
  t.deepEqual(first.rows[0]?.attributes, [['area', 468], ['landlocked', true], ['name', 'Andorra']])
  const second = await made.ask('eavstore/records', { store, limit: 3, after: first.end ?? '' })
  t.deepEqual([first.more, second.more], [true, false])
  t.deepEqual(second.rows, [{ uid: { uuid: String(uuid) }, attributes: [['key', { bytes: '01' }], ['name', HOSTILE]] }])

  const ask = async (...list: [string, 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'exists', unknown][]) => {
    const conditions = list.map(([attribute, operator, value]) => ({ attribute, operator, value: value as never }))
    const { rows } = await made.ask('eavstore/query', { store, conditions, offset: 0, limit: 10 })
    return rows.map(({ uid }) => uid)
  }
  t.deepEqual(await ask(['landlocked', 'eq', true]), ['AND', 'TCD'])
  t.deepEqual(await ask(['area', 'gt', 468], ['area', 'lte', 551_695]), ['FRA'])
  t.deepEqual(await ask(['landlocked', 'eq', true], ['area', 'gte', 1000]), ['TCD'])
  t.deepEqual(await ask(['key', 'exists', null]), [{ uuid: String(uuid) }])
  const conditions = [{ attribute: 'area', operator: 'exists' as const, value: null }]
  const page2 = await made.ask('eavstore/query', { store, conditions, offset: 2, limit: 1 })
  t.deepEqual([page2.rows.length, page2.more], [1, false])
  t.is((await made.refused('eavstore/query', { store, conditions: [{ attribute: 'a', operator: 'like', value: 1 }], offset: 0, limit: 1 })).status, 400)
})

test('blobs are listed, looked at and kept; only images are shown as images', async (t) => {
  const made = await page(t)
  const blobs = bstore.make('blobs', ['blobs'])
  const large = Buffer.alloc(300_000, 'abc')
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
  const [png, html, empty, vector] = await found.transactional(made.db, async (tx) => [
    await bstore.getOrCreate(tx, blobs, PNG),
    await bstore.getOrCreate(tx, blobs, HOSTILE),
    await bstore.getOrCreate(tx, blobs, ''),
    await bstore.getOrCreate(tx, blobs, svg),
  ])
  const big = await bstore.write(made.db, blobs, large)
  const store = { prefix: ['blobs'] }
  const first = await made.ask('bstore/blobs', { store, limit: 3 })
  const second = await made.ask('bstore/blobs', { store, limit: 3, after: first.end ?? '' })
  const rows = [...first.rows, ...second.rows]
  t.deepEqual([first.more, second.more, rows.length], [true, false, 5])
  const row = (uid: found.Uuid) => rows.find((row) => row.uid === String(uid))
  t.deepEqual(rows.filter(({ image }) => image).map(({ uid }) => uid), [String(png)])
  t.deepEqual([row(big)?.size, row(empty)?.size], [300_000, 0])
  const piece = await made.ask('bstore/piece', { store, uid: String(big), start: 299_998, length: 10 })
  t.deepEqual(piece, { size: 300_000, hex: Buffer.from('bc').toString('hex') })

  const prefix = found.pack(['blobs']).toString('hex')
  const get = (path: string, uid: found.Uuid | string) => made.fetch(`/${path}?prefix=${prefix}&uid=${uid}`)
  for (const [uid, bytes] of [[big, large], [html, Buffer.from(HOSTILE)], [empty, Buffer.alloc(0)]] as const) {
    const kept = await get('blob', uid)
    t.is(kept.headers.get('content-type'), 'application/octet-stream')
    t.is(kept.headers.get('content-disposition'), `attachment; filename="${uid}.bin"`)
    t.true(Buffer.from(await kept.arrayBuffer()).equals(bytes))
  }
  const shown = await get('image', png)
  t.is(shown.headers.get('content-type'), 'image/png')
  t.is(shown.headers.get('content-security-policy'), "default-src 'none'; sandbox")
  t.is(shown.headers.get('x-content-type-options'), 'nosniff')
  t.true(Buffer.from(await shown.arrayBuffer()).equals(PNG))
  for (const uid of [html, vector, big, empty]) t.is((await get('image', uid)).status, 415, String(uid))
  for (const path of ['blob', 'image']) {
    t.is((await get(path, found.Uuid.random())).status, 404)
    t.is((await get(path, '../../etc/passwd')).status, 400)
    t.is((await made.fetch(`/${path}?prefix=zz&uid=${png}`)).status, 400)
  }
  t.is((await made.fetch('/../package.json')).status, 404)
  t.is((await made.fetch('/assets/..%2f..%2fserver.js')).status, 404)
})
