/**
 * Blobs as files: to be kept, whatever they are, or to be seen, if they are images.
 */

import { Readable } from 'node:stream'

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'

import { bstore, unpack, Uuid, type Database } from '../../index.js'
import { Form, Key, UuidText } from './forms.js'
import { imageType, SNIFF_BYTES } from './images.js'
import { leaving } from './leaving.js'
import { reading } from './reading.js'

/** Which blob: the prefix of its store, packed, and its uid. */
const Blob = Form({ prefix: Key, uid: UuidText })
const IMAGE_BYTES_MAX = 20_000_000
/** An image is nothing but an image, also in a tab of its own. */
const IMAGE_POLICY = "default-src 'none'; sandbox"

const missing = { error: { code: 'FOUND_BSTORE_MISSING', message: 'there is no such blob' } }

function blobOf(request: FastifyRequest): { store: bstore.BStore; uid: Uuid } {
  const { prefix, uid } = request.query as Static<typeof Blob>
  const bytes = Buffer.from(prefix, 'hex')
  return { store: bstore.make('explorer', bytes.length === 0 ? [] : unpack(bytes)), uid: new Uuid(uid) }
}

/** Adds the routes. */
export function serveBlobs(app: FastifyInstance, db: Database): void {
  const schema = { querystring: Blob }

  app.get('/blob', { schema }, async (request, reply) => {
    const { store, uid } = blobOf(request)
    const size = await reading(db, leaving(reply), (tx) => bstore.size(tx, store, uid))
    if (size === undefined) return reply.code(404).send(missing)
    return reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename="${uid}.bin"`)
      .header('content-length', size)
      .send(size === 0 ? Readable.from([]) : bstore.createReadStream(db, store, uid))
  })

  app.get('/image', { schema }, async (request, reply) => {
    const { store, uid } = blobOf(request)
    const [size, start] = await reading(db, leaving(reply), (tx) =>
      Promise.all([bstore.size(tx, store, uid), bstore.read(tx, store, uid, 0, SNIFF_BYTES)]),
    )
    if (size === undefined || start === undefined) return reply.code(404).send(missing)
    const type = imageType(start)
    if (type === undefined || size > IMAGE_BYTES_MAX) {
      return reply.code(415).send({ error: { code: 'INVALID', message: 'not an image that can be shown' } })
    }
    return reply
      .type(type)
      .header('content-security-policy', IMAGE_POLICY)
      .header('content-disposition', 'inline')
      .header('content-length', size)
      .send(bstore.createReadStream(db, store, uid))
  })
}

