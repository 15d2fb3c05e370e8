import type { FastifyReply } from 'fastify'

/** Aborted when nobody waits for the answer any more. (Fastify's own signal is, as soon as the body has been read.) */
export function leaving(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
