/**
 * What is shown where there is nothing to show: it is loading, it has failed, there is none.
 */

import type { ComponentChildren } from 'preact'

import type { Failed } from '../api.js'

/** Something has failed. */
export function Failure({ error }: { error: Failed | undefined }) {
  if (error === undefined) return null
  return (
    <div class="notice failure" role="alert">
      <strong>{error.code}</strong> <span>{error.message}</span>
    </div>
  )
}

/** There is nothing. */
export function Nothing({ children }: { children: ComponentChildren }) {
  return <div class="notice nothing">{children}</div>
}

/** It is still to come. */
export function Loading() {
  return (
    <div class="notice loading" role="status">
      <span class="dots" aria-hidden="true" />
      reading
    </div>
  )
}

/** A read that has no answer yet: why. */
export function Waiting({ error, pending }: { error: Failed | undefined; pending: boolean }) {
  if (error !== undefined) return <Failure error={error} />
  return pending ? <Loading /> : null
}
