/**
 * Following reads: one stream of events for the page, over which the answers come again when they change.
 */

import { signal } from '@preact/signals'

import { Failed, post, type ReadName } from './api.js'

/** Whether what is shown follows the database. */
export const live = signal(true)
/** Whether events come. */
export const connected = signal(false)

interface Follower {
  readonly name: ReadName
  readonly body: unknown
  answer(answer: unknown): void
  failure(error: Failed): void
}

/** As many as the server takes. */
const FOLLOWED_MAX = 100

const followers = new Map<string, Follower>()
let source: EventSource | undefined
let stream: string | undefined
let made = 0
let due = false

/** Has a read be followed, until what it gives back is called. */
export function follow(follower: Follower): () => void {
  made += 1
  const id = String(made)
  followers.set(id, follower)
  open()
  tell()
  return () => {
    followers.delete(id)
    tell()
  }
}

function open(): void {
  if (source !== undefined) return
  source = new EventSource('/api/live')
  source.addEventListener('stream', ({ data }: MessageEvent<string>) => {
    stream = (JSON.parse(data) as { stream: string }).stream
    connected.value = true
    tell()
  })
  source.addEventListener('answer', ({ data }: MessageEvent<string>) => {
    const { id, answer } = JSON.parse(data) as { id: string; answer: unknown }
    followers.get(id)?.answer(answer)
  })
  source.addEventListener('failure', ({ data }: MessageEvent<string>) => {
    const { id, error } = JSON.parse(data) as { id: string; error: { code: string; message: string } }
    followers.get(id)?.failure(new Failed(error))
  })
  // It connects again by itself, and is told a new name of the stream.
  source.addEventListener('error', () => {
    connected.value = false
    stream = undefined
  })
  document.addEventListener('visibilitychange', tell)
}

/** Tells the server what to follow: nothing while the page is not seen. */
function tell(): void {
  if (due) return
  due = true
  queueMicrotask(() => {
    due = false
    if (stream === undefined) return
    const seen = document.visibilityState === 'visible'
    const followed = (seen ? [...followers] : []).slice(0, FOLLOWED_MAX).map(([id, { name, body }]) => ({ id, name, body }))
    post('/api/live', { stream, followed }).catch(() => undefined)
  })
}
