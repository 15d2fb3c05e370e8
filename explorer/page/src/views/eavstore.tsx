/**
 * The view of a records store: its records page by page, or those that fulfil conditions.
 */

import type { WireItem } from '../../../wire/items.js'
import { parseItem } from '../../../wire/text.js'
import type { Answer, Body } from '../api.js'
import { ItemField, itemOf, TextField } from '../parts/field.js'
import { Failure, Nothing, Waiting } from '../parts/notice.js'
import { StoreHead } from '../parts/store_head.js'
import { useAfter, useOffset } from '../parts/paging.js'
import { useStateOf } from '../parts/state_of.js'
import { ItemTable, Pager } from '../parts/table.js'
import { useRead } from '../read.js'
import { refine, route } from '../route.js'
import type { Store } from '../stores.js'

const PAGE = 50

type Operator = Body<'eavstore/query'>['conditions'][number]['operator']
const OPERATORS: Readonly<Record<Operator, string>> = { eq: '=', lt: '<', lte: '≤', gt: '>', gte: '≥', exists: 'is there' }

interface Filter {
  readonly attribute: string
  readonly operator: Operator
  readonly value: string
}

function filtersFrom(text: string | undefined): readonly Filter[] {
  try {
    const list = JSON.parse(text ?? '[]') as unknown
    return (Array.isArray(list) ? (list as Filter[]) : []).filter(
      ({ attribute, operator, value }) => typeof attribute === 'string' && Object.hasOwn(OPERATORS, operator) && typeof value === 'string',
    )
  } catch {
    return []
  }
}

/** The view. */
export function EavStoreView({ store }: { store: Store }) {
  const filters = filtersFrom(route.value.parameters.q)
  return (
    <div class="view">
      <StoreHead store={store} />
      <Filters filters={filters} apply={(list) => refine({ q: list.length === 0 ? undefined : JSON.stringify(list) })} />
      {filters.length === 0 ? <AllRecords store={store} /> : <FoundRecords key={JSON.stringify(filters)} store={store} filters={filters} />}
    </div>
  )
}

const EMPTY: Filter = { attribute: '', operator: 'eq', value: '' }

function Filters({ filters, apply }: { filters: readonly Filter[]; apply(list: readonly Filter[]): void }) {
  const [draft, setDraft] = useStateOf(JSON.stringify(filters), filters.length === 0 ? [EMPTY] : filters)
  const change = (at: number, part: Partial<Filter>): void =>
    setDraft(draft.map((filter, to) => (to === at ? { ...filter, ...part } : filter)))
  const wrong = draft.some(({ operator, value }) => operator !== 'exists' && 'error' in itemOf(value))
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong) apply(draft.filter(({ attribute }) => attribute !== ''))
      }}
    >
      {draft.map(({ attribute, operator, value }, at) => (
        <div class="filter">
          <TextField label="Attribute" bare={at > 0} search={at === 0} value={attribute} placeholder="such as name" onInput={(text) => change(at, { attribute: text })} />
          <label class="field">
            {at === 0 && <span class="label">Condition</span>}
            <select aria-label="Condition" value={operator} onChange={(event) => change(at, { operator: event.currentTarget.value as Operator })}>
              {Object.entries(OPERATORS).map(([id, name]) => (
                <option value={id}>{name}</option>
              ))}
            </select>
          </label>
          {operator !== 'exists' && (
            <ItemField label="Value" bare={at > 0} value={value} onInput={(text) => change(at, { value: text })} />
          )}
          <button type="button" class="quiet remove" aria-label={`Remove condition ${at + 1}`} onClick={() => setDraft(draft.length === 1 ? [EMPTY] : draft.filter((_, to) => to !== at))}>
            ✕
          </button>
        </div>
      ))}
      <div class="buttons">
        <button type="submit" class="primary" disabled={wrong}>
          Find
        </button>
        <button type="button" onClick={() => setDraft([...draft, EMPTY])}>
          Add a condition
        </button>
        {filters.length > 0 && (
          <button type="button" class="quiet" onClick={() => apply([])}>
            all records
          </button>
        )}
      </div>
    </form>
  )
}

function AllRecords({ store }: { store: Store }) {
  // Where each page has ended, to go back.
  const { after, page } = useAfter(PAGE)
  const body = { store: { prefix: [...store.prefix] }, limit: PAGE }
  const { answer, error, pending } = useRead('eavstore/records', after === undefined ? body : { ...body, after })
  if (answer === undefined) return <Waiting error={error} pending={pending} />
  const { end } = answer
  return (
    <>
      <Failure error={error} />
      <Records rows={answer.rows} />
      <Pager {...page(answer.rows.length, answer.more, end)} />
    </>
  )
}

function FoundRecords({ store, filters }: { store: Store; filters: readonly Filter[] }) {
  const { offset, page } = useOffset('', PAGE)
  const conditions = filters.map(({ attribute, operator, value }) => ({
    attribute,
    operator,
    value: operator === 'exists' ? null : parseItem(value),
  }))
  const { answer, error, pending } = useRead('eavstore/query', { store: { prefix: [...store.prefix] }, conditions, offset, limit: PAGE })
  if (answer === undefined) return <Waiting error={error} pending={pending} />
  return (
    <>
      <Failure error={error} />
      <Records rows={answer.rows} />
      <Pager {...page(answer.rows.length, answer.more)} />
    </>
  )
}

/** Records, with a column for each attribute that one of them has. */
function Records({ rows }: { rows: Answer<'eavstore/records'>['rows'] }) {
  if (rows.length === 0) return <Nothing>There are no records.</Nothing>
  const attributes = [...new Set(rows.flatMap(({ attributes }) => attributes.map(([name]) => name)))].sort()
  return (
    <ItemTable
      label="Records"
      columns={['uid', ...attributes]}
      rows={rows.map(({ uid, attributes: own }) => {
        const values = new Map<string, WireItem>(own)
        return [uid, ...attributes.map((name) => values.get(name))]
      })}
    />
  )
}
