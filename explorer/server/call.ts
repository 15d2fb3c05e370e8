/**
 * What the page can ask of the server: a call has a name, a form of its body, and what it does.
 */

import type { Static, TSchema } from 'typebox'

import type { Database } from '../../index.js'

/** A call. */
export interface Call<Body extends TSchema = TSchema, Answer = unknown> {
  /** The form of its body; what has another is refused. */
  readonly body: Body
  /** Answers it. `signal` is aborted when nobody waits for the answer any more. */
  run(db: Database, body: Static<Body>, signal: AbortSignal): Promise<Answer>
}

/** A call, with the type of its body taken from the form. */
export function call<Body extends TSchema, Answer>(
  body: Body,
  run: (db: Database, body: Static<Body>, signal: AbortSignal) => Promise<Answer>,
): Call<Body, Answer> {
  return { body, run }
}

/** What a call is asked. */
export type BodyOf<C> = C extends Call<infer Body, unknown> ? Static<Body> : never
/** What a call answers. */
export type AnswerOf<C> = C extends Call<TSchema, infer Answer> ? Answer : never
