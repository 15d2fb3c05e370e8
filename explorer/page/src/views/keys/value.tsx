/**
 * One key: what it is, and its value, which follows the database.
 */

import { formatBytes } from '../../../../wire/text.js'
import type { Session } from '../../api.js'
import { Bytes } from '../../parts/bytes.js'
import { TupleText } from '../../parts/item.js'
import { Failure, Waiting } from '../../parts/notice.js'
import { bytes } from '../../parts/numbers.js'
import { useStateOf } from '../../parts/state_of.js'
import { useRead } from '../../read.js'
import { go } from '../../route.js'
import { EditForm } from './edit_form.js'
import { drop, edits, keyText, newText, stage } from './edits.js'

/** The panel of a key. */
export function ValuePanel({ hex, session }: { hex: string; session: Session }) {
  const { answer, error, pending } = useRead('keys/value', { key: hex })
  const [editing, setEditing] = useStateOf(hex, false)
  const known = answer?.key === hex ? answer : undefined
  if (known === undefined) return <Waiting error={error} pending={pending} />
  const { tuple, value } = known
  const edit = edits.value.get(hex)
  const expected = value?.hex ?? null
  return (
    <section class="value" aria-label="Value">
      <header>
        <h2 class="mono">
          {tuple === undefined ? <span class="item raw">{formatBytes(hex)}</span> : <TupleText items={tuple} />}
        </h2>
        <p class="muted facts">
          <span class="number">
            key {bytes(hex.length / 2)}
            {value !== undefined && <>, value {bytes(value.hex.length / 2)}</>}
          </span>
          <button type="button" class="quiet" onClick={() => void navigator.clipboard.writeText(keyText(hex, tuple))}>
            Copy key
          </button>
          <button type="button" class="quiet" onClick={() => go('keys', { at: hex, key: hex })}>
            Keys under it
          </button>
        </p>
      </header>
      <Failure error={error} />
      {edit !== undefined && (
        <p class="notice staged">
          Staged: <span class="mono">{newText(edit.set)}</span>
          <button type="button" class="quiet" onClick={() => drop(hex)}>
            drop
          </button>
        </p>
      )}
      {editing ? (
        <EditForm
          value={value}
          cancel={() => setEditing(false)}
          stage={(set) => {
            stage({ key: hex, tuple, expected, set })
            setEditing(false)
          }}
        />
      ) : (
        <>
          {value === undefined ? (
            <p class="notice nothing">This key has no value.</p>
          ) : (
            <Bytes key={hex} hex={value.hex} tuple={value.tuple} />
          )}
          {session.write && (
            <div class="buttons">
              <button type="button" onClick={() => setEditing(true)}>
                {value === undefined ? 'Set' : 'Edit'}
              </button>
              {value !== undefined && (
                <button type="button" class="danger" onClick={() => stage({ key: hex, tuple, expected, set: undefined })}>
                  Clear
                </button>
              )}
            </div>
          )}
        </>
      )}
    </section>
  )
}
