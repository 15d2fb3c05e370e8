/**
 * Patterns of tuples: a form with a row for each pattern and a field for each column.
 */

import type { WireItem, WireTerm } from '../../../wire/items.js'
import { parseTerm } from '../../../wire/text.js'
import { TermField, termOf } from './field.js'
import { useStateOf } from './state_of.js'

/** Patterns as they were written. */
export type WrittenPatterns = readonly (readonly string[])[]

/** What begins the name of a variable for a column that was left open. */
const OPEN = '·'

/** Patterns from an address, for so many columns. */
export function patternsFrom(text: string | undefined, columns: number): WrittenPatterns {
  try {
    const rows = JSON.parse(text ?? '[]') as unknown
    const patterns = (Array.isArray(rows) ? rows : []).filter(
      (row): row is string[] => Array.isArray(row) && row.length === columns && row.every((term) => typeof term === 'string'),
    )
    if (patterns.length > 0) return patterns
  } catch {
    // Somebody has written it by hand.
  }
  return [Array.from({ length: columns }, () => '')]
}

/** Patterns as the server takes them: what was left open has a variable of its own. Undefined if one is wrong. */
export function termsOf(written: WrittenPatterns): WireTerm[][] | undefined {
  try {
    return written.map((row, pattern) =>
      row.map((text, column) => parseTerm(text) ?? { variable: `${OPEN}${pattern}.${column}` }),
    )
  } catch {
    return undefined
  }
}

/** Which variables a table shows: those with names, or what was left open if there are none. */
export function shownVariables(variables: readonly string[], columns: readonly string[]): { at: number; name: string }[] {
  const named = variables.flatMap((name, at) => (name.startsWith(OPEN) ? [] : [{ at, name: `?${name}` }]))
  if (named.length > 0) return named
  return variables.map((name, at) => ({ at, name: columns[Number(name.split('.')[1])] ?? name }))
}

/** The tuples that a solution stands for, one for each pattern. */
export function tuplesOf(terms: readonly (readonly WireTerm[])[], variables: readonly string[], row: readonly WireItem[]): WireItem[][] {
  const values = new Map(variables.map((name, at) => [name, row[at] as WireItem]))
  return terms.map((pattern) =>
    pattern.map((term) =>
      typeof term === 'object' && term !== null && 'variable' in term ? (values.get(term.variable) as WireItem) : term,
    ),
  )
}

interface PatternsFormProps {
  readonly columns: readonly string[]
  readonly written: WrittenPatterns
  run(written: WrittenPatterns): void
}

/** The form. */
export function PatternsForm({ columns, written, run }: PatternsFormProps) {
  const [draft, setDraft] = useStateOf(JSON.stringify(written), written)
  const wrong = draft.flat().some((text) => 'error' in termOf(text))
  const change = (pattern: number, column: number, text: string): void =>
    setDraft(draft.map((row, at) => (at === pattern ? row.map((term, to) => (to === column ? text : term)) : row)))
  return (
    <form
      class="patterns"
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong) run(draft)
      }}
    >
      {draft.map((row, pattern) => (
        <fieldset class="pattern" style={{ '--columns': columns.length }}>
          <legend class="heard">Pattern {pattern + 1}</legend>
          <span class="ordinal" aria-hidden="true">
            {pattern + 1}
          </span>
          {row.map((text, column) => (
            <TermField
              label={columns[column] ?? ''}
              bare={pattern > 0}
              value={text}
              placeholder="any"
              search={pattern === 0 && column === 0}
              onInput={(value) => change(pattern, column, value)}
            />
          ))}
          <button
            type="button"
            class="quiet remove"
            aria-label={`Remove pattern ${pattern + 1}`}
            disabled={draft.length === 1}
            onClick={() => setDraft(draft.filter((_, at) => at !== pattern))}
          >
            ✕
          </button>
        </fieldset>
      ))}
      <div class="buttons">
        <button type="submit" class="primary" disabled={wrong}>
          Run
        </button>
        <button type="button" onClick={() => setDraft([...draft, columns.map(() => '')])}>
          Add a pattern
        </button>
        <span class="muted">
          <code>?name</code> is a variable; what has no name and no value is any
        </span>
      </div>
    </form>
  )
}
