/**
 * Fields in which tuple items are written. Beside what is written stands what it will be taken for.
 */

import { isVariable, typeOf, type WireItem, type WireTerm, type WireTuple } from '../../../wire/items.js'
import { parseItem, parseTerm, parseTuple } from '../../../wire/text.js'
import { useFocus } from './focus.js'

/** What was written, or why it is nothing. */
export type Written<T> = { readonly value: T } | { readonly error: string }

function written<T>(parse: (text: string) => T, text: string): Written<T> {
  try {
    return { value: parse(text) }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** An item that was written. */
export const itemOf = (text: string): Written<WireItem> => written(parseItem, text)
/** A tuple that was written. */
export const tupleOf = (text: string): Written<WireTuple> => written(parseTuple, text)
/** A column of a pattern that was written; undefined if it is left open. */
export const termOf = (text: string): Written<WireTerm | undefined> => written(parseTerm, text)

interface FieldProps {
  readonly label: string
  readonly value: string
  onInput(value: string): void
  readonly placeholder?: string
  readonly autofocus?: boolean
  /** Whether it is what `/` goes to. */
  readonly search?: boolean
  /** Whether the label is only for who hears the page. */
  readonly bare?: boolean
  readonly wide?: boolean
}

function Field({ type, error, ...props }: FieldProps & { type: string; error: string | undefined }) {
  const { label, value, onInput, placeholder, autofocus, search, bare, wide } = props
  const input = useFocus<HTMLInputElement>(autofocus === true)
  return (
    <label class={`field ${wide ? 'wide' : ''} ${error ? 'wrong' : ''}`}>
      {!bare && <span class="label">{label}</span>}
      <span class="box">
        <input
          ref={input}
          type="text"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-label={label}
          aria-invalid={error !== undefined}
          value={value}
          placeholder={placeholder}
          data-search={search ? '' : undefined}
          title={error}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {type !== '' && <span class={`type ${type}`}>{type}</span>}
      </span>
    </label>
  )
}

/** A field for an item. */
export function ItemField(props: FieldProps) {
  const item = itemOf(props.value)
  return <Field {...props} type={props.value === '' ? '' : 'value' in item ? typeOf(item.value) : '?'} error={errorOf(item)} />
}

/** A field for a column of a pattern. */
export function TermField(props: FieldProps) {
  const term = termOf(props.value)
  let type = '?'
  if ('value' in term) {
    if (term.value === undefined) type = ''
    else type = isVariable(term.value) ? 'variable' : typeOf(term.value)
  }
  return <Field {...props} type={type} error={errorOf(term)} />
}

/** A field for a tuple. */
export function TupleField(props: FieldProps) {
  const tuple = tupleOf(props.value)
  const type = 'value' in tuple ? `${tuple.value.length} ${tuple.value.length === 1 ? 'item' : 'items'}` : '?'
  return <Field {...props} type={type} error={errorOf(tuple)} />
}

/** A field for text that is taken as it is. */
export function TextField(props: FieldProps) {
  return <Field {...props} type="" error={undefined} />
}

const errorOf = (of: Written<unknown>): string | undefined => ('error' in of ? of.error : undefined)
