/**
 * What is staged: it is committed as one transaction, or not at all.
 */

import { useLayoutEffect } from 'preact/hooks'

import { formatBytes } from '../../../../wire/text.js'
import { Failure } from '../../parts/notice.js'
import { count } from '../../parts/numbers.js'
import { useAction } from '../../read.js'
import { say } from '../../said.js'
import { commit, drop, dropAll, edits, inConflict, insist, keyText, newText, type Edit } from './edits.js'

/** The tray. */
export function Tray() {
  const { busy, error, run } = useAction()
  const list = [...edits.value.values()]
  const blocked = busy || inConflict.value
  const submit = (): Promise<void> =>
    run(async () => {
      const committed = await commit()
      if (committed > 0) say(`Committed ${count(committed, 'edit')} in one transaction`)
    })
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || blocked || edits.value.size === 0) return
      void submit()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  if (list.length === 0) return null
  return (
    <section class="tray" aria-label="Staged edits">
      <header>
        <h2>{count(list.length, 'staged edit')}</h2>
        <button type="button" class="primary" disabled={blocked} onClick={() => void submit()}>
          Commit
        </button>
        <button type="button" onClick={dropAll}>
          Discard
        </button>
        <span class="muted">one transaction: all of it or nothing</span>
      </header>
      <Failure error={error} />
      {inConflict.value && (
        <p class="notice failure" role="alert">
          Nothing was committed: others have changed what is marked since you looked at it.
        </p>
      )}
      <ul>
        {list.map((edit) => (
          <Staged key={edit.key} edit={edit} />
        ))}
      </ul>
    </section>
  )
}

function Staged({ edit }: { edit: Edit }) {
  const { key, tuple, set, theirs } = edit
  return (
    <li class={theirs === undefined ? '' : 'conflict'}>
      <span class={`operation ${set === undefined ? 'clear' : 'set'}`}>{set === undefined ? 'clear' : 'set'}</span>
      <span class="mono key">{keyText(key, tuple)}</span>
      {set !== undefined && <span class="mono new">{newText(set)}</span>}
      {theirs !== undefined && (
        <span class="theirs">
          now <span class="mono">{theirs === null ? 'cleared' : formatBytes(theirs)}</span>
          <button type="button" class="quiet" onClick={() => insist(edit)}>
            keep mine
          </button>
          <button type="button" class="quiet" onClick={() => drop(key)}>
            take theirs
          </button>
        </span>
      )}
      <button type="button" class="quiet" aria-label={`Drop the edit of ${keyText(key, tuple)}`} onClick={() => drop(key)}>
        ✕
      </button>
    </li>
  )
}
