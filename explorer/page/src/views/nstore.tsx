/**
 * The view of a tuple store: patterns, and what they find, as a table and as a graph.
 */

import type { Answer } from '../api.js'
import { Graph } from '../parts/graph.js'
import { Failure, Nothing, Waiting } from '../parts/notice.js'
import { whole } from '../parts/numbers.js'
import { patternsFrom, PatternsForm, shownVariables, termsOf, tuplesOf } from '../parts/patterns.js'
import { StoreHead } from '../parts/store_head.js'
import { useOffset } from '../parts/paging.js'
import { ItemTable, Pager } from '../parts/table.js'
import { Tabs } from '../parts/tabs.js'
import { useRead } from '../read.js'
import { refine, route } from '../route.js'
import type { Store } from '../stores.js'

const PAGE = 100

/** The view. */
export function NStoreView({ store }: { store: Store }) {
  const { q, as, reorder } = route.value.parameters
  const columns = store.columns
  const written = patternsFrom(q, columns.length)
  const terms = termsOf(written)
  const { offset, page } = useOffset(JSON.stringify([q, reorder]), PAGE)
  const { answer, error, pending } = useRead(
    'nstore/query',
    terms && {
      store: { prefix: [...store.prefix], columns: columns.length },
      patterns: terms,
      reorder: reorder === 'yes',
      offset,
      limit: PAGE,
    },
  )
  return (
    <div class="view">
      <StoreHead store={store} />
      <PatternsForm columns={columns} written={written} run={(rows) => refine({ q: JSON.stringify(rows) })} />
      {answer === undefined || terms === undefined ? (
        <Waiting error={error} pending={pending} />
      ) : (
        <>
          <div class="bar">
            <Tabs
              label="How the solutions are shown"
              tabs={[
                { id: 'table', name: 'Table' },
                { id: 'graph', name: 'Graph' },
                { id: 'plan', name: 'Plan' },
              ]}
              chosen={as === 'graph' || as === 'plan' ? as : 'table'}
              choose={(id) => refine({ as: id === 'table' ? undefined : id })}
            />
            {written.length > 1 && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={reorder === 'yes'}
                  onChange={(event) => refine({ reorder: event.currentTarget.checked ? 'yes' : undefined })}
                />
                cheapest order
              </label>
            )}
          </div>
          <Failure error={error} />
          <Solutions answer={answer} as={as} columns={columns} terms={terms} />
          <Pager {...page(answer.rows.length, answer.more)} />
        </>
      )}
    </div>
  )
}

interface SolutionsProps {
  readonly answer: Answer<'nstore/query'>
  readonly as: string | undefined
  readonly columns: readonly string[]
  readonly terms: NonNullable<ReturnType<typeof termsOf>>
}

function Solutions({ answer, as, columns, terms }: SolutionsProps) {
  if (as === 'plan') return <Plan steps={answer.steps} columns={columns} />
  if (answer.rows.length === 0) return <Nothing>Nothing matches.</Nothing>
  if (answer.variables.length === 0) return <p class="notice">It is there.</p>
  if (as === 'graph') return <Graph tuples={answer.rows.flatMap((row) => tuplesOf(terms, answer.variables, row))} />
  const shown = shownVariables(answer.variables, columns)
  return (
    <ItemTable
      label="Solutions"
      columns={shown.map(({ name }) => name)}
      rows={answer.rows.map((row) => shown.map(({ at }) => row[at]))}
    />
  )
}

/** How the patterns are answered. */
function Plan({ steps, columns }: { steps: Answer<'nstore/query'>['steps']; columns: readonly string[] }) {
  return (
    <div class="scroll">
      <table aria-label="Plan">
        <thead>
          <tr>
            <th scope="col">pattern</th>
            <th scope="col">index</th>
            <th scope="col">its columns</th>
            <th scope="col" class="right">
              known
            </th>
            <th scope="col" class="right">
              matches by itself
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr>
              <td class="number">{step.pattern + 1}</td>
              <td class="number">{step.index}</td>
              <td>{step.columns.map((column) => columns[column]).join(', ')}</td>
              <td class="right number">{step.known}</td>
              <td class="right number">{step.estimated >= 1000 ? '~ ' : ''}{whole(step.estimated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
