/**
 * The keys as a tree of tuples. A level is read when it is opened, page by page.
 */

import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'

import { formatBytes } from '../../../../wire/text.js'
import { bytesOf } from '../../../../wire/text.js'
import type { Answer } from '../../api.js'
import { integersOf, isCounter, textOf } from '../../parts/bytes.js'
import { Item, TupleText } from '../../parts/item.js'
import { Waiting } from '../../parts/notice.js'
import { bytes } from '../../parts/numbers.js'
import { useStateOf } from '../../parts/state_of.js'
import { useRead } from '../../read.js'
import { edits } from './edits.js'

type Child = Answer<'keys/tree'>['children'][number]

const PAGE = 100

/** The prefixes that are open. */
const open = signal<ReadonlySet<string>>(new Set())

function toggle(key: string, wanted: boolean): void {
  const next = new Set(open.value)
  if (wanted) next.add(key)
  else next.delete(key)
  open.value = next
}

interface TreeProps {
  /** The prefix whose keys are shown. */
  readonly at: string
  /** The key that is chosen. */
  readonly chosen: string | undefined
  choose(key: string): void
}

/** The tree. */
export function Tree({ at, chosen, choose }: TreeProps) {
  const tree = useRef<HTMLDivElement>(null)
  return (
    <div class="tree" ref={tree} role="tree" aria-label="Keys" onKeyDown={(event) => keys(event, tree.current, choose)}>
      <Level prefix={at} until={undefined} after={undefined} level={1} chosen={chosen} choose={choose} first />
    </div>
  )
}

