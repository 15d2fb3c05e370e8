import { request } from 'node:http'

import test from 'ava'

import { reads, writes } from '../server/calls.js'
import { page } from './client.js'

/** A request with headers that fetch does not let one set; the status and the headers. */
function raw(origin: string, path: string, headers: Record<string, string>): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    request(`${origin}${path}`, { headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
      .on('error', reject)
      .end()
  })
}

test('the token opens the page once, for a cookie, and is gone from the address', async (t) => {
  const made = await page(t)
  t.true(Buffer.from(made.token, 'base64url').length >= 16)
  const opened = await made.open()
  t.is(opened.status, 303)
  t.is(opened.headers.get('location'), '/')
  const cookie = opened.headers.get('set-cookie') ?? ''
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) t.true(cookie.includes(part), part)
  t.false(cookie.includes(made.token))
  const shown = await made.fetch('/')
  t.is(shown.status, 200)
  t.regex(await shown.text(), /<div id="app">/)
})

test('who has neither token nor cookie gets nothing', async (t) => {
  const made = await page(t, { write: true })
  const asset = /src="(\/assets\/[^"]+)"/.exec(await (await made.fetch('/')).text())?.[1]
  const cookies = [undefined, made.cookie.replace(/=.*/, '=wrong'), 'other=1', `${made.cookie}x`]
  for (const cookie of cookies) {
    for (const path of ['/', '/?token=wrong', '/?token=', `${asset}`, '/api/session', '/api/live', '/blob?prefix=00&uid=x', '/image', '/none']) {
      t.is((await made.fetch(path, { headers: { cookie } })).status, 401, path)
    }
    for (const name of Object.keys({ ...reads, ...writes })) {
      t.is((await made.post(`/api/${name}`, {}, { cookie })).status, 401, name)
    }
  }
})

test('names that lead to this machine are not the address of the server', async (t) => {
  const made = await page(t)
  const { port } = new URL(made.origin)
  const status = async (host: string): Promise<number> =>
    (await raw(made.origin, '/api/session', { host, cookie: made.cookie })).status
  t.is(await status(`127.0.0.1:${port}`), 200)
  t.is(await status(`localhost:${port}`), 200)
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`, `127.0.0.1.evil.example:${port}`]) {
    t.is(await status(host), 421, host)
  }
  t.is((await raw(made.origin, `/?token=${made.token}`, { host: 'evil.example' })).status, 421)
})

test('only the page itself may post', async (t) => {
  const made = await page(t, { write: true })
  for (const origin of [undefined, 'null', 'http://evil.example', made.origin.replace('http:', 'https:'), 'http://127.0.0.1:1']) {
    const response = await made.post('/api/keys/tree', { prefix: '', limit: 1 }, { origin })
    t.is(response.status, 403, String(origin))
  }
  t.is((await made.post('/api/keys/tree', { prefix: '', limit: 1 })).status, 200)
  const form = await made.fetch('/api/keys/tree', { method: 'POST', body: 'prefix=', headers: { 'content-type': 'text/plain' } })
  t.is(form.status, 415)
})

test('another site may not load anything, though it has the cookie', async (t) => {
  const made = await page(t)
  for (const site of ['cross-site', 'same-site']) {
    const { status } = await raw(made.origin, '/api/session', { cookie: made.cookie, 'sec-fetch-site': site })
    t.is(status, 403, site)
  }
  for (const site of ['same-origin', 'none']) {
    t.is((await raw(made.origin, '/api/session', { cookie: made.cookie, 'sec-fetch-site': site })).status, 200, site)
  }
})

test('every answer has the headers that keep the page to itself', async (t) => {
  const made = await page(t)
  for (const path of ['/', '/api/session', '/none']) {
    for (const cookie of [made.cookie, undefined]) {
      const { headers } = await made.fetch(path, { headers: { cookie } })
      const policy = headers.get('content-security-policy') ?? ''
      for (const directive of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
        t.true(policy.includes(directive), `${path}: ${directive}`)
      }
      t.notRegex(policy, /unsafe|\*|data:|http/)
      t.is(headers.get('x-content-type-options'), 'nosniff')
      t.is(headers.get('referrer-policy'), 'no-referrer')
      t.is(headers.get('cache-control'), 'no-store')
      t.is(headers.get('access-control-allow-origin'), null)
    }
  }
})

test('it listens on this machine alone', async (t) => {
  const made = await page(t)
  t.is(new URL(made.origin).hostname, '127.0.0.1')
  await t.throwsAsync(fetch(made.origin.replace('127.0.0.1', '127.0.0.2')))
})

test('without leave to write there are no calls that write', async (t) => {
  const made = await page(t)
  t.deepEqual(await (await made.fetch('/api/session')).json(), { label: 'memory:', write: false })
  for (const name of Object.keys(writes)) t.is((await made.refused(name, {})).status, 404, name)
  const other = await page(t, { write: true, label: 'file:x' })
  t.deepEqual(await (await other.fetch('/api/session')).json(), { label: 'file:x', write: true })
  for (const name of Object.keys(writes)) t.is((await other.refused(name, {})).status, 400, name)
})

test('each server has secrets of its own', async (t) => {
  const [one, other] = [await page(t), await page(t)]
  t.not(one.token, other.token)
  t.is((await other.fetch('/api/session', { headers: { cookie: one.cookie } })).status, 401)
  t.is((await other.fetch(`/?token=${one.token}`, { headers: { cookie: undefined } })).status, 401)
})
