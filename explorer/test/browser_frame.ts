/**
 * What is around the views, in a browser: who gets in, the list of stores, themes, shortcuts.
 */

import assert from 'node:assert/strict'

import type { Route } from 'playwright-core'

import type { BrowserTest } from './browser.js'
import { painted, watched } from './visit.js'

/** The tests. `reading` is the address of a server that does not let one write. */
export const frameTests = (reading: string): readonly BrowserTest[] => [
  [
    'frame: the token goes from the address, and nobody gets in without it',
    async ({ page, origin, context }) => {
      assert.equal(page.url(), `${origin}/`)
      assert.match(await page.title(), /found explorer$/)
      const cookies = await context.cookies()
      assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict'))
      assert.equal(await page.evaluate(() => document.cookie), '')
      const stranger = await context.newPage()
      // To the browser another host, whose cookies it has none of.
      const response = await stranger.goto(`${origin.replace('127.0.0.1', 'localhost')}/?token=guessed`)
      assert.equal(response?.status(), 401)
      await stranger.getByText('only for who has its whole address').waitFor()
      await stranger.close()
    },
  ],
  [
    'frame: the stores are in the list; others are added, kept, and handed on',
    async ({ page, another, picture }) => {
      const list = page.getByRole('navigation', { name: 'Views' })
      await list.getByRole('link', { name: 'facts' }).waitFor()
      await page.getByRole('button', { name: 'Add a store' }).click()
      const dialog = page.getByRole('dialog', { name: 'Add a store' })
      await dialog.getByLabel('Kind').selectOption('nstore')
      await dialog.getByLabel(/^Prefix/).fill("('demo', 'borders'")
      assert.equal(await dialog.getByRole('button', { name: 'Add' }).isDisabled(), true)
      await dialog.getByLabel(/^Prefix/).fill("('demo', 'borders')")
      await dialog.getByLabel(/^Columns/).fill('country, relation, other')
      await dialog.getByLabel('Name', { exact: true }).fill('who borders on whom')
      await picture('add')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'who borders on whom' }).waitFor()
      await page.getByRole('columnheader', { name: 'relation' }).waitFor()
      const address = page.url()
      const other = await another()
      await other.goto(address)
      await other.getByRole('columnheader', { name: 'relation' }).waitFor()
      await page.reload()
      await list.getByRole('link', { name: 'who borders on whom' }).waitFor()
      assert.equal(await list.getByRole('link', { name: /\bnstore/ }).count(), 1)
      await page.getByRole('button', { name: 'Forget' }).click()
      await page.getByRole('button', { name: 'Keep in the list' }).waitFor()
    },
  ],
  [
    'frame: light and dark',
    async ({ page }) => {
      const colour = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      await page.emulateMedia({ colorScheme: 'light' })
      assert.equal(await colour(), 'rgb(251, 250, 246)')
      await page.emulateMedia({ colorScheme: 'dark' })
      assert.equal(await colour(), 'rgb(21, 23, 26)')
      await page.keyboard.press('t')
      await page.getByRole('button', { name: 'theme: light' }).waitFor()
      assert.equal(await colour(), 'rgb(251, 250, 246)')
      await page.reload()
      await page.getByRole('button', { name: 'theme: light' }).click()
      await page.getByRole('button', { name: 'theme: dark' }).waitFor()
      await page.emulateMedia({ colorScheme: 'light' })
      assert.equal(await colour(), 'rgb(21, 23, 26)')
      await page.getByRole('button', { name: 'theme: dark' }).click()
      await page.getByRole('button', { name: 'theme: system' }).waitFor()
    },
  ],
  [
    'frame: shortcuts, and everything has a name',
    async ({ page, picture }) => {
      const list = page.getByRole('navigation', { name: 'Views' })
      await list.getByRole('link', { name: 'facts' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      await picture('help')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      for (const [key, name] of [['1', 'countries'], ['2', 'texts'], ['3', 'words'], ['4', 'borders'], ['5', 'facts'], ['k', 'Keys']] as const) {
        await page.locator('body').press(key)
        await page.getByRole('heading', { name, level: 1 }).waitFor()
        const nameless = await page.locator('button, a, input, select').evaluateAll((elements) =>
          elements
            .filter((element) => !(element as HTMLElement).innerText?.trim() && !element.ariaLabel && !element.closest('label'))
            .map((element) => element.outerHTML),
        )
        assert.deepEqual(nameless, [], name)
      }
    },
  ],
  [
    'frame: what is written or pressed at once, and before an answer has come, counts',
    async ({ page, origin }) => {
      const search = page.locator('[data-search]')
      // The first chance there is: before the browser has painted, and before any effect.
      await page.evaluate(() => {
        new MutationObserver((changes) => {
          const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element)
          for (const input of added.flatMap((element) => [...element.querySelectorAll<HTMLInputElement>('[data-search]')])) {
            input.value = 'written'
            input.dispatchEvent(new InputEvent('input', { bubbles: true }))
          }
        }).observe(document.body, { childList: true, subtree: true })
      })
      for (const name of ['countries', 'words', 'borders', 'facts', 'Keys']) {
        await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
        await page.getByRole('heading', { name, level: 1 }).waitFor()
        await painted(page)
        assert.equal(await search.first().inputValue(), 'written', name)
      }

      // Two ask about the key that one goes to, the field and the panel: their answers are kept back until one is about to write.
      const kept: Route[] = []
      let arrived = (): void => undefined
      const both = new Promise<void>((resolve) => (arrived = resolve))
      await page.route(`${origin}/api/keys/value`, (asked) => {
        if (kept.push(asked) === 2) arrived()
      })
      await page.goto(`${origin}/#/keys?at=0261707000026e6f6e6500&key=0261707000026e6f6e6500`)
      await both
      await page.keyboard.press('/')
      for (const asked of kept) await asked.continue()
      await page.getByText('This key has no value.').waitFor()
      await painted(page)
      await page.keyboard.type("('app', 'counter')")
      assert.equal(await search.inputValue(), "('app', 'counter')")
      await page.unroute(`${origin}/api/keys/value`)

      await page.addInitScript(() => {
        new MutationObserver((_, observer) => {
          if (document.querySelector('nav') === null) return
          observer.disconnect()
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }))
        }).observe(document, { childList: true, subtree: true })
      })
      await page.reload()
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    },
  ],
  [
    'frame: what may not be written is not offered',
    async ({ context }) => {
      const { page, wrong } = await watched(context, new URL(reading).origin)
      await page.goto(reading)
      await page.getByText('read only').waitFor()
      const row = page.getByRole('treeitem').filter({ has: page.locator('.name').getByText('raw/settings.ini') })
      await row.click()
      await page.getByText('colour = teal').last().waitFor()
      for (const name of ['Edit', 'Clear', 'Set']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0)
      await page.getByRole('link', { name: 'facts' }).click()
      await page.getByRole('button', { name: /^proposal/ }).click()
      await page.getByText('Others have changed 1 tuple').waitFor()
      for (const name of ['New change', 'Apply and overwrite', 'Add', 'Say so']) {
        assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
      }
      const status = await page.evaluate(async () => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch('/api/keys/commit', { method: 'POST', headers, body: '{}' })).status
      })
      assert.equal(status, 404)
      // The page is told of it in its console as well, as it should be.
      assert.equal(wrong.filter((text) => !text.includes('404')).join(), '')
      await page.close()
    },
  ],
]
