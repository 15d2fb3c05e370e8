/**
 * The view of a tuple store with a history: its changes, what is alive in any state, what two states differ in.
 */

import { useState } from 'preact/hooks'

import type { WireTuple } from '../../../../wire/items.js'
import { formatTuple, parseItem } from '../../../../wire/text.js'
import { ask, type Session } from '../../api.js'
import { TextField } from '../../parts/field.js'
import { TupleText } from '../../parts/item.js'
import { Failure, Nothing, Waiting } from '../../parts/notice.js'
import { moment } from '../../parts/numbers.js'
import { StoreHead } from '../../parts/store_head.js'
import { Tabs } from '../../parts/tabs.js'
import { useOffset } from '../../parts/paging.js'
import { Pager } from '../../parts/table.js'
import { useAction, useRead } from '../../read.js'
import { refine, route, whenKnown } from '../../route.js'
import type { Store } from '../../stores.js'
import { ChangePanel, Touches } from './change.js'
import { pointOf, stateOf, storeOf } from './state.js'
import { TimeLine, titleOf, type Change } from './time_line.js'
import { Tuples } from './tuples.js'

/** How many changes at first, and how many more at a time. */
const CHANGES = 200
const CHANGES_MAX = 500
const PAGE = 200

const SHOWN = ['tuples', 'change', 'diff', 'history'] as const
type Shown = (typeof SHOWN)[number]

/** The view. */
export function VNStoreView({ store, session }: { store: Store; session: Session }) {
  const { show, change, asOf, pending: applied } = route.value.parameters
  const shown: Shown = SHOWN.find((name) => name === show) ?? 'tuples'
  const [limit, setLimit] = useState(CHANGES)
  const { answer, error, pending } = useRead('vnstore/changes', { store: storeOf(store), offset: 0, limit })
  if (answer === undefined) {
    return (
      <div class="view">
        <StoreHead store={store} />
        <Waiting error={error} pending={pending} />
      </div>
    )
  }
  const changes = answer.rows
  return (
    <div class="view vnstore">
      <StoreHead store={store}>{session.write && <NewChange store={store} />}</StoreHead>
      <Failure error={error} />
      <div class="panes history">
        <div class="pane">
          <TimeLine
            changes={changes}
            more={answer.more && limit < CHANGES_MAX}
            chosen={shown === 'change' ? change : undefined}
            asOf={asOf}
            loadMore={() => setLimit(CHANGES_MAX)}
          />
        </div>
        <div class="pane side">
          <Tabs
            label="What is shown"
            tabs={[
              { id: 'tuples', name: 'Tuples' },
              { id: 'change', name: 'Change', disabled: change === undefined },
              { id: 'diff', name: 'Compare' },
              { id: 'history', name: 'History', disabled: route.value.parameters.tuple === undefined },
            ]}
            chosen={shown}
            choose={(show) => refine({ show })}
          />
          {shown === 'tuples' && <StateLine changes={changes} asOf={asOf} pending={applied} />}
          {shown === 'tuples' && <Tuples store={store} />}
          {shown === 'change' && change !== undefined && (
            <ChangePanel store={store} uid={change} changes={changes} session={session} />
          )}
          {shown === 'diff' && <Compare store={store} changes={changes} />}
          {shown === 'history' && <TupleHistory store={store} />}
        </div>
      </div>
    </div>
  )
}

function NewChange({ store }: { store: Store }) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const { busy, error, run } = useAction()
  if (!open) {
    return (
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        New change
      </button>
    )
  }
  return (
    <form
      class="goto"
      onSubmit={(event) => {
        event.preventDefault()
        void run(async () => {
          await whenKnown(ask('vnstore/create', { store: storeOf(store), message: text }), ({ change }) => {
            refine({ change, show: 'change' })
          })
          setOpen(false)
          setText('')
        })
      }}
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
    >
      <TextField label="What the change is about" bare wide autofocus value={text} placeholder="what the change is about" onInput={setText} />
      <button type="submit" class="primary" disabled={busy || text === ''}>
        Make it
      </button>
      <Failure error={error} />
    </form>
  )
}

