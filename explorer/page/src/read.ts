/**
 * Reads as hooks: what a component shows, and how it comes and changes.
 */

import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'

import { ask, Failed, type Answer, type Body, type ReadName } from './api.js'
import { follow, live } from './live.js'

/** A read as it stands. An answer stays while another is waited for. */
export interface Read<Name extends ReadName> {
  readonly answer: Answer<Name> | undefined
  readonly error: Failed | undefined
  /** Whether an answer to what is asked now is still to come. */
  readonly pending: boolean
}

/** Raised when something was written, so that all that is shown is read again. */
export const writes = signal(0)

/** Reads, and follows what was read unless `once`. Nothing is read while the body is undefined. */
export function useRead<Name extends ReadName>(name: Name, body: Body<Name> | undefined, once = false): Read<Name> {
  const [state, setState] = useState<Read<Name>>({ answer: undefined, error: undefined, pending: true })
  const key = body === undefined ? undefined : JSON.stringify(body)
  const written = writes.value
  const following = live.value && !once

  useEffect(() => {
    if (key === undefined) {
      setState({ answer: undefined, error: undefined, pending: false })
      return undefined
    }
    const asked = JSON.parse(key) as Body<Name>
    const controller = new AbortController()
    let told = false
    const answer = (given: unknown): void => {
      told = true
      setState({ answer: given as Answer<Name>, error: undefined, pending: false })
    }
    const failure = (error: Failed): void => {
      told = true
      setState((before) => ({ ...before, error, pending: false }))
    }
    setState((before) => ({ ...before, pending: true }))
    ask(name, asked, controller.signal).then(
      (given) => {
        // What was followed has come meanwhile, and is newer.
        if (!told && !controller.signal.aborted) answer(given)
      },
      (error: unknown) => {
        if (!told && !controller.signal.aborted && error instanceof Failed) failure(error)
      },
    )
    const leave = following ? follow({ name, body: asked, answer, failure }) : undefined
    return () => {
      controller.abort()
      leave?.()
    }
  }, [name, key, written, following])

  return state
}

/** Does something that may fail, one at a time: whether it is under way, and how it failed. */
export function useAction(): {
  readonly busy: boolean
  readonly error: Failed | undefined
  run(action: () => Promise<unknown>): Promise<void>
  clear(): void
} {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Failed>()
  const under = useRef(false)
  const run = async (action: () => Promise<unknown>): Promise<void> => {
    if (under.current) return
    under.current = true
    setBusy(true)
    setError(undefined)
    try {
      await action()
      writes.value += 1
    } catch (thrown) {
      setError(thrown instanceof Failed ? thrown : new Failed({ code: 'PAGE', message: String(thrown) }))
    } finally {
      under.current = false
      setBusy(false)
    }
  }
  return { busy, error, run, clear: () => setError(undefined) }
}
