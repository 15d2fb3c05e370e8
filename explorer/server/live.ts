/**
 * Reads that are followed: their answers are sent again whenever they change, over one stream of server-sent events for
 * each page.
 *
 * A single key is watched, as FoundationDB can. For anything else FoundationDB has no signal, so it is read again: once
 * a second, less often if it takes long, and only while the page is seen, as the page says what is to be followed. What
 * is read is what the page shows of it, so it costs the same however large the rest is.
 */

import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

import { watchLoop, type Database } from '../../index.js'
import type { Call } from './call.js'
import { reads } from './calls.js'
import { failureOf } from './failures.js'
import { describe } from './keys.js'

/** Milliseconds between two reads. */
const INTERVAL = 1000
/** A read is waited with so many times as long as it took: following takes a tenth of the time at most. */
const PATIENCE = 10
/** Milliseconds after which a stream without events says something, so that a broken one is noticed. */
const HEARTBEAT = 15_000
/** How many pages at a time. */
const STREAMS_MAX = 32

/** What a page follows. */
export interface Followed {
  /** What the page calls it. */
  readonly id: string
  /** The name of a read. */
  readonly name: keyof typeof reads
  readonly body: unknown
}

/** The streams of a server. */
export class Live {
  readonly #db: Database
  readonly #streams = new Map<string, LiveStream>()
  #made = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** A new stream; undefined if there are too many. */
  open(): LiveStream | undefined {
    if (this.#streams.size >= STREAMS_MAX) return undefined
    this.#made += 1
    const id = String(this.#made)
    const stream = new LiveStream(this.#db, id, () => this.#streams.delete(id))
    this.#streams.set(id, stream)
    return stream
  }

  /** The stream of a page. */
  get(id: string): LiveStream | undefined {
    return this.#streams.get(id)
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#streams.values()) stream.close()
  }
}

/** The stream of one page. */
export class LiveStream {
  /** What is sent. */
  readonly output = new PassThrough()
  readonly #db: Database
  readonly #followed = new Map<string, { readonly key: string; readonly controller: AbortController }>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #closed: () => void

  constructor(db: Database, id: string, closed: () => void) {
    this.#db = db
    this.#closed = closed
    this.#heartbeat = setInterval(() => this.output.write(':\n\n'), HEARTBEAT).unref()
    this.#send('stream', { stream: id })
  }

  /** Follows these from now on, and nothing else. */
  follow(list: readonly Followed[]): void {
    const wanted = new Map(list.map((followed) => [followed.id, followed]))
    for (const [id, { key, controller }] of this.#followed) {
      const still = wanted.get(id)
      if (still !== undefined && keyOf(still) === key) wanted.delete(id)
      else {
        controller.abort()
        this.#followed.delete(id)
      }
    }
    for (const followed of wanted.values()) {
      const controller = new AbortController()
      this.#followed.set(followed.id, { key: keyOf(followed), controller })
      void this.#run(followed, controller.signal)
    }
  }

  /** Ends the stream. */
  close(): void {
    clearInterval(this.#heartbeat)
    for (const { controller } of this.#followed.values()) controller.abort()
    this.#followed.clear()
    this.output.end()
    this.#closed()
  }

  async #run({ id, name, body }: Followed, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        if (name === 'keys/value') await this.#watch(id, Buffer.from((body as { key: string }).key, 'hex'), signal)
        else await this.#poll(id, reads[name] as Call, body, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#send('failure', { id, error: failureOf(error).error })
        await delay(INTERVAL * PATIENCE, undefined, { signal, ref: false }).catch(() => undefined)
      }
      if (signal.aborted) return
    }
  }

  async #watch(id: string, key: Buffer, signal: AbortSignal): Promise<void> {
    for await (const value of watchLoop(this.#db, key, { signal })) {
      await this.#send('answer', { id, answer: describe(key, value) })
    }
  }

  async #poll(id: string, read: Call, body: unknown, signal: AbortSignal): Promise<void> {
    let last: string | undefined
    for (;;) {
      const started = performance.now()
      const answer = await read.run(this.#db, body, signal)
      const took = performance.now() - started
      const text = JSON.stringify(answer)
      if (text !== last) await this.#send('answer', { id, answer })
      last = text
      await delay(Math.max(INTERVAL, took * PATIENCE), undefined, { signal, ref: false })
    }
  }

  /** Sends an event; waits until there is room for another. */
  async #send(event: string, data: unknown): Promise<void> {
    if (this.output.writableEnded) return
    if (this.output.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return
    await Promise.race([once(this.output, 'drain'), once(this.output, 'close')])
  }
}

const keyOf = ({ name, body }: Followed): string => JSON.stringify([name, body])
