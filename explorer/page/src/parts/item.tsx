/**
 * Tuple items as they are shown: always as text, coloured by their type.
 */

import { typeOf, type WireItem, type WireTuple } from '../../../wire/items.js'
import { formatItem, formatTuple, formatWithin } from '../../../wire/text.js'

/** More is cut off where it is only shown among others. */
const LENGTH_MAX = 160

function shortened(text: string): string {
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text
}

/** An item; within a tuple its text is in quotes. */
export function Item({ item, within = false }: { item: WireItem; within?: boolean }) {
  const text = within ? formatWithin(item) : formatItem(item)
  return (
    <span class={`item ${typeOf(item)}`} title={text.length > 40 ? `${typeOf(item)}: ${text.slice(0, 2000)}` : typeOf(item)}>
      {shortened(text)}
    </span>
  )
}

/** A tuple, its items coloured. */
export function TupleText({ items }: { items: WireTuple }) {
  return (
    <span class="tuple mono" title={formatTuple(items).slice(0, 2000)}>
      <span class="comma">(</span>
      {items.map((item, at) => (
        <>
          {at > 0 && <span class="comma">, </span>}
          <Item item={item} within />
        </>
      ))}
      <span class="comma">{items.length === 1 ? ',)' : ')'}</span>
    </span>
  )
}
