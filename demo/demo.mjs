// What found-db does, on real data, in a database file of its own. Run it with `make demo`.

import { createRequire } from 'node:module'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as found from '../index.js'
import { client } from './client.mjs'
import { say, time } from './say.mjs'
import { countriesIn, historyIn, licencesIn } from './stores.mjs'

const require = createRequire(import.meta.url)
const countries = require('world-countries/countries.json')
const licences = require('spdx-license-list/full')

const folder = await mkdtemp(join(tmpdir(), 'found-demo-'))
const file = join(folder, 'demo.db')

try {
  console.log(`found-db on file:${file}\n`)
  const db = await found.open(`file:${file}`)
  await client(db, countries)
  console.log()
  await countriesIn(db, countries)
  await licencesIn(db, licences)
  await historyIn(db)
  console.log()

  // Closed and opened again, it is all still there.
  await found.close(db)
  let kept = 0
  const opened = await time(async () => {
    const again = await found.open(`file:${file}`)
    kept = (await found.transactional(again, (tx) => found.all(found.query(tx, ...found.range(['country']))))).length
    await found.close(again)
  })
  say('closed the file, opened it again and read', `${kept} countries in ${opened}; ${Math.round((await stat(file)).size / 1e6)} MB`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
