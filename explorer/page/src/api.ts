/**
 * Asking the server.
 */

import type { AnswerOf, BodyOf } from '../../server/call.js'
import type { Calls, Reads, Session } from '../../server/calls.js'
import type { Failure } from '../../server/failures.js'

export type { Session }
/** The name of a call. */
export type CallName = keyof Calls
/** The name of a call that changes nothing. */
export type ReadName = keyof Reads
/** What a call is asked. */
export type Body<Name extends CallName> = BodyOf<Calls[Name]>
/** What a call answers. */
export type Answer<Name extends CallName> = AnswerOf<Calls[Name]>

/** The server has refused, or could not be reached. */
export class Failed extends Error {
  readonly code: string
  readonly conflicts: NonNullable<Failure['error']['conflicts']>

  constructor({ code, message, conflicts = [] }: Failure['error']) {
    super(message)
    this.code = code
    this.conflicts = conflicts
  }
}

async function answered<T>(request: Promise<Response>): Promise<T> {
  let response: Response
  try {
    response = await request
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Failed({ code: 'UNREACHABLE', message: 'the server does not answer; has found serve been ended?' })
  }
  const body = (await response.json()) as T & { error?: Failure['error'] }
  if (!response.ok) throw new Failed(body.error ?? { code: String(response.status), message: response.statusText })
  return body
}

/** Makes a call. */
export function ask<Name extends CallName>(name: Name, body: Body<Name>, signal?: AbortSignal): Promise<Answer<Name>> {
  return post(`/api/${name}`, body, signal)
}

/** Sends JSON and takes JSON. */
export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return answered<T>(fetch(path, { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null }))
}

/** What there is to know of the server. */
export function session(): Promise<Session> {
  return answered<Session>(fetch('/api/session'))
}