/** Which state is read. */
function StateLine({ changes, asOf, pending }: { changes: readonly Change[]; asOf: string | undefined; pending: string | undefined }) {
  const state = stateOf(asOf)
  const called = (uid: string): string => titleOf(changes.find((change) => change.uid === uid) ?? { message: null, uid })
  const [time, setTime] = useState('')
  const read = (): void => {
    const wanted = new Date(time).getTime()
    if (Number.isFinite(wanted)) refine({ asOf: String(wanted) })
  }
  return (
    <div class={`state ${state === undefined && pending === undefined ? '' : 'past'}`}>
      <span>
        {state === undefined && 'As it is now'}
        {state !== undefined && 'change' in state && (
          <>
            As of <strong>{called(state.change)}</strong>
          </>
        )}
        {state !== undefined && 'time' in state && (
          <>
            As of <strong class="number">{moment(state.time)}</strong>
          </>
        )}
        {pending !== undefined && (
          <>
            , as if <strong>{called(pending)}</strong> were applied
          </>
        )}
      </span>
      {(state !== undefined || pending !== undefined) && (
        <button type="button" class="quiet" onClick={() => refine({ asOf: undefined, pending: undefined })}>
          back to now
        </button>
      )}
      <label class="field when">
        <span class="heard">As of a time</span>
        <input type="datetime-local" step={1} value={time} onInput={(event) => setTime(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={time === ''} onClick={read}>
        As of then
      </button>
    </div>
  )
}

/** What two states differ in. */
function Compare({ store, changes }: { store: Store; changes: readonly Change[] }) {
  const { from, to } = route.value.parameters
  const { offset, page } = useOffset(JSON.stringify([from, to]), PAGE)
  const { answer, error, pending } = useRead('vnstore/diff', {
    store: storeOf(store),
    from: pointOf(from, 'beginning'),
    to: pointOf(to, 'head'),
    offset,
    limit: PAGE,
  })
  return (
    <section aria-label="Compare">
      <div class="compare">
        <PointField label="From" value={from ?? 'beginning'} changes={changes} choose={(from) => refine({ from })} />
        <button
          type="button"
          class="quiet"
          aria-label="Swap the two states"
          onClick={() => refine({ from: to ?? 'head', to: from ?? 'beginning' })}
        >
          ⇄
        </button>
        <PointField label="To" value={to ?? 'head'} changes={changes} choose={(to) => refine({ to })} />
      </div>
      {answer === undefined ? (
        <Waiting error={error} pending={pending} />
      ) : (
        <>
          <Failure error={error} />
          <Touches store={store} rows={answer.rows} />
          <Pager {...page(answer.rows.length, answer.more)} />
        </>
      )}
    </section>
  )
}

interface PointFieldProps {
  readonly label: string
  readonly value: string
  readonly changes: readonly Change[]
  choose(value: string): void
}

function PointField({ label, value, changes, choose }: PointFieldProps) {
  const applied = changes.filter(({ significance }) => significance !== null).reverse()
  return (
    <label class="field wide">
      <span class="label">{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="head">now</option>
        {applied.map((change) => (
          <option value={change.uid}>{titleOf(change)}</option>
        ))}
        <option value="beginning">before all changes</option>
      </select>
    </label>
  )
}

function tupleFrom(text: string | undefined): WireTuple | undefined {
  try {
    return (JSON.parse(text ?? '') as string[]).map(parseItem)
  } catch {
    return undefined
  }
}

/** The changes that have touched a tuple. */
function TupleHistory({ store }: { store: Store }) {
  const items = tupleFrom(route.value.parameters.tuple)
  const { answer, error, pending } = useRead('vnstore/history', items && { store: storeOf(store), items: [...items] })
  if (items === undefined) return <Nothing>Choose the history of a tuple.</Nothing>
  return (
    <section aria-label="History" key={formatTuple(items)}>
      <h2 class="mono">
        <TupleText items={items} />
      </h2>
      {answer === undefined ? (
        <Waiting error={error} pending={pending} />
      ) : (
        <ol class="events">
          {answer.events.map(({ change, message, alive, time }) => (
            <li class={alive ? 'added' : 'removed'}>
              <span class="sign" aria-hidden="true">
                {alive ? '+' : '−'}
              </span>
              {alive ? 'added' : 'removed'} by{' '}
              <button type="button" class="link" onClick={() => refine({ change, show: 'change' })}>
                {titleOf({ message, uid: change })}
              </button>
              <span class="muted number">{time === null ? 'pending' : moment(time)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
