/**
 * A database to look at: countries, borders, licences, facts with a history, settings, and values that try to be HTML.
 */

import { createRequire } from 'node:module'

import * as found from '../../index.js'
import { bstore, eavstore, nstore, pstore, vnstore } from '../../index.js'

interface Country {
  readonly cca3: string
  readonly name: { readonly common: string }
  readonly region: string
  readonly area: number
  readonly landlocked: boolean
  readonly capital: readonly string[]
  readonly borders: readonly string[]
}

interface Licence {
  readonly name: string
  readonly osiApproved: boolean
  readonly licenseText: string
}

const require = createRequire(import.meta.url)
const countries = require('world-countries/countries.json') as Country[]
const licences = require('spdx-license-list/full') as Record<string, Licence>

/** What would run if a value were taken for HTML. */
export const HOSTILE = '<img src="x" onerror="document.title=\'run\'"><script>document.title=\'run\'</script>'

/** An image of one red pixel, 64 times as large. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQAY3Y2wAAAAAElFTkSuQmCC',
  'base64',
)

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="run"</script></svg>'
const LICENCES = 40

/** Fills a database. */
export async function fill(db: found.Database): Promise<void> {
  await settings(db)
  await atlas(db)
  await library(db)
  await facts(db)
}

async function settings(db: found.Database): Promise<void> {
  await found.transactional(db, (tx) => {
    found.set(tx, found.pack(['app', 'config', 'colour']), 'teal')
    found.set(tx, found.pack(['app', 'config', 'limits']), JSON.stringify({ rows: 500, depth: 4, tags: ['a', 'b'] }))
    found.set(tx, found.pack(['app', 'config', 'origin']), found.pack(['Paris', 48.8567, 2.3522]))
    found.set(tx, found.pack(['app', 'counter']), Buffer.from('2a00000000000000', 'hex'))
    found.set(tx, found.pack(['app', 'hostile', HOSTILE]), HOSTILE)
    found.set(tx, found.pack(['app', 'id', new found.Uuid('0741c7a8-7ce4-2c82-1807-2e8c35bf992d')]), '')
    found.set(tx, Buffer.from('fe00ff01', 'hex'), Buffer.from('00ff00ff', 'hex'))
    found.set(tx, 'raw/settings.ini', 'colour = teal\nrows = 500\n')
    for (let at = 0; at < 5000; at++) found.set(tx, found.pack(['log', 2026, at]), `entry ${at}: ${'.'.repeat(40)}`)
  })
}

async function atlas(db: found.Database): Promise<void> {
  const records = eavstore.make('countries', ['demo', 'countries'])
  const borders = nstore.make('borders', ['demo', 'borders'], 3)
  await found.transactional(db, async (tx) => {
    for (const { cca3, name, region, area, landlocked, capital, borders: neighbours } of countries) {
      const [first] = capital
      await eavstore.create(tx, records, { name: name.common, region, area, landlocked, capital: first }, cca3)
      for (const neighbour of neighbours) nstore.add(tx, borders, [cca3, 'borders', neighbour])
      nstore.add(tx, borders, [cca3, 'region', region])
    }
    await eavstore.create(tx, records, { name: HOSTILE, region: 'Nowhere' }, 'ZZZ')
  })
}

async function library(db: found.Database): Promise<void> {
  const texts = bstore.make('texts', ['demo', 'texts'])
  const words = pstore.make('words', ['demo', 'words'], { ranking: 'bm25' })
  const entries = Object.entries(licences).filter(([, { osiApproved }]) => osiApproved)
  await found.transactional(db, async (tx) => {
    for (const [id, { licenseText }] of entries.slice(0, LICENCES)) {
      await bstore.getOrCreate(tx, texts, licenseText)
      await pstore.index(tx, words, id, wordsOf(licenseText))
    }
    await bstore.getOrCreate(tx, texts, PNG)
    await bstore.getOrCreate(tx, texts, SVG)
  })
}

function wordsOf(text: string): Record<string, number> {
  const counter: Record<string, number> = {}
  for (const [word] of text.toLowerCase().matchAll(/[a-z]{3,30}/g)) counter[word] = (counter[word] ?? 0) + 1
  return counter
}

async function facts(db: found.Database): Promise<void> {
  const store = vnstore.make('facts', ['demo', 'facts'], ['uid', 'key', 'value'])
  const edit = (message: string, gone: found.Tuple[], come: found.Tuple[], apply = true): Promise<void> =>
    found.transactional(db, async (tx) => {
      const change = await vnstore.changeCreate(tx, store)
      await vnstore.changeMessage(tx, store, change, message)
      for (const items of gone) await vnstore.remove(tx, store, items)
      for (const items of come) await vnstore.add(tx, store, items)
      if (apply) await vnstore.changeApply(tx, store, change)
    })
  await edit('atlas of 1990', [], [
    ['TCD', 'capital', "N'Djamena"],
    ['KAZ', 'capital', 'Almaty'],
    ['MMR', 'capital', 'Yangon'],
  ])
  // Proposed before the capital moved, and never accepted: in conflict by now.
  await edit('proposal: Alma-Ata, as it was spelled', [['KAZ', 'capital', 'Almaty']], [['KAZ', 'capital', 'Alma-Ata']], false)
  await edit('the move of 1997', [['KAZ', 'capital', 'Almaty']], [['KAZ', 'capital', 'Akmola']])
  await edit('renamed in 1998', [['KAZ', 'capital', 'Akmola']], [['KAZ', 'capital', 'Astana']])
  await edit('the move of 2006', [['MMR', 'capital', 'Yangon']], [['MMR', 'capital', 'Naypyidaw']])
}