/** Goes through the rows with the arrow keys, as one goes through files. */
function keys(event: KeyboardEvent, tree: HTMLElement | null, choose: (key: string) => void): void {
  const rows = [...(tree?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const row = rows[at]
  if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const { key, expandable } = row.dataset as { key: string; expandable?: string }
  const focus = (next: HTMLElement | undefined): void => {
    if (next === undefined) return
    next.focus()
    choose(next.dataset.key as string)
  }
  const actions: Readonly<Record<string, () => void>> = {
    ArrowDown: () => focus(rows[at + 1]),
    ArrowUp: () => focus(rows[at - 1]),
    Home: () => focus(rows[0]),
    End: () => focus(rows.at(-1)),
    ArrowRight: () => {
      if (expandable === undefined) return
      if (open.value.has(key)) focus(rows[at + 1])
      else toggle(key, true)
    },
    ArrowLeft: () => {
      if (expandable !== undefined && open.value.has(key)) toggle(key, false)
      else {
        const level = Number(row.ariaLevel)
        focus(rows.slice(0, at).reverse().find((above) => Number(above.ariaLevel) < level))
      }
    },
    Enter: () => expandable !== undefined && toggle(key, !open.value.has(key)),
    ' ': () => choose(key),
  }
  const action = actions[event.key]
  if (action === undefined || (event.target as HTMLElement).tagName === 'BUTTON') return
  event.preventDefault()
  action()
}

interface LevelProps {
  readonly prefix: string
  /** Where its keys end; undefined where nobody knows but the server. */
  readonly until: string | undefined
  /** Where the page before has ended. */
  readonly after: string | undefined
  readonly level: number
  readonly chosen: string | undefined
  readonly first?: boolean
  choose(key: string): void
}

/** A page of the children of a prefix, and the pages behind it that were asked for. */
function Level({ prefix, until, after, level, chosen, first = false, choose }: LevelProps) {
  const { answer, error, pending } = useRead('keys/tree', {
    prefix,
    ...(until === undefined ? {} : { until }),
    ...(after === undefined ? {} : { after }),
    limit: PAGE,
  })
  const [more, setMore] = useStateOf(JSON.stringify([prefix, after]), false)
  if (answer === undefined) return <Waiting error={error} pending={pending} />
  const { children } = answer
  if (children.length === 0) return first && level === 1 ? <p class="notice nothing">There are no keys here.</p> : null
  const largest = Math.max(...children.map(({ bytes }) => bytes), 1)
  return (
    <>
      {children.map((child, at) => (
        <Node
          key={child.key}
          child={child}
          parent={prefix}
          level={level}
          share={child.bytes / largest}
          chosen={chosen}
          choose={choose}
          stop={child.key === chosen || (chosen === undefined && first && level === 1 && at === 0)}
        />
      ))}
      {answer.more && !more && (
        <button type="button" class="more" onClick={() => setMore(true)} style={{ '--level': level }}>
          more
        </button>
      )}
      {answer.more && more && (
        <Level prefix={prefix} until={until} after={children.at(-1)?.end} level={level} chosen={chosen} choose={choose} />
      )}
    </>
  )
}

interface NodeProps extends Omit<LevelProps, 'prefix' | 'until' | 'after' | 'first'> {
  readonly child: Child
  readonly parent: string
  readonly share: number
  /** Whether it is where the tabulator key comes to. */
  readonly stop: boolean
}

function Node({ child, parent, level, share, chosen, choose, stop }: NodeProps) {
  const { key, item, value, children } = child
  const isOpen = children && open.value.has(key)
  const changed = useChanges(value === undefined ? undefined : `${value.length} ${value.hex}`)
  const edit = edits.value.get(key)
  return (
    <>
      <div
        class={`row ${edit ? (edit.set === undefined ? 'clearing' : 'setting') : ''}`}
        role="treeitem"
        aria-level={level}
        aria-expanded={children ? isOpen : undefined}
        aria-selected={key === chosen}
        tabIndex={stop ? 0 : -1}
        data-key={key}
        data-expandable={children ? '' : undefined}
        style={{ '--level': level }}
        onClick={() => choose(key)}
        onDblClick={() => children && toggle(key, !isOpen)}
      >
        <span
          class={`chevron ${children ? '' : 'leaf'}`}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation()
            if (children) toggle(key, !isOpen)
          }}
        />
        <span class="name">
          {item === undefined ? <span class="item raw">{formatBytes(key.slice(parent.length))}</span> : <Item item={item} />}
        </span>
        <span class={`preview ${changed % 2 === 1 ? 'changed' : changed > 0 ? 'changed again' : ''}`}>
          {value !== undefined && <Preview {...value} />}
        </span>
        <span class="size">{children ? estimate(child.bytes) : bytes(child.bytes)}</span>
        <span class="share" aria-hidden="true" style={{ '--share': share }} />
      </div>
      {isOpen && <Level prefix={key} until={child.end} after={undefined} level={level + 1} chosen={chosen} choose={choose} />}
    </>
  )
}

/** The database estimates from a sample, which what is small is not in. */
function estimate(size: number): string {
  return size === 0 ? 'small' : `~ ${bytes(size)}`
}

/** How often something has changed since it was first shown. */
function useChanges(value: string | undefined): number {
  const last = useRef(value)
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    if (last.current === value) return
    last.current = value
    setChanges((before) => before + 1)
  }, [value])
  return changes
}

function Preview({ length, hex, tuple }: NonNullable<Child['value']>) {
  if (length === 0) return <span class="muted">empty</span>
  const cut = hex.length / 2 < length
  // A character may have been cut in two.
  const text = textOf(bytesOf(hex)) ?? (cut ? textOf(bytesOf(hex.slice(0, -2))) : undefined)
  if (text !== undefined && !/[\p{Cc}\p{Cn}]/u.test(text.replace(/[\n\r\t]/g, ''))) {
    return (
      <>
        {text.replace(/\s+/g, ' ')}
        {cut && '…'}
      </>
    )
  }
  const counter = !cut && isCounter(bytesOf(hex)) ? integersOf(bytesOf(hex)) : undefined
  if (counter !== undefined) return <span class="item integer">{String(counter.signed)}</span>
  if (tuple !== undefined) return <TupleText items={tuple} />
  return <span class="item bytes">{hex.replace(/(..)/g, '$1 ').trim()}{cut && ' …'}</span>
}
