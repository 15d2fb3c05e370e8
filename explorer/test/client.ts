/**
 * A page for the tests: what a browser sends, and what it gets.
 */

import type { ExecutionContext } from 'ava'

import * as found from '../../index.js'
import type { AnswerOf, BodyOf } from '../server/call.js'
import type { Calls } from '../server/calls.js'
import { target } from '../../__test__/support.js'
import { serve, type ServeOptions } from '../server/index.js'

/** A server and its page. */
export class Page {
  readonly origin: string
  readonly token: string
  cookie = ''

  constructor(readonly db: found.Database, url: string) {
    const { origin, searchParams } = new URL(url)
    this.origin = origin
    this.token = searchParams.get('token') ?? ''
  }

  /** What opens the page: the token for a cookie. */
  async open(): Promise<Response> {
    const response = await fetch(`${this.origin}/?token=${this.token}`, { redirect: 'manual' })
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
    return response
  }

  /** Fetches as the page does; headers that are undefined are left out. */
  fetch(path: string, { headers = {}, ...init }: { method?: string; body?: string; headers?: Record<string, string | undefined> } = {}): Promise<Response> {
    const all = { cookie: this.cookie, origin: this.origin, 'content-type': 'application/json', ...headers }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return fetch(`${this.origin}${path}`, { ...init, headers: given, redirect: 'manual' })
  }

  /** Posts JSON. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Response> {
    return this.fetch(path, { method: 'POST', body: JSON.stringify(body), ...(headers ? { headers } : {}) })
  }

  /** Makes a call that succeeds. */
  async ask<Name extends keyof Calls>(name: Name, body: BodyOf<Calls[Name]>): Promise<AnswerOf<Calls[Name]>> {
    const response = await this.post(`/api/${name}`, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`)
    return JSON.parse(text) as AnswerOf<Calls[Name]>
  }

  /** Makes a call that fails: the status and the error. */
  async refused(name: string, body: unknown): Promise<{ status: number; code: string; message: string; conflicts?: unknown }> {
    const response = await this.post(`/api/${name}`, body)
    const { error } = (await response.json()) as { error?: { code: string; message: string } }
    if (error === undefined) throw new Error(`${name} was not refused`)
    return { status: response.status, ...error }
  }
}

/** A server of a new database in memory, its page open; both are closed after the test. */
export async function page(t: ExecutionContext, options: Partial<ServeOptions> = {}): Promise<Page> {
  const db = await found.open(target('memory:'))
  const served = await serve(db, { label: 'memory:', ...options })
  t.teardown(async () => {
    await served.close()
    await found.close(db)
  })
  const made = new Page(db, served.url)
  await made.open()
  return made
}

/** The hex of a packed tuple, or of text. */
export function hex(key: found.Tuple | string): string {
  return (typeof key === 'string' ? Buffer.from(key) : found.pack(key)).toString('hex')
}

/** The events of a stream, one after the other. */
export async function* events(response: Response): AsyncGenerator<{ event: string; data: Record<string, unknown> }> {
  let text = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, data] = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      if (event?.startsWith('event: ') && data?.startsWith('data: ')) {
        yield { event: event.slice(7), data: JSON.parse(data.slice(6)) as Record<string, unknown> }
      }
    }
  }
}
