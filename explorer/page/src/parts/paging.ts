/**
 * Where a list is that is shown page by page: what to ask for, and what `Pager` is to say of the answer.
 */

import { useState } from 'preact/hooks'

/** What `Pager` says of a page. */
export interface Page {
  /** The number of the first row, from 0. */
  readonly from: number
  readonly length: number
  readonly more: boolean
  readonly previous: (() => void) | undefined
  readonly next: (() => void) | undefined
}

/** Pages that begin at an offset, of `size` rows; the first one again for another `of`. */
export function useOffset(of: string, size: number): { offset: number; page: (length: number, more: boolean) => Page } {
  const [place, setPlace] = useState({ of, offset: 0 })
  const offset = place.of === of ? place.offset : 0
  const page = (length: number, more: boolean): Page => ({
    from: offset,
    length,
    more,
    previous: offset === 0 ? undefined : () => setPlace({ of, offset: Math.max(0, offset - size) }),
    next: more ? () => setPlace({ of, offset: offset + length }) : undefined,
  })
  return { offset, page }
}

/** Pages that begin after what the one before ended with, of `size` rows. */
export function useAfter(size: number): {
  after: string | undefined
  page: (length: number, more: boolean, end: string | undefined) => Page
} {
  const [ends, setEnds] = useState<readonly string[]>([])
  const page = (length: number, more: boolean, end: string | undefined): Page => ({
    from: ends.length * size,
    length,
    more,
    previous: ends.length === 0 ? undefined : () => setEnds(ends.slice(0, -1)),
    next: more && end !== undefined ? () => setEnds([...ends, end]) : undefined,
  })
  return { after: ends.at(-1), page }
}
