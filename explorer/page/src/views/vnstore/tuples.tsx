/**
 * What is alive in a state: patterns, and what they find.
 */

import { formatTerm } from '../../../../wire/text.js'
import { Item } from '../../parts/item.js'
import { Failure, Nothing, Waiting } from '../../parts/notice.js'
import { patternsFrom, PatternsForm, shownVariables, termsOf, tuplesOf } from '../../parts/patterns.js'
import { useOffset } from '../../parts/paging.js'
import { ItemTable, Pager } from '../../parts/table.js'
import { useRead } from '../../read.js'
import { refine, route } from '../../route.js'
import type { Store } from '../../stores.js'
import { HistoryCell, HistoryHead } from './history_cell.js'
import { stateOf, storeOf } from './state.js'

const PAGE = 100

/** The tuples. */
export function Tuples({ store }: { store: Store }) {
  const { q, asOf, pending: applied } = route.value.parameters
  const written = patternsFrom(q, store.columns.length)
  const terms = termsOf(written)
  const { offset, page } = useOffset(JSON.stringify([q, asOf, applied]), PAGE)
  const state = stateOf(asOf)
  const { answer, error, pending } = useRead(
    'vnstore/select',
    terms && {
      store: storeOf(store),
      patterns: terms,
      ...(state === undefined ? {} : { asOf: state }),
      ...(applied === undefined ? {} : { pending: applied }),
      offset,
      limit: PAGE,
    },
  )
  return (
    <>
      <PatternsForm columns={store.columns} written={written} run={(rows) => refine({ q: JSON.stringify(rows) })} />
      {answer === undefined || terms === undefined ? (
        <Waiting error={error} pending={pending} />
      ) : (
        <>
          <Failure error={error} />
          {answer.rows.length === 0 && <Nothing>Nothing that is alive in this state matches.</Nothing>}
          {answer.rows.length > 0 && written.length === 1 && (
            <Alive store={store} rows={answer.rows.flatMap((row) => tuplesOf(terms, answer.variables, row))} />
          )}
          {answer.rows.length > 0 && written.length > 1 && <Solved store={store} answer={answer} />}
          <Pager {...page(answer.rows.length, answer.more)} />
        </>
      )}
    </>
  )
}

type Answered = NonNullable<ReturnType<typeof useRead<'vnstore/select'>>['answer']>

function Solved({ store, answer }: { store: Store; answer: Answered }) {
  const shown = shownVariables(answer.variables, store.columns)
  return (
    <ItemTable
      label="Solutions"
      columns={shown.map(({ name }) => name)}
      rows={answer.rows.map((row) => shown.map(({ at }) => row[at]))}
    />
  )
}

/** Whole tuples. A click on an item looks for it in its column. */
function Alive({ store, rows }: { store: Store; rows: readonly (readonly Answered['rows'][number][number][])[] }) {
  const lookFor = (text: string, column: number): void =>
    refine({ q: JSON.stringify([store.columns.map((_, at) => (at === column ? text : ''))]) })
  return (
    <div class="scroll">
      <table aria-label="Tuples">
        <thead>
          <tr>
            {store.columns.map((name) => (
              <th scope="col">{name}</th>
            ))}
            <HistoryHead />
          </tr>
        </thead>
        <tbody>
          {rows.map((items) => (
            <tr>
              {items.map((item, column) => (
                <td>
                  <button type="button" class="link" title="Look for it" onClick={() => lookFor(formatTerm(item), column)}>
                    <Item item={item} />
                  </button>
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
