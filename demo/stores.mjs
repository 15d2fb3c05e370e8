// The five stores at work, on open data: countries and licences.

import * as found from '../index.js'
import { bstore, eavstore, nstore, pstore, vnstore } from '../index.js'
import { say, time } from './say.mjs'

/** Countries as records and as triples: found by what they are, and by what they border on. */
export async function countriesIn(db, countries) {
  const records = eavstore.make('countries', ['demo', 'countries'])
  const borders = nstore.make('borders', ['demo', 'borders'], 3)
  const v = nstore.var
  const names = new Map(countries.map(({ cca3, name }) => [cca3, name.common]))

  const stored = await time(() =>
    found.transactional(db, async (tx) => {
      for (const { cca3, name, region, area, landlocked, borders: neighbours } of countries) {
        await eavstore.create(tx, records, { name: name.common, region, area, landlocked }, cca3)
        for (const neighbour of neighbours) nstore.add(tx, borders, [cca3, 'borders', neighbour])
      }
    }),
  )
  say('eavstore, nstore: stored records and borders', stored)

  const large = await found.transactional(db, (tx) =>
    found.all(eavstore.query(tx, records, { landlocked: true, region: 'Africa', area: { gt: 1_000_000 } })),
  )
  say('  landlocked in Africa, over 1,000,000 km2', large.map((code) => names.get(code)).join(', '))

  const around = await found.transactional(db, (tx) =>
    found.all(nstore.query(tx, borders, [['PRT', 'borders', v('near')], [v('near'), 'borders', v('far')]])),
  )
  const far = new Set(around.map((binding) => binding.far).filter((code) => code !== 'PRT'))
  say('  neighbours of neighbours of Portugal', [...far].map((code) => names.get(code)).join(', '))
}

/** Licence texts as blobs, and an index of their words. */
export async function licencesIn(db, licences) {
  const texts = bstore.make('texts', ['demo', 'texts'])
  const words = pstore.make('words', ['demo', 'words'], { ranking: 'bm25' })
  const blobs = new Map()
  const entries = Object.entries(licences).filter(([, { osiApproved }]) => osiApproved)

  const stored = await time(async () => {
    // In transactions of a few licences each: one takes 10 MB.
    for (let start = 0; start < entries.length; start += 25) {
      await found.transactional(db, async (tx) => {
        for (const [id, { licenseText }] of entries.slice(start, start + 25)) {
          blobs.set(id, await bstore.getOrCreate(tx, texts, licenseText))
          await pstore.index(tx, words, id, count(licenseText))
        }
      })
    }
  })
  say('bstore, pstore: stored, indexed OSI licences', `${entries.length} in ${stored}`)

  const hits = await found.transactional(db, (tx) => pstore.search(tx, words, ['patent', 'contributor', 'warranty'], 4))
  say('  about patent, contributor and warranty', hits.map(([id]) => id).join(', '))
  const [best] = hits[0]
  const text = await found.transactional(db, (tx) => bstore.get(tx, texts, blobs.get(best)))
  say(`  ${best} begins`, String(text).trim().replace(/\s+/g, ' ').slice(0, 60))
}

function count(text) {
  const counter = {}
  for (const [word] of text.toLowerCase().matchAll(/[a-z]{3,30}/g)) counter[word] = (counter[word] ?? 0) + 1
  return counter
}

/** A fact with a history: as it is, as it was, and what made the difference. */
export async function historyIn(db) {
  const facts = vnstore.make('facts', ['demo', 'facts'], ['uid', 'key', 'value'])
  const v = vnstore.var
  const edit = (message, remove, add) =>
    found.transactional(db, async (tx) => {
      const change = await vnstore.changeCreate(tx, facts)
      await vnstore.changeMessage(tx, facts, change, message)
      for (const items of remove) await vnstore.remove(tx, facts, items)
      for (const items of add) await vnstore.add(tx, facts, items)
      await vnstore.changeApply(tx, facts, change, { onConflict: 'error' })
      return change
    })

  const first = await edit('atlas of 1990', [], [['TCD', 'capital', "N'Djamena"], ['KAZ', 'capital', 'Almaty']])
  await edit('the move of 1997', [['KAZ', 'capital', 'Almaty']], [['KAZ', 'capital', 'Akmola']])
  await edit('renamed in 1998', [['KAZ', 'capital', 'Akmola']], [['KAZ', 'capital', 'Astana']])

  await found.transactional(db, async (tx) => {
    const capital = async (options) =>
      (await found.all(vnstore.select(tx, facts, ['KAZ', 'capital', v('city')], options))).map(({ city }) => city).join()
    say('vnstore: the capital of Kazakhstan', `${await capital()}; as of the first edit ${await capital({ asOf: first })}`)
    const changes = await found.all(vnstore.diff(tx, facts, first, 'head'))
    say('  the difference', changes.map(({ items, alive }) => `${alive ? '+' : '-'}${items[2]}`).join(' '))
    const events = await vnstore.history(tx, facts, ['KAZ', 'capital', 'Akmola'])
    say('  the history of Akmola', events.map(({ message, alive }) => `${alive ? 'added' : 'removed'} by "${message}"`).join(', '))
  })
}
