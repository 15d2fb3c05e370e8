/**
 * The views of the stores, in a browser.
 */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import type { Locator, Page } from 'playwright-core'

import type { BrowserTest } from './browser.js'
import { HOSTILE, PNG } from './data.js'

/** Opens a store of the list. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** The cells of a table, row by row. */
async function cells(table: Locator): Promise<string[][]> {
  const rows = await table.locator('tbody tr').all()
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()))
}

const pattern = (page: Page, number: number): Locator => page.getByRole('group', { name: `Pattern ${number}` })

export const storesTests: readonly BrowserTest[] = [
  [
    'nstore: a join, written with the keyboard, as a table, as a graph, as a plan',
    async ({ page, picture }) => {
      await open(page, 'borders')
      const solutions = page.getByRole('table', { name: 'Solutions' })
      await solutions.waitFor()
      assert.equal((await cells(solutions)).length, 100)
      await page.keyboard.press('/')
      await page.keyboard.type('PRT')
      await page.keyboard.press('Tab')
      await page.keyboard.type('borders')
      await page.keyboard.press('Tab')
      await page.keyboard.type('?near')
      await pattern(page, 1).getByText('variable').waitFor()
      await page.getByRole('button', { name: 'Add a pattern' }).click()
      const fields = pattern(page, 2).getByRole('textbox')
      for (const [at, text] of ['?near', 'borders', '?far'].entries()) await fields.nth(at).fill(text)
      await page.keyboard.press('Enter')
      await solutions.getByRole('columnheader', { name: '?far' }).waitFor()
      assert.deepEqual(await cells(solutions), [['ESP', 'AND'], ['ESP', 'FRA'], ['ESP', 'GIB'], ['ESP', 'MAR'], ['ESP', 'PRT']])
      await picture('nstore')
      await page.getByRole('tab', { name: 'Graph' }).click()
      await page.getByRole('img', { name: 'A graph of 6 nodes and 6 edges' }).waitFor()
      assert.deepEqual((await page.locator('.graph .node text').allTextContents()).sort(), ['AND', 'ESP', 'FRA', 'GIB', 'MAR', 'PRT'])
      await page.getByRole('tab', { name: 'Plan' }).click()
      assert.deepEqual((await cells(page.getByRole('table', { name: 'Plan' }))).map(([number, index]) => [number, index]), [['1', '0'], ['2', '0']])
      // The address has it all.
      await page.getByRole('tab', { name: 'Table' }).click()
      await page.reload()
      await solutions.getByRole('columnheader', { name: '?far' }).waitFor()
      await fields.nth(0).fill("'open")
      assert.equal(await page.getByRole('button', { name: 'Run' }).isDisabled(), true)
    },
  ],
  [
    'nstore: a larger graph',
    async ({ page, picture }) => {
      await open(page, 'borders')
      const fields = pattern(page, 1).getByRole('textbox')
      for (const [at, text] of ['FRA', 'borders', '?near'].entries()) await fields.nth(at).fill(text)
      await page.getByRole('button', { name: 'Add a pattern' }).click()
      const second = pattern(page, 2).getByRole('textbox')
      for (const [at, text] of ['?near', 'borders', '?far'].entries()) await second.nth(at).fill(text)
      await page.keyboard.press('Enter')
      await page.getByRole('table', { name: 'Solutions' }).getByRole('columnheader', { name: '?far' }).waitFor()
      await page.getByRole('tab', { name: 'Graph' }).click()
      await page.getByRole('img', { name: /^A graph of \d+ nodes/ }).waitFor()
      await page.locator('.graph .node').filter({ hasText: 'DEU' }).hover()
      await page.locator('.graph.focused .node.near').filter({ hasText: 'FRA' }).waitFor()
      await page.mouse.move(0, 0)
      await picture('graph')
    },
  ],
  [
    'pstore: a search, scores, the words of a document',
    async ({ page, picture }) => {
      await open(page, 'words')
      await page.getByText('Words find the documents').waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('patent contributor')
      await page.keyboard.press('Enter')
      const hits = page.getByRole('list', { name: 'Hits' }).getByRole('button')
      await hits.first().waitFor()
      const scores = (await page.locator('.score').allInnerTexts()).map(Number)
      assert.ok(scores.length > 5)
      assert.deepEqual(scores, [...scores].sort((one, other) => other - one))
      await hits.nth(1).click()
      const document = page.getByRole('region', { name: 'Document' })
      await document.locator('.marked').getByText('patent').waitFor()
      assert.equal(await document.locator('.marked').count(), 2)
      await picture('pstore')
      await page.getByLabel('Ranking').selectOption('count')
      await page.locator('.score').getByText(/^\d+$/).first().waitFor()
      await page.getByLabel('Words').fill('patent nowhereatall')
      await page.keyboard.press('Enter')
      await page.getByText('No document has all of these words.').waitFor()
    },
  ],
  [
    'eavstore: records page by page, and by conditions',
    async ({ page, picture }) => {
      await open(page, 'countries')
      const records = page.getByRole('table', { name: 'Records' })
      await records.getByText('Aruba').waitFor()
      assert.deepEqual(await records.getByRole('columnheader').allInnerTexts(), ['uid', 'area', 'capital', 'landlocked', 'name', 'region'])
      await picture('eavstore')
      await page.getByRole('button', { name: 'Next' }).click()
      await page.getByText('51 to 100, and more').waitFor()
      await page.getByRole('button', { name: 'Previous' }).click()
      await page.getByText('1 to 50, and more').waitFor()
      await page.getByLabel('Attribute').fill('landlocked')
      await page.getByLabel('Value').fill('true')
      await page.getByRole('button', { name: 'Add a condition' }).click()
      await page.getByLabel('Attribute').nth(1).fill('area')
      await page.getByLabel('Condition', { exact: true }).nth(1).selectOption({ label: '>' })
      await page.getByLabel('Value').nth(1).fill('1000000')
      await page.keyboard.press('Enter')
      await page.getByText('1 to 7').waitFor()
      assert.deepEqual((await cells(records)).map(([uid]) => uid), ['BOL', 'ETH', 'KAZ', 'MLI', 'MNG', 'NER', 'TCD'])
      await picture('conditions')
      await page.getByRole('button', { name: 'all records' }).click()
      await page.getByLabel('Attribute').fill('region')
      await page.getByLabel('Value').fill('Nowhere')
      await page.keyboard.press('Enter')
      await records.getByText(HOSTILE).waitFor()
      assert.equal(await page.locator('#app img, #app script').count(), 0)
    },
  ],
  [
    'bstore: blobs are looked at as text, in hex, as images, and downloaded',
    async ({ page, picture }) => {
      await open(page, 'texts')
      const rows = page.getByRole('table', { name: 'Blobs' }).locator('tbody tr')
      await rows.first().waitFor()
      assert.equal(await rows.count(), 42)
      await rows.filter({ hasText: 'EUROPEAN UNION PUBLIC LICENCE' }).click()
      const blob = page.getByRole('region', { name: 'Blob' })
      await blob.getByText('EUPL © the European Union').waitFor()
      await picture('bstore')
      await rows.filter({ hasText: '<svg' }).click()
      await blob.getByText('<script>document.title="run"</script>').waitFor()
      assert.equal(await blob.getByRole('img').count(), 0)
      await rows.filter({ hasText: 'image' }).click()
      const image = blob.getByRole('img')
      await image.waitFor()
      await page.waitForFunction(() => (document.querySelector('.picture img') as HTMLImageElement | null)?.naturalWidth === 1)
      await picture('image')
      const [download] = await Promise.all([page.waitForEvent('download'), blob.getByRole('link', { name: 'Download' }).click()])
      assert.match(download.suggestedFilename(), /^[0-9a-f-]{36}\.bin$/)
      assert.ok((await readFile(await download.path())).equals(PNG))
    },
  ],
  [
    'vnstore: the time line, states of the past, what two states differ in, the history of a tuple',
    async ({ page, picture }) => {
      await open(page, 'facts')
      const tuples = page.getByRole('table', { name: 'Tuples' })
      await tuples.getByText('Astana').waitFor()
      const line = page.getByRole('navigation', { name: 'Changes' })
      const titles = await line.locator('.line .title').allInnerTexts()
      assert.deepEqual(titles, ['the move of 2006', 'renamed in 1998', 'the move of 1997', 'atlas of 1990'])
      await line.getByRole('listitem').filter({ hasText: 'the move of 1997' }).getByRole('button', { name: 'as of' }).click()
      await tuples.getByText('Akmola').waitFor()
      await tuples.getByText('Yangon').waitFor()
      await picture('past')
      await page.getByRole('button', { name: 'back to now' }).first().click()
      await tuples.getByText('Naypyidaw').waitFor()
      await page.getByRole('tab', { name: 'Compare' }).click()
      const differences = page.getByRole('table', { name: 'Differences' })
      await differences.getByText('Astana').waitFor()
      await page.getByLabel('From').selectOption({ label: 'renamed in 1998' })
      await differences.getByText('Yangon').waitFor()
      assert.deepEqual((await cells(differences)).map((row) => row.slice(0, 4).join(' ').replace(/\s+/g, ' ')).sort(), [
        '+ added MMR capital Naypyidaw',
        '− removed MMR capital Yangon',
      ])
      await picture('diff')
      await differences.getByRole('row', { name: /Yangon/ }).getByRole('button', { name: 'history' }).click()
      const events = page.getByRole('region', { name: 'History' }).getByRole('listitem')
      await events.nth(1).waitFor()
      assert.match(await events.nth(0).innerText(), /added by\s+atlas of 1990/)
      assert.match(await events.nth(1).innerText(), /removed by\s+the move of 2006/)
    },
  ],
  [
    'vnstore: conflicts are told before a change is applied',
    async ({ page, picture }) => {
      await open(page, 'facts')
      await page.getByRole('button', { name: /^proposal/ }).click()
      const change = page.getByRole('region', { name: 'Change' })
      await change.getByText('Others have changed 1 tuple that it touches').waitFor()
      await change.getByRole('button', { name: 'the move of 1997' }).waitFor()
      await picture('vnstore')
      await change.getByRole('button', { name: 'See all as if applied' }).click()
      await page.getByRole('table', { name: 'Tuples' }).getByText('Alma-Ata').waitFor()
    },
  ],
  [
    'vnstore: a change is made, filled and applied, and another page sees it',
    async ({ page, another }) => {
      const other = await another()
      await open(other, 'facts')
      await open(page, 'facts')
      await page.getByRole('button', { name: 'New change' }).click()
      await page.getByLabel('What the change is about').fill('Peru is added')
      await page.keyboard.press('Enter')
      const change = page.getByRole('region', { name: 'Change' })
      await change.getByRole('heading', { name: 'Peru is added' }).waitFor()
      const fields = change.getByRole('form', { name: 'Add or remove a tuple' }).getByRole('textbox')
      const write = async (values: string[]): Promise<void> => {
        for (const [at, text] of values.entries()) await fields.nth(at).fill(text)
      }
      // The answer comes late: what it did is seen before, and the next tuple is being written.
      let answer = (): void => undefined
      const late = new Promise<void>((resolve) => (answer = resolve))
      await page.route('**/api/vnstore/add', async (asked) => {
        const response = await asked.fetch()
        await late
        await asked.fulfill({ response })
      })
      await write(['PER', 'capital', 'Lima'])
      await change.getByRole('button', { name: 'Add', exact: true }).click()
      const differences = page.getByRole('table', { name: 'Differences' })
      await differences.getByText('Lima').waitFor()
      await write(['TCD', 'capital', "N'Djamena"])
      answer()
      await change.getByRole('button', { name: 'Remove', exact: true }).click()
      await differences.getByRole('row', { name: /removed.*N'Djamena/ }).waitFor()
      await change.getByText('it can be applied').waitFor()
      await change.getByRole('button', { name: 'Apply', exact: true }).click()
      await page.getByRole('status').getByText('Applied', { exact: true }).waitFor()
      await page.locator('.line').getByText('Peru is added').waitFor()
      await other.locator('.line').getByText('Peru is added').waitFor()
      const tuples = other.getByRole('table', { name: 'Tuples' })
      await tuples.getByText('Lima').waitFor()
      await tuples.getByText("N'Djamena").waitFor({ state: 'detached' })
    },
  ],
]
