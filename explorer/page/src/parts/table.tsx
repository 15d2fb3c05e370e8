/**
 * Tables of tuple items.
 */

import type { ComponentChildren } from 'preact'

import type { WireItem } from '../../../wire/items.js'
import { Item } from './item.js'

/** A table of items. */
export function ItemTable({ label, columns, rows }: { label: string; columns: readonly string[]; rows: readonly (readonly (WireItem | undefined)[])[] }) {
  return (
    <div class="scroll">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((item) => (
                <td>{item === undefined ? <span class="muted">—</span> : <Item item={item} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface PagerProps {
  /** The number of the first row, from 0. */
  readonly from: number
  readonly length: number
  readonly more: boolean
  previous?: (() => void) | undefined
  next?: (() => void) | undefined
  readonly children?: ComponentChildren
}

/** Which rows are shown, and the way to others. */
export function Pager({ from, length, more, previous, next, children }: PagerProps) {
  return (
    <footer class="pager">
      <span class="muted number" aria-live="polite">
        {length === 0 ? 'none' : `${from + 1} to ${from + length}`}
        {more ? ', and more' : ''}
      </span>
      {children}
      {(previous ?? next) !== undefined && (
        <span class="buttons">
          <button type="button" disabled={previous === undefined} onClick={previous}>
            Previous
          </button>
          <button type="button" disabled={next === undefined} onClick={next}>
            Next
          </button>
        </span>
      )}
    </footer>
  )
}
