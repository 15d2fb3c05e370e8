/**
 * What the tests in a browser share: the command `found serve` on a database, and pages of a browser that are watched for
 * errors.
 */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { chromium, type BrowserContext, type Page } from 'playwright-core'

import * as found from '../../index.js'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** The command as it is published. */
const FOUND = fileURLToPath(new URL('../../dist/found.js', import.meta.url))
/** A machine may be busy. */
const PATIENCE = 60_000

/** A folder that is removed at the end. */
export async function scratch(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'found-db-explorer-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** `found serve` on a database. */
export class Serving {
  readonly #process: ChildProcess
  readonly url: string

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.url = url
  }

  /** Fills a new database file in a folder and serves it. */
  static async start(folder: string, name: string, fill: (db: found.Database) => Promise<void>, ...options: string[]): Promise<Serving> {
    const db = await found.open(`file:${join(folder, name)}`)
    await fill(db)
    await found.close(db)
    const process_ = spawn(process.execPath, [FOUND, 'serve', `file:${name}`, ...options], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    for await (const line of createInterface({ input: process_.stdout })) return new Serving(process_, line)
    throw new Error('found serve has printed no address')
  }

  /** Ends it as Ctrl-C does; the number it ended with. */
  async end(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGINT')
    const [code] = (await ended) as [number | null]
    return code
  }
}

/** A browser with a profile of its own, to which each answer comes by up to `late` milliseconds later, as chance has it. */
export async function browse(profile: string, late: number): Promise<BrowserContext> {
  const executablePath = process.env.FOUND_TEST_BROWSER
  if (executablePath === undefined) throw new Error('FOUND_TEST_BROWSER: which browser? browser.sh finds one')
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    headless: true,
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
  })
  context.setDefaultTimeout(PATIENCE)
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  if (late > 0) {
    await context.route('**/api/**', async (asked) => {
      await delay(Math.random() * late)
      // The page may have given up asking.
      await asked.continue().catch(() => undefined)
    })
  }
  return context
}

/** A page, and what went wrong in it: errors, violations of the policy, requests to elsewhere. */
export async function watched(context: BrowserContext, origin: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) wrong.push(`a request to ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, wrong }
}

/** When the page has painted what it has, and has done what it does after painting. */
export const painted = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))))
