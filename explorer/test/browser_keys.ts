/**
 * The view of the keys, in a browser.
 */

import assert from 'node:assert/strict'

import type { Locator, Page } from 'playwright-core'

import type { BrowserTest } from './browser.js'
import { HOSTILE } from './data.js'
import { painted } from './visit.js'

/** The row of an item in the tree, by its name. */
const row = (page: Page, name: string): Locator =>
  page.getByRole('treeitem').filter({ has: page.locator('.name').getByText(name, { exact: true }) })

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Value' })
const content = (page: Page): Locator => panel(page).getByRole('tabpanel')
const tray = (page: Page): Locator => page.getByRole('region', { name: 'Staged edits' })

/** Goes to a key by writing it as the panel does, which until then shows the key before. */
async function goTo(page: Page, key: string): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.type(key)
  await page.keyboard.press('Enter')
  await panel(page).getByRole('heading', { name: key, exact: true }).waitFor()
}

/** Stages a value of the key that is shown. */
async function stage(page: Page, text: string, form?: string): Promise<void> {
  await panel(page).getByRole('button', { name: /^(Edit|Set)$/ }).click()
  if (form !== undefined) await page.getByLabel('Value as').selectOption({ label: form })
  await page.getByLabel('New value').fill(text)
  await page.getByRole('button', { name: 'Stage' }).click()
}

