/**
 * The form in which a key is given a value: as text, in hex, as a tuple, as a counter.
 */

import { useState } from 'preact/hooks'

import type { WireTuple } from '../../../../wire/items.js'
import { bytesOf, formatTuple, hexOf, parseTuple } from '../../../../wire/text.js'
import { integersOf, isCounter, textOf } from '../../parts/bytes.js'
import { useFocus } from '../../parts/focus.js'
import type { NewValue } from './edits.js'

const FORMS = ['text', 'json', 'tuple', 'integer', 'hex'] as const
type FormName = (typeof FORMS)[number]
const NAMES: Readonly<Record<FormName, string>> = {
  text: 'Text',
  json: 'JSON',
  tuple: 'Tuple',
  integer: '64-bit integer, little-endian',
  hex: 'Hex',
}

/** The bytes that were written, or an error that says why there are none. */
function parse(form: FormName, text: string): NonNullable<NewValue> {
  if (form === 'text') return { hex: hexOf(text) }
  if (form === 'json') {
    JSON.parse(text)
    return { hex: hexOf(text) }
  }
  if (form === 'tuple') return { tuple: parseTuple(text) }
  if (form === 'integer') return { hex: integerHex(text) }
  const digits = text.replace(/\s/g, '').toLowerCase()
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error('expected pairs of hex digits')
  return { hex: digits }
}

function integerHex(text: string): string {
  if (!/^-?\d+$/.test(text.trim())) throw new Error('expected an integer')
  const value = BigInt(text.trim())
  if (value < -(1n << 63n) || value >= 1n << 64n) throw new Error('expected an integer of 64 bits')
  const digits = BigInt.asUintN(64, value).toString(16).padStart(16, '0')
  return (digits.match(/../g) ?? []).reverse().join('')
}

/** A value as it is written in the form that suits it. */
function suited(hex: string, tuple: WireTuple | undefined): { form: FormName; text: string } {
  const bytes = bytesOf(hex)
  const text = textOf(bytes)
  if (text !== undefined && !/\p{Cc}/u.test(text.replace(/[\n\r\t]/g, ''))) return { form: 'text', text }
  const integers = isCounter(bytes) ? integersOf(bytes) : undefined
  if (integers !== undefined) return { form: 'integer', text: String(integers.signed) }
  if (tuple !== undefined) return { form: 'tuple', text: formatTuple(tuple) }
  return { form: 'hex', text: hex }
}

interface EditFormProps {
  readonly value: { readonly hex: string; readonly tuple: WireTuple | undefined } | undefined
  stage(value: NonNullable<NewValue>): void
  cancel(): void
}

/** The form. */
export function EditForm({ value, stage, cancel }: EditFormProps) {
  const [{ form, text }, setWritten] = useState(() => (value === undefined ? { form: 'text' as FormName, text: '' } : suited(value.hex, value.tuple)))
  const [error, setError] = useState<string>()
  const area = useFocus<HTMLTextAreaElement>()
  const submit = (): void => {
    try {
      stage(parse(form, text))
    } catch (thrown) {
      setError((thrown as Error).message)
    }
  }
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel()
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          event.stopPropagation()
          submit()
        }
      }}
    >
      <label class="field">
        <span class="label">Value as</span>
        <select value={form} onChange={(event) => setWritten({ form: event.currentTarget.value as FormName, text })}>
          {FORMS.map((name) => (
            <option value={name}>{NAMES[name]}</option>
          ))}
        </select>
      </label>
      <textarea
        ref={area}
        aria-label="New value"
        class="mono"
        rows={8}
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setError(undefined)
          setWritten({ form, text: event.currentTarget.value })
        }}
      />
      {error !== undefined && (
        <p class="notice failure" role="alert">
          {error}
        </p>
      )}
      <div class="buttons">
        <button type="submit" class="primary">
          Stage
        </button>
        <button type="button" onClick={cancel}>
          Cancel
        </button>
        <span class="muted">nothing is written before the commit</span>
      </div>
    </form>
  )
}
