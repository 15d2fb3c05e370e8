/**
 * The explorer's server: a page that shows a database, for who is at this machine.
 */

import type { AddressInfo } from 'node:net'

import fastify, { type FastifyInstance } from 'fastify'
import { Type } from 'typebox'

import type { Database } from '../../index.js'
import { serveBlobs } from './blobs.js'
import type { Call } from './call.js'
import { reads, writes, type Session } from './calls.js'
import { failureOf } from './failures.js'
import { Form, shared } from './forms.js'
import { Guard } from './guard.js'
import { leaving } from './leaving.js'
import { Live, type Followed } from './live.js'
import { pageFiles } from './page.js'

/** How to serve. */
export interface ServeOptions {
  /** What the page calls the database. */
  readonly label: string
  /** The port to listen on; one that is free if left out or 0. */
  readonly port?: number | undefined
  /** Whether the page may change the database; false if left out. */
  readonly write?: boolean | undefined
}

/** A server that runs. */
export interface Served {
  /** The address to open, with the token that lets in who has it. */
  readonly url: string
  /** Ends it. The database stays open. */
  close(): Promise<void>
}

const BODY_BYTES_MAX = 1 << 22

/**
 * Serves the explorer's page for a database, on 127.0.0.1 alone.
 *
 * @throws Error EADDRINUSE if the port is taken
 */
export async function serve(db: Database, options: ServeOptions): Promise<Served> {
  const { label, port = 0, write = false } = options
  const guard = new Guard()
  const live = new Live(db)
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    // What is sent is taken as it is or refused: null is not "", and 1 not "1".
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  })
  // Only JSON, which a page of another origin cannot send unasked.
  app.removeContentTypeParser('text/plain')
  for (const schema of shared) app.addSchema(schema)
  app.addHook('onRequest', (request, reply) => guard.check(request, reply))
  app.setErrorHandler((error, _request, reply) => {
    const { status, error: body } = failureOf(error)
    // A defect: whoever started the server may tell of it.
    if (status === 500) console.error(error)
    return reply.code(status).send({ error: body })
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: { code: 'NOT_FOUND', message: 'there is no such page' } }))

  const session: Session = { label, write }
  app.get('/api/session', async () => session)
  for (const [name, call] of Object.entries({ ...reads, ...(write ? writes : {}) })) serveCall(app, db, name, call)
  serveBlobs(app, db)
  serveLive(app, live)
  for (const [path, { type, body }] of await pageFiles()) app.get(path, (_request, reply) => reply.type(type).send(body))

  app.addHook('preClose', async () => live.close())
  await app.listen({ host: '127.0.0.1', port })
  const { port: listening } = app.server.address() as AddressInfo
  guard.listens(listening)
  return { url: `http://127.0.0.1:${listening}/?token=${guard.token}`, close: () => app.close() }
}

function serveCall(app: FastifyInstance, db: Database, name: string, { body, run }: Call): void {
  app.post(`/api/${name}`, { schema: { body } }, async (request, reply) => {
    const answer = await run(db, request.body, leaving(reply))
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer))
  })
}

const Id = Type.String({ pattern: '^[0-9a-z-]{1,40}$' })
const FOLLOWED_MAX = 100

/** What a page follows. */
const Follow = Form({
  stream: Id,
  followed: Type.Array(Form({ id: Id, name: Type.Enum(Object.keys(reads)), body: Type.Unknown() }), { maxItems: FOLLOWED_MAX }),
})

function serveLive(app: FastifyInstance, live: Live): void {
  app.get('/api/live', (_request, reply) => {
    const stream = live.open()
    if (stream === undefined) {
      return reply.code(503).send({ error: { code: 'TOO_MANY_STREAMS', message: 'too many pages are open' } })
    }
    reply.raw.once('close', () => stream.close())
    return reply.type('text/event-stream; charset=utf-8').send(stream.output)
  })
  app.post('/api/live', { schema: { body: Follow } }, async (request, reply) => {
    const { stream: id, followed } = request.body as { stream: string; followed: Followed[] }
    // Each has the form that it has when it is asked once.
    const wrong = followed.find(({ name, body }) => !request.validateInput(body, reads[name].body))
    if (wrong !== undefined) throw new TypeError(`followed: ${wrong.id} has not the form of ${wrong.name}`)
    const stream = live.get(id)
    if (stream === undefined) {
      return reply.code(404).send({ error: { code: 'NO_STREAM', message: 'there is no such stream of events' } })
    }
    stream.follow(followed)
    return {}
  })
}
