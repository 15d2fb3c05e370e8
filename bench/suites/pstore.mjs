/**
 * Search: documents cut from the texts of the SPDX licences, found by one, two and four of their words, the top ten.
 */

import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mix } from '../lib/data.mjs'
import { expect, once, quantile } from '../lib/measure.mjs'
import { versionOf } from '../lib/version_of.mjs'

const require = createRequire(import.meta.url)
const LIMIT = 10
const PARAGRAPHS = 4
const KEYWORDS = [1, 2, 4]

/** Makes the documents: four paragraphs of two licences each. */
export function corpus() {
  const licences = require('spdx-license-list/full')
  const texts = Object.keys(licences)
    .sort()
    .map((id) => licences[id].licenseText.split(/\n\s*\n/).filter((paragraph) => paragraph.length > 80))
    .filter((paragraphs) => paragraphs.length > 0)
  const pick = (list, number) => list[mix(number) % list.length]
  return (n) => {
    const pair = [pick(texts, 2 * n), pick(texts, 2 * n + 1)]
    const text = Array.from({ length: PARAGRAPHS }, (_, at) => pick(pair[at % 2], 8 * n + at)).join('\n')
    return text.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu)
  }
}

/** Searches for words that some document has, `count` at a time. */
export function searches(wordsOf, documents, count, many) {
  return Array.from({ length: many }, (_, n) => {
    const words = [...new Set(wordsOf(mix(n + count * 1000) % documents))]
    const from = mix(n * 31 + count) % Math.max(1, words.length - count)
    return words.slice(from, from + count)
  })
}

async function run(job, store) {
  const { documents, searches: many } = job.sizes
  const wordsOf = corpus()
  const values = {}
  if (store.load) values.index = (await once(() => store.load(documents, wordsOf))) / documents
  let slowest = []
  for (const count of KEYWORDS) {
    const asked = searches(wordsOf, documents, count, many)
    for (const words of asked.slice(0, Math.min(20, many))) await store.search(words)
    const times = []
    for (const words of asked) {
      times.push(await once(async () => expect((await store.search(words)) > 0, `hits for ${words.join(' ')}`)))
    }
    times.sort((a, b) => a - b)
    values[`search${count}`] = times.reduce((sum, time) => sum + time, 0) / times.length
    slowest.push(quantile(times, 0.99))
  }
  values.p99 = Math.max(...slowest)
  await store.close?.()
  return { values, version: store.version }
}

const counted = (words) => {
  const counter = new Map()
  for (const word of words) counter.set(word, (counter.get(word) ?? 0) + 1)
  return counter
}

async function foundStore(target, fill) {
  const found = await import('../../index.js')
  const { pstore } = found
  const db = await found.open(target)
  const store = pstore.make('licences', ['licences'])
  const load = async (documents, wordsOf) => {
    for (let from = 0; from < documents; from += 50) {
      const counters = []
      for (let n = from; n < Math.min(documents, from + 50); n++) counters.push([n, counted(wordsOf(n))])
      await found.transactional(db, async (tx) => {
        for (const [n, counter] of counters) await pstore.index(tx, store, n, counter)
      })
    }
  }
  return {
    ...(fill ? { load } : {}),
    search: async (words) => (await found.transactional(db, (tx) => pstore.search(tx, store, words, LIMIT))).length,
    close: () => found.close(db),
  }
}

async function minisearch() {
  const { default: MiniSearch } = await import('minisearch')
  const index = new MiniSearch({ fields: ['words'], tokenize: (text) => text.split(' ') })
  return {
    version: versionOf('minisearch'),
    async load(documents, wordsOf) {
      for (let n = 0; n < documents; n++) index.add({ id: n, words: wordsOf(n).join(' ') })
    },
    search: async (words) => index.search(words.join(' '), { combineWith: 'AND' }).slice(0, LIMIT).length,
  }
}

export const peers = {
  found: async (job) => {
    const path = `${job.scratch}/pstore`
    const answer = await run(job, await foundStore(`file:${path}`, !existsSync(path)))
    // For the reference, which is too slow to be asked all of them.
    const wordsOf = corpus()
    const asked = KEYWORDS.map((count) => [count, searches(wordsOf, job.sizes.documents, count, 8)])
    writeFileSync(`${job.scratch}/searches.json`, JSON.stringify(Object.fromEntries(asked)))
    return answer
  },
  minisearch: async (job) => run(job, await minisearch()),
}
