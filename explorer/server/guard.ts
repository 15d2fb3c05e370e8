/**
 * Who may ask: only the page that was opened with the token, and only from this machine's own address.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import { parse, serialize } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Nothing is loaded but what this server serves; nothing is ever run that a value could carry. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

const SECRET_BYTES = 32

const REFUSED = `<!doctype html><meta charset="utf-8"><title>found explorer</title>
<p>This page is only for who has its whole address, as <code>found serve</code> has printed it.</p>
`

/** Two secrets are equal. Takes as long whatever they are. */
function same(given: string | undefined, secret: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(hash(given), hash(secret))
}

/** A guard of one server. */
export class Guard {
  /** What the address carries that opens the page. */
  readonly token = randomBytes(SECRET_BYTES).toString('base64url')
  /** What the page carries from then on. */
  readonly #session = randomBytes(SECRET_BYTES).toString('base64url')
  #port = 0

  /** Says which port is listened on. */
  listens(port: number): void {
    this.#port = port
  }

  /** Sets the headers of every answer, and refuses what is not from the page. */
  async check(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    reply.headers(HEADERS)
    const host = request.headers.host ?? ''
    // A name that an attacker's server resolves to this machine would make their page one of the same origin.
    if (!this.#hosts().includes(host)) return refuse(reply, 421, 'FORBIDDEN_HOST', 'not the address of this server')
    const url = new URL(request.url, 'http://page')
    const opening = request.method === 'GET' && url.pathname === '/'
    if (opening && same(url.searchParams.get('token') ?? undefined, this.token)) {
      return reply.header('set-cookie', this.#cookie()).redirect('/', 303)
    }
    const site = request.headers['sec-fetch-site']
    if (!opening && site !== undefined && site !== 'same-origin' && site !== 'none') {
      return refuse(reply, 403, 'FORBIDDEN_ORIGIN', 'asked for by another page')
    }
    if (request.method !== 'GET' && request.headers.origin !== `http://${host}`) {
      return refuse(reply, 403, 'FORBIDDEN_ORIGIN', 'asked for by another page')
    }
    if (same(parse(request.headers.cookie ?? '')[this.#name()], this.#session)) return undefined
    if (opening) return reply.code(401).type('text/html; charset=utf-8').send(REFUSED)
    return refuse(reply, 401, 'UNAUTHORIZED', 'open the address that found serve has printed')
  }

  #hosts(): string[] {
    const names = ['127.0.0.1', 'localhost']
    return [...names.map((name) => `${name}:${this.#port}`), ...(this.#port === 80 ? names : [])]
  }

  /** Cookies do not know ports: each server has a name of its own. */
  #name(): string {
    return `found_explorer_${this.#port}`
  }

  #cookie(): string {
    return serialize(this.#name(), this.#session, { httpOnly: true, sameSite: 'strict', path: '/' })
  }
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } })
}
