/**
 * The last cell of a tuple's row: the way to what has happened to it.
 */

import type { WireTuple } from '../../../../wire/items.js'
import { formatItem } from '../../../../wire/text.js'
import { refine } from '../../route.js'

/** The cell above. */
export function HistoryHead() {
  return (
    <th scope="col">
      <span class="heard">History</span>
    </th>
  )
}

/** The cell. */
export function HistoryCell({ items }: { items: WireTuple }) {
  return (
    <td class="right">
      <button type="button" class="quiet" onClick={() => refine({ show: 'history', tuple: JSON.stringify(items.map(formatItem)) })}>
        history
      </button>
    </td>
  )
}
