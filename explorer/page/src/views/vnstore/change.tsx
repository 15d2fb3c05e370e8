/**
 * One change: what it adds and removes. While it is pending it can be changed, and applied; what it is in conflict with
 * is told before.
 */

import { useState } from 'preact/hooks'

import type { WireTuple } from '../../../../wire/items.js'
import { parseItem } from '../../../../wire/text.js'
import { ask, type Session } from '../../api.js'
import { ItemField, itemOf, TextField } from '../../parts/field.js'
import { Item, TupleText } from '../../parts/item.js'
import { Failure, Nothing, Waiting } from '../../parts/notice.js'
import { count, moment } from '../../parts/numbers.js'
import { useOffset } from '../../parts/paging.js'
import { Pager } from '../../parts/table.js'
import { useAction, useRead } from '../../read.js'
import { refine } from '../../route.js'
import { say } from '../../said.js'
import type { Store } from '../../stores.js'
import { HistoryCell, HistoryHead } from './history_cell.js'
import { storeOf } from './state.js'
import { titleOf, type Change } from './time_line.js'

const PAGE = 200

interface ChangeProps {
  readonly store: Store
  readonly uid: string
  readonly changes: readonly Change[]
  readonly session: Session
}

/** A change. */
export function ChangePanel({ store, uid, changes, session }: ChangeProps) {
  const { offset, page } = useOffset(uid, PAGE)
  const made = storeOf(store)
  const { answer, error, pending } = useRead('vnstore/change', { store: made, change: uid, offset, limit: PAGE })
  if (answer === undefined) return <Waiting error={error} pending={pending} />
  const { change, rows, more } = answer
  if (change === undefined) return <Nothing>There is no such change.</Nothing>
  if (change.uid !== uid) return <Waiting error={error} pending />
  const open = change.significance === null
  return (
    <section class="change-panel" aria-label="Change">
      <header>
        <h2>{titleOf(change)}</h2>
        <p class="muted">
          {change.time === null ? 'pending' : `applied ${moment(change.time)}`}, <span class="mono">{uid}</span>
        </p>
      </header>
      <Failure error={error} />
      {open && <Conflicts store={store} uid={uid} changes={changes} session={session} />}
      <Touches store={store} rows={rows} />
      {rows.length > 0 && (more || offset > 0) && (
        <Pager {...page(rows.length, more)} />
      )}
      {open && session.write && <TouchForm key={uid} store={store} uid={uid} />}
      {open && session.write && <MessageForm key={`message ${uid}`} store={store} uid={uid} message={change.message ?? ''} />}
    </section>
  )
}

/** Tuples that are added or removed. */
export function Touches({ store, rows }: { store: Store; rows: readonly { items: WireTuple; alive: boolean }[] }) {
  if (rows.length === 0) return <Nothing>Nothing is different.</Nothing>
  return (
    <div class="scroll">
      <table aria-label="Differences" class="touches">
        <thead>
          <tr>
            <th scope="col">
              <span class="heard">What is done</span>
            </th>
            {store.columns.map((name) => (
              <th scope="col">{name}</th>
            ))}
            <HistoryHead />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ items, alive }) => (
            <tr class={alive ? 'added' : 'removed'}>
              <td class="sign">
                <span aria-hidden="true">{alive ? '+' : '−'}</span>
                <span class="heard">{alive ? 'added' : 'removed'}</span>
              </td>
              {items.map((item) => (
                <td>
                  <Item item={item} />
                </td>
              ))}
              <HistoryCell items={items} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What the change is in conflict with, and the ways to apply it. */
function Conflicts({ store, uid, changes, session }: ChangeProps) {
  const { answer } = useRead('vnstore/conflicts', { store: storeOf(store), change: uid })
  const { busy, error, run } = useAction()
  const apply = (overwrite: boolean): Promise<void> =>
    run(async () => {
      await ask('vnstore/apply', { store: storeOf(store), change: uid, overwrite })
      say('Applied')
    })
  if (answer === undefined || !answer.pending) return null
  const free = answer.base && answer.conflicts.length === 0
  const called = (change: string): string => titleOf(changes.find(({ uid }) => uid === change) ?? { message: null, uid: change })
  return (
    <div class={`notice ${free ? 'free' : 'conflict'}`} role="status">
      {free && <p>Nothing that it touches was changed by others: it can be applied.</p>}
      {!answer.base && <p>It was made elsewhere, and it is not known since when: whether others have changed the same cannot be told.</p>}
      {answer.conflicts.length > 0 && (
        <>
          <p>
            Others have changed {count(answer.conflicts.length, 'tuple')} that it touches, since it was made. Applied all the
            same, it wins.
          </p>
          <ul>
            {answer.conflicts.map(({ items, change }) => (
              <li>
                <TupleText items={items} /> by{' '}
                <button type="button" class="link" onClick={() => refine({ change })}>
                  {called(change)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Failure error={error} />
      <div class="buttons">
        {session.write && (
          <button type="button" class={free ? 'primary' : 'danger'} disabled={busy} onClick={() => void apply(!free)}>
            {free ? 'Apply' : 'Apply and overwrite'}
          </button>
        )}
        <button type="button" onClick={() => refine({ pending: uid, show: 'tuples' })}>
          See all as if applied
        </button>
      </div>
    </div>
  )
}

/** Has the change add or remove a tuple. */
function TouchForm({ store, uid }: { store: Store; uid: string }) {
  const empty = store.columns.map(() => '')
  const [texts, setTexts] = useState<readonly string[]>(empty)
  const { busy, error, run } = useAction()
  const wrong = texts.some((text) => text === '' || 'error' in itemOf(text))
  const touch = (name: 'vnstore/add' | 'vnstore/remove'): Promise<void> =>
    run(async () => {
      const items = texts.map(parseItem)
      const answer = await ask(name, { store: storeOf(store), change: uid, items })
      if ('alive' in answer && !answer.alive) say('It was not alive: nothing to remove')
      // Who writes the next one already goes on.
      setTexts((now) => (now === texts ? empty : now))
    })
  return (
    <form
      class="touch"
      aria-label="Add or remove a tuple"
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong) void touch('vnstore/add')
      }}
    >
      <div class="columns" style={{ '--columns': store.columns.length }}>
        {store.columns.map((name, column) => (
          <ItemField
            label={name}
            value={texts[column] ?? ''}
            onInput={(text) => setTexts(texts.map((before, at) => (at === column ? text : before)))}
          />
        ))}
      </div>
      <Failure error={error} />
      <div class="buttons">
        <button type="submit" disabled={wrong || busy}>
          Add
        </button>
        <button type="button" disabled={wrong || busy} onClick={() => void touch('vnstore/remove')}>
          Remove
        </button>
        <button type="button" class="quiet" onClick={() => setTexts([crypto.randomUUID(), ...texts.slice(1)])}>
          new uid
        </button>
      </div>
    </form>
  )
}

function MessageForm({ store, uid, message }: { store: Store; uid: string; message: string }) {
  const [text, setText] = useState(message)
  const { busy, error, run } = useAction()
  return (
    <form
      class="goto"
      onSubmit={(event) => {
        event.preventDefault()
        void run(async () => {
          await ask('vnstore/message', { store: storeOf(store), change: uid, message: text })
        })
      }}
    >
      <TextField label="What it is about" wide value={text} onInput={setText} />
      <button type="submit" disabled={busy || text === '' || text === message}>
        Say so
      </button>
      <Failure error={error} />
    </form>
  )
}
