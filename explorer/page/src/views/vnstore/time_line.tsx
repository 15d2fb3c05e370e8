/**
 * The time line: what is pending, then what was applied, the newest first. A change that was applied is also a state.
 */

import type { Answer } from '../../api.js'
import { moment } from '../../parts/numbers.js'
import { refine } from '../../route.js'

/** A change. */
export type Change = Answer<'vnstore/changes'>['rows'][number]

/** What a change is called. */
export function titleOf({ message, uid }: { message: string | null; uid: string }): string {
  return message ?? uid.slice(0, 8)
}

interface TimeLineProps {
  readonly changes: readonly Change[]
  readonly more: boolean
  /** The change that is looked at. */
  readonly chosen: string | undefined
  /** The change that all is read as of. */
  readonly asOf: string | undefined
  loadMore(): void
}

/** The time line. */
export function TimeLine({ changes, more, chosen, asOf, loadMore }: TimeLineProps) {
  const pending = changes.filter(({ significance }) => significance === null)
  const applied = changes.filter(({ significance }) => significance !== null).reverse()
  const current = asOf ?? applied[0]?.uid
  const future = asOf === undefined ? 0 : applied.findIndex(({ uid }) => uid === asOf)
  return (
    <nav class="timeline" aria-label="Changes">
      <h2>Pending</h2>
      {pending.length === 0 && <p class="muted">none</p>}
      <ol>
        {pending.map((change) => (
          <Entry key={change.uid} change={change} chosen={chosen === change.uid} kind="pending" />
        ))}
      </ol>
      <h2>
        Applied
        {asOf !== undefined && (
          <button type="button" class="quiet" onClick={() => refine({ asOf: undefined })}>
            back to now
          </button>
        )}
      </h2>
      {applied.length === 0 && <p class="muted">none</p>}
      {more && (
        <button type="button" class="quiet" onClick={loadMore}>
          later ones
        </button>
      )}
      <ol class="line">
        {applied.map((change, at) => (
          <Entry
            key={change.uid}
            change={change}
            chosen={chosen === change.uid}
            kind={at < future ? 'future' : 'applied'}
            state={change.uid === current ? 'here' : 'there'}
          />
        ))}
      </ol>
    </nav>
  )
}

interface EntryProps {
  readonly change: Change
  readonly chosen: boolean
  readonly kind: 'pending' | 'applied' | 'future'
  readonly state?: 'here' | 'there'
}

function Entry({ change, chosen, kind, state }: EntryProps) {
  const { uid, time } = change
  return (
    <li class={`entry ${kind} ${state ?? ''}`}>
      <button
        type="button"
        class="change"
        aria-current={chosen ? 'true' : undefined}
        onClick={() => refine({ change: uid, show: 'change' })}
      >
        <span class="title">{titleOf(change)}</span>
        <span class="muted number">{time === null ? uid.slice(0, 8) : moment(time)}</span>
      </button>
      {state !== undefined && (
        <button
          type="button"
          class="quiet as-of"
          aria-pressed={state === 'here'}
          title="Read everything as of this change"
          onClick={() => refine({ asOf: uid, show: 'tuples' })}
        >
          as of
        </button>
      )}
    </li>
  )
}
