/**
 * Goes through the page in a browser, with the keyboard and the mouse, as a person does, and looks at what is shown.
 *
 *   bash explorer/test/browser.sh [--screenshots DIR] [--late MS] [NAME...]
 *
 * Only the tests whose names have one of the words, if there are such. With --late answers come later than they would, by
 * chance: what fails then is a test, or a page, that relies on one being quick. Ends with a line "N passed, N failed".
 */

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { BrowserContext, Page } from 'playwright-core'

import { fill } from './data.js'
import { browse, scratch, Serving, watched } from './visit.js'
import { keysTests } from './browser_keys.js'
import { storesTests } from './browser_stores.js'
import { frameTests } from './browser_frame.js'

/** What a test has. */
export interface Visit {
  /** The page, opened at the root. */
  readonly page: Page
  /** Another page of the same server. */
  another(): Promise<Page>
  /** The address of the server, without the token. */
  readonly origin: string
  /** The whole address. */
  readonly url: string
  readonly context: BrowserContext
  /** Takes a picture of the page as it is, if pictures are wanted. */
  picture(name: string): Promise<void>
}

/** A test by its name. */
export type BrowserTest = readonly [name: string, run: (visit: Visit) => Promise<void>]

const { values, positionals } = parseArgs({ allowPositionals: true, options: { screenshots: { type: 'string' }, late: { type: 'string', default: '0' } } })
const chosen = (name: string): boolean => positionals.length === 0 || positionals.some((word) => name.includes(word))

let passed = 0
let failed = 0

async function run([name, body]: BrowserTest, context: BrowserContext, url: string): Promise<void> {
  const { origin } = new URL(url)
  const pages: { page: Page; wrong: string[] }[] = []
  const open = async (): Promise<Page> => {
    const made = await watched(context, origin)
    pages.push(made)
    await made.page.goto(pages.length === 1 ? url : origin)
    await made.page.getByRole('tree').waitFor()
    return made.page
  }
  const picture = async (name: string): Promise<void> => {
    const { page } = pages[0] as { page: Page }
    if (values.screenshots === undefined) return
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(values.screenshots, `${name}-${colorScheme}.png`) })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  try {
    await body({ page: await open(), another: open, origin, url, context, picture })
    const wrong = pages.flatMap(({ wrong }) => wrong)
    assert.deepEqual(wrong, [], 'nothing goes wrong meanwhile')
    passed += 1
    console.log(`ok   ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL ${name}\n${(error as Error).stack}\n${pages.flatMap(({ wrong }) => wrong).join('\n')}`)
    if (values.screenshots !== undefined) await pages[0]?.page.screenshot({ path: join(values.screenshots, 'failed.png') })
  } finally {
    // What a page keeps is not for the next test.
    await pages[0]?.page.evaluate(() => localStorage.clear()).catch(() => undefined)
    for (const { page } of pages) await page.close()
  }
}

const folder = await scratch()
const closing: (() => Promise<unknown>)[] = [folder.remove]
try {
  if (values.screenshots !== undefined) await mkdir(values.screenshots, { recursive: true })
  const writing = await Serving.start(folder.path, 'atlas.db', fill, '--write')
  closing.unshift(() => writing.end())
  const reading = await Serving.start(folder.path, 'read.db', fill)
  closing.unshift(() => reading.end())
  const context = await browse(join(folder.path, 'profile'), Number(values.late))
  closing.unshift(() => context.close())
  const tests = [...frameTests(reading.url), ...storesTests, ...keysTests].filter(([name]) => chosen(name))
  for (const test of tests) await run(test, context, writing.url)
  const code = await writing.end()
  assert.equal(code, 0, 'Ctrl-C is how found serve ends')
} catch (error) {
  failed += 1
  console.log(`FAIL ${(error as Error).stack}`)
} finally {
  for (const close of closing) await close()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