export const keysTests: readonly BrowserTest[] = [
  [
    'keys: through the tree with the keyboard',
    async ({ page, picture }) => {
      await row(page, 'app').click()
      await page.keyboard.press('ArrowRight')
      await row(page, 'config').waitFor()
      await page.keyboard.press('ArrowRight')
      assert.equal(await row(page, 'config').getAttribute('aria-selected'), 'true')
      await page.keyboard.press('ArrowRight')
      await row(page, 'limits').waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await panel(page).getByRole('heading', { name: "('app', 'config', 'limits')" }).waitFor()
      // JSON is shown as such, laid out.
      await content(page).getByText('"depth": 4').waitFor()
      assert.equal(await panel(page).getByRole('tab', { name: 'JSON' }).getAttribute('aria-selected'), 'true')
      await picture('keys')
      await panel(page).getByRole('tab', { name: 'JSON' }).focus()
      await page.keyboard.press('ArrowLeft')
      await content(page).getByText('00000 7b 22 72 6f 77 73 22 3a').waitFor()
      await row(page, 'limits').focus()
      for (let up = 0; up < 2; up++) await page.keyboard.press('ArrowLeft')
      await row(page, 'limits').waitFor({ state: 'detached' })
      assert.equal(await row(page, 'config').getAttribute('aria-expanded'), 'false')
    },
  ],
  [
    'keys: every way to look at a value',
    async ({ page }) => {
      await goTo(page, "('app', 'counter')")
      await content(page).getByText('42').first().waitFor()
      await goTo(page, "('app', 'config', 'origin')")
      await content(page).getByText('48.8567').waitFor()
      assert.deepEqual(await content(page).getByRole('listitem').allInnerTexts(), ["'Paris'", '48.8567', '2.3522'])
      await goTo(page, 'raw/settings.ini')
      assert.equal((await content(page).innerText()).trim(), 'colour = teal\nrows = 500')
      await goTo(page, '\\xfe\\x00\\xff\\x01')
      await content(page).getByText('00000 00 ff 00 ff').waitFor()
      await goTo(page, "('app', 'none')")
      await panel(page).getByText('This key has no value.').waitFor()
    },
  ],
  [
    'keys: a large level comes page by page, sizes beside it',
    async ({ page }) => {
      await goTo(page, "('log', 2026)")
      const rows = page.getByRole('treeitem')
      await row(page, '99').waitFor()
      assert.equal(await rows.count(), 100)
      await page.getByRole('button', { name: 'more' }).click()
      await row(page, '199').waitFor()
      assert.equal(await rows.count(), 200)
      // What Up goes to has to be asked for, and who has gone elsewhere meanwhile stays there.
      const asked = page.waitForRequest(/keys\/pack$/)
      await page.route('**/api/keys/pack', async (route) => {
        await row(page, 'log').waitFor()
        await route.continue()
      })
      await page.getByRole('button', { name: 'Up' }).click()
      await page.getByRole('button', { name: 'All keys' }).click()
      await (await (await asked).response())?.finished()
      await painted(page)
      assert.equal(new URL(page.url()).hash, '#/keys')
      assert.match(await row(page, 'log').locator('.size').innerText(), /^~ \d+ kB$/)
    },
  ],
  [
    'keys: what was written badly is told, and goes nowhere',
    async ({ page }) => {
      await page.keyboard.press('/')
      await page.keyboard.type("('app', ")
      await page.keyboard.press('Enter')
      await page.getByRole('alert').getByText('it ends too early').waitFor()
      assert.equal(new URL(page.url()).hash, '')
    },
  ],
  [
    'keys: values that try to be HTML stay text',
    async ({ page, picture }) => {
      const title = await page.title()
      await goTo(page, "('app', 'hostile')")
      await page.getByRole('treeitem').click()
      await content(page).getByText(HOSTILE).waitFor()
      await page.locator('.preview').getByText(HOSTILE.slice(0, 40)).waitFor()
      await picture('hostile')
      assert.equal(await page.locator('#app img, #app script').count(), 0)
      assert.equal(await page.title(), title)
    },
  ],
  [
    'keys: several edits are committed in one transaction',
    async ({ page, picture }) => {
      await goTo(page, "('edit', 'text')")
      await stage(page, 'one')
      await goTo(page, "('edit', 'tuple')")
      await stage(page, "('Paris', 48.8567, null)", 'Tuple')
      await goTo(page, "('edit', 'count')")
      await stage(page, '-1', '64-bit integer, little-endian')
      await tray(page).getByRole('heading', { name: '3 staged edits' }).waitFor()
      await page.keyboard.press('k')
      await row(page, 'app').waitFor()
      await picture('staged')
      assert.equal(await row(page, 'edit').count(), 0)
      await tray(page).getByRole('button', { name: 'Commit' }).click()
      await page.getByRole('status').getByText('Committed 3 edits in one transaction').waitFor()
      await row(page, 'edit').waitFor()
      await goTo(page, "('edit', 'tuple')")
      await content(page).getByText('48.8567').waitFor()
      await goTo(page, "('edit', 'count')")
      await content(page).getByText('18446744073709551615').waitFor()
      await panel(page).getByRole('button', { name: 'Clear' }).click()
      await page.keyboard.press('Control+Enter')
      await panel(page).getByText('This key has no value.').waitFor()
      assert.equal(await tray(page).count(), 0)
    },
  ],
  [
    'keys: a conflict is told, and nothing is written until it is resolved',
    async ({ page, another, picture }) => {
      const other = await another()
      const key = "('conflict', 'a')"
      await goTo(page, key)
      await stage(page, 'mine')
      await goTo(page, "('conflict', 'b')")
      await stage(page, 'also mine')
      await goTo(other, key)
      await stage(other, 'theirs')
      await tray(other).getByRole('button', { name: 'Commit' }).click()
      await content(other).getByText('theirs').waitFor()
      await tray(page).getByRole('button', { name: 'Commit' }).click()
      await tray(page).getByText('Nothing was committed').waitFor()
      await tray(page).getByText('now theirs').waitFor()
      await picture('conflict')
      assert.equal(await tray(page).getByRole('button', { name: 'Commit' }).isDisabled(), true)
      await goTo(other, "('conflict', 'b')")
      await panel(other).getByText('This key has no value.').waitFor()
      await tray(page).getByRole('button', { name: 'keep mine' }).click()
      await tray(page).getByRole('button', { name: 'Commit' }).click()
      await content(other).getByText('also mine').waitFor()
    },
  ],
  [
    'keys: a key and a prefix that are shown update by themselves',
    async ({ page, another }) => {
      const other = await another()
      await page.getByRole('button', { name: 'live' }).waitFor()
      await goTo(page, "('live',)")
      await page.getByText('There are no keys here.').waitFor()
      await goTo(other, "('live', 1)")
      await stage(other, 'first')
      await tray(other).getByRole('button', { name: 'Commit' }).click()
      await row(page, '1').locator('.preview').getByText('first').waitFor()
      await row(page, '1').click()
      await content(page).getByText('first').waitFor()
      await stage(other, 'second')
      await tray(other).getByRole('button', { name: 'Commit' }).click()
      await content(page).getByText('second').waitFor()
      await row(page, '1').locator('.preview.changed').getByText('second').waitFor()
      // Standing still, it does not.
      await page.getByRole('button', { name: 'live' }).click()
      await page.getByRole('button', { name: 'still' }).waitFor()
      await stage(other, 'third')
      await tray(other).getByRole('button', { name: 'Commit' }).click()
      await content(other).getByText('third').waitFor()
      assert.equal((await content(page).innerText()).trim(), 'second')
      await page.getByRole('button', { name: 'still' }).click()
      await content(page).getByText('third').waitFor()
    },
  ],
]
