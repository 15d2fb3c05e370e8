/**
 * Triples: a graph of people who know others, live in a city, work at a place; loaded, looked up by patterns and joined.
 */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mix } from '../lib/data.mjs'
import { expect, measure, once } from '../lib/measure.mjs'
import { versionOf } from '../lib/version_of.mjs'

const require = createRequire(import.meta.url)

const TRIPLES_EACH = 10
const KNOWN = 5
/** Patterns with so many results, by the tag that they ask for. */
const RESULTS = { one: 1, ten: 10, many: 10_000 }

/** The ten triples of a person. One in ten people has the tag `common`; the others share a rare one by tens. */
function triplesOf(person, people) {
  const id = `person${person}`
  const triples = []
  for (let n = 0; n < KNOWN; n++) triples.push([id, 'knows', `person${mix(person * KNOWN + n) % people}`])
  triples.push([id, 'lives in', `city${person % Math.max(1, people / 100)}`])
  triples.push([id, 'works at', `place${mix(person) % Math.max(1, people / 20)}`])
  triples.push([id, 'name', `Name ${person}`])
  triples.push([id, 'born', `${1940 + (person % 70)}`])
  triples.push([id, 'tag', person < RESULTS.many ? 'common' : `rare${Math.floor(person / 10)}`])
  return triples
}

async function run(job, store) {
  const { triples } = job.sizes
  const people = triples / TRIPLES_EACH
  const values = {}
  if (store.load) {
    const took = await once(() => store.load(people))
    values.load = took / triples
  }
  const rare = `rare${Math.floor(RESULTS.many / 10) + 7}`
  const patterns = {
    one: (i) => [`person${mix(i) % people}`, 'name', undefined],
    ten: () => [undefined, 'tag', rare],
    many: () => [undefined, 'tag', 'common'],
  }
  for (const [name, pattern] of Object.entries(patterns)) {
    const results = Math.min(RESULTS[name], people)
    values[name] = await measure(async (n) => {
      for (let i = 0; i < n; i++) {
        const got = await store.find(pattern(i))
        expect(got === results, `${got} results of ${results}`)
      }
    })
  }
  let joined = 0
  values.join = await measure(async (n) => {
    joined = 0
    for (let i = 0; i < n; i++) joined += await store.join(`city${i % 7}`)
    joined /= n
  })
  expect(joined > 450 && joined <= 100 * KNOWN, `about 500 solutions, not ${joined}`)
  await store.close?.()
  return { values, version: store.version }
}

async function foundStore(target, fill) {
  const found = await import('../../index.js')
  const { nstore } = found
  const db = await found.open(target)
  const store = nstore.make('triples', ['triples'], 3)
  const v = nstore.var
  const load = async (people) => {
    for (let from = 0; from < people; from += 500) {
      await found.transactional(db, (tx) => {
        for (let person = from; person < Math.min(people, from + 500); person++) {
          for (const triple of triplesOf(person, people)) nstore.add(tx, store, triple)
        }
      })
    }
  }
  return {
    ...(fill ? { load } : {}),
    find: (pattern) =>
      found.transactional(db, async (tx) => {
        const terms = pattern.map((term) => term ?? v('x'))
        return (await found.all(nstore.select(tx, store, terms))).filter(({ x }) => x !== undefined).length
      }),
    join: (city) =>
      found.transactional(db, async (tx) => {
        const solutions = nstore.query(tx, store, [
          [v('p'), 'lives in', city],
          [v('p'), 'knows', v('q')],
          [v('q'), 'works at', v('place')],
        ])
        return (await found.all(solutions)).filter(({ p, q, place }) => p && q && place).length
      }),
    close: () => found.close(db),
  }
}

async function oxigraph() {
  const ox = require('oxigraph')
  const store = new ox.Store()
  const iri = (text) => `<urn:x:${encodeURIComponent(text)}>`
  const node = (text) => ox.namedNode(`urn:x:${encodeURIComponent(text)}`)
  return {
    version: versionOf('oxigraph'),
    async load(people) {
      for (let from = 0; from < people; from += 5000) {
        const lines = []
        for (let person = from; person < Math.min(people, from + 5000); person++) {
          for (const [s, p, o] of triplesOf(person, people)) lines.push(`${iri(s)} ${iri(p)} ${iri(o)} .`)
        }
        store.load(lines.join('\n'), { format: 'application/n-triples', lenient: true, no_transaction: true })
      }
    },
    async find([s, p, o]) {
      const quads = store.match(s && node(s), p && node(p), o && node(o), null)
      return quads.filter((quad) => (s ? quad.object : quad.subject).value).length
    },
    async join(city) {
      const solutions = store.query(`SELECT ?p ?q ?place WHERE {
        ?p ${iri('lives in')} ${iri(city)} . ?p ${iri('knows')} ?q . ?q ${iri('works at')} ?place }`)
      return solutions.filter((s) => s.get('p').value && s.get('q').value && s.get('place').value).length
    },
  }
}

/** n3 has no joins: they are loops over its lookups, which is what its user would write. */
async function n3() {
  const { DataFactory, Store } = await import('n3')
  const store = new Store()
  const node = (text) => DataFactory.namedNode(`urn:x:${encodeURIComponent(text)}`)
  return {
    version: versionOf('n3'),
    async load(people) {
      for (let person = 0; person < people; person++) {
        for (const [s, p, o] of triplesOf(person, people)) store.addQuad(node(s), node(p), node(o))
      }
    },
    async find([s, p, o]) {
      const quads = store.getQuads(s && node(s), p && node(p), o && node(o), null)
      return quads.filter((quad) => (s ? quad.object : quad.subject).value).length
    },
    async join(city) {
      const solutions = []
      const [livesIn, knows, worksAt] = ['lives in', 'knows', 'works at'].map(node)
      for (const p of store.getSubjects(livesIn, node(city), null)) {
        for (const q of store.getObjects(p, knows, null)) {
          for (const place of store.getObjects(q, worksAt, null)) solutions.push({ p, q, place })
        }
      }
      return solutions.length
    },
  }
}

export const peers = {
  found: async (job) => run(job, await foundStore('memory:', true)),
  'found file': async (job) => {
    const path = `${job.scratch}/nstore`
    return run(job, await foundStore(`file:${path}`, !existsSync(path)))
  },
  oxigraph: async (job) => run(job, await oxigraph()),
  n3: async (job) => run(job, await n3()),
}
