/**
 * The dialog in which a store is told of: the database does not know its stores.
 */

import { useState } from 'preact/hooks'

import { useFocus } from './parts/focus.js'
import { TextField, TupleField, tupleOf } from './parts/field.js'
import { Dialog } from './parts/dialog.js'
import { columnNames, KEEPS, keep, KINDS, nameOf, addressOf, type Kind, type Store } from './stores.js'

const COLUMNS_MAX = { nstore: 12, vnstore: 10 } as const

function columnsFrom(kind: Kind, text: string): string[] | undefined {
  if (kind !== 'nstore' && kind !== 'vnstore') return []
  const written = text.trim()
  const names = /^\d+$/.test(written) ? columnNames(kind, Number(written)) : written.split(',').map((name) => name.trim())
  const valid = names.length >= 1 && names.length <= COLUMNS_MAX[kind] && names.every((name) => name !== '')
  return valid && new Set(names).size === names.length ? names : undefined
}

/** The dialog. */
export function AddStore({ close }: { close(): void }) {
  const select = useFocus<HTMLSelectElement>()
  const [kind, setKind] = useState<Kind>('nstore')
  const [name, setName] = useState('')
  const [prefix, setPrefix] = useState('')
  const [columns, setColumns] = useState('3')
  const tuple = tupleOf(prefix)
  const names = columnsFrom(kind, columns)
  const wrong = 'error' in tuple || names === undefined
  const submit = (): void => {
    if ('error' in tuple || names === undefined) return
    const store: Store = { kind, name: name.trim() || nameOf(tuple.value), prefix: tuple.value, columns: names, kept: true }
    keep(store)
    location.hash = addressOf(store)
    close()
  }
  return (
    <Dialog title="Add a store" close={close}>
      <form
        class="stacked"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <label class="field">
          <span class="label">Kind</span>
          <select ref={select} value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            {KINDS.map((kind) => (
              <option value={kind}>
                {kind}: {KEEPS[kind]}
              </option>
            ))}
          </select>
        </label>
        <TupleField label="Prefix, as it was given to make" value={prefix} placeholder="('demo', 'borders')" onInput={setPrefix} />
        {(kind === 'nstore' || kind === 'vnstore') && (
          <TextField label="Columns: how many, or their names" value={columns} placeholder="3, or uid, key, value" onInput={setColumns} />
        )}
        <TextField label="Name" value={name} placeholder={'value' in tuple ? nameOf(tuple.value) : ''} onInput={setName} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={wrong}>
            Add
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  )
}
