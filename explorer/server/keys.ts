/**
 * Keys as a tree of tuples, one level at a time, and the values of single keys.
 */

import { Type } from 'typebox'

import { estimatedSizeBytes, gte, get, nextPrefix, query, STREAMING_MODE_SMALL, type Transaction } from '../../index.js'
import type { WireItem } from '../wire/items.js'
import { call } from './call.js'
import { firstItem, type FirstItem } from './first_item.js'
import { Form, Key, Limit } from './forms.js'
import { hex, toWire, unpackedWire } from './items.js'
import { PAGE_BYTES, reading } from './reading.js'

/** Where a program's keys end. */
const END = Buffer.of(0xff)
/** How many bytes of a value the tree shows. */
const PREVIEW_BYTES = 96
/** Rows that are read at once while looking for the next child. */
const ROWS_AT_ONCE = 24

/** A child of the tree as it is found. */
export interface Child {
  /** The bytes that its keys begin with. */
  readonly prefix: Buffer
  /** Where its keys end. */
  readonly end: Buffer
  /** Its item; undefined for a key whose bytes go on as no tuple. */
  readonly item: WireItem | undefined
  /** The value of the key that ends here. */
  value: Buffer | undefined
  /** Whether keys go on behind it. */
  children: boolean
}

const concat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts)
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex')

function childOf(key: Buffer, depth: number): Child {
  const first = firstItem(key.subarray(depth))
  if (first === undefined) {
    return { prefix: key, end: concat(key, Buffer.of(0)), item: undefined, value: undefined, children: false }
  }
  const prefix = key.subarray(0, depth + first.length)
  const end = first.escapable ? concat(prefix, END) : nextPrefix(prefix)
  return { prefix, end, item: toWire(first.item), value: undefined, children: false }
}

/** Which children. */
interface Among {
  /** From here on: the end of the last child of an earlier page. */
  readonly after?: Buffer | undefined
  /** Up to here: the end that the prefix has as a child. */
  readonly until?: Buffer | undefined
}

/** Where the keys of a prefix end: of a tuple, those whose next item is another; of other bytes, those that begin so. */
function endOf(prefix: Buffer): Buffer {
  if (prefix.length === 0) return END
  let last: FirstItem | undefined
  for (let at = 0; at < prefix.length; at += last.length) {
    last = firstItem(prefix.subarray(at))
    if (last === undefined) return nextPrefix(prefix)
  }
  return last?.escapable ? concat(prefix, END) : nextPrefix(prefix)
}

/**
 * The children of a prefix, in order. Each costs about one small read, however many keys it has.
 */
export async function* childrenOf(tx: Transaction, prefix: Buffer, { after, until }: Among = {}): AsyncGenerator<Child> {
  let end = endOf(prefix)
  if (until !== undefined && prefix.length > 0) {
    const beyond = nextPrefix(prefix)
    end = until.compare(beyond) < 0 ? until : beyond
  }
  let begin = after ?? concat(prefix, Buffer.of(0))
  if (after === undefined && prefix.length === 0) begin = Buffer.alloc(0)
  let child: Child | undefined
  for (;;) {
    const options = { limit: ROWS_AT_ONCE, mode: STREAMING_MODE_SMALL, targetBytes: 1 << 16, reverse: false }
    let rows = 0
    for await (const [key, value] of query(tx, gte(begin), gte(end), options)) {
      rows += 1
      if (child !== undefined && key.compare(child.end) < 0) {
        child.children = true
        begin = child.end
        continue
      }
      if (child !== undefined) yield child
      child = childOf(Buffer.from(key), prefix.length)
      if (key.length === child.prefix.length) child.value = Buffer.from(value)
      else child.children = true
      begin = child.children ? child.end : concat(key, Buffer.of(0))
    }
    if (rows < ROWS_AT_ONCE) break
  }
  if (child !== undefined) yield child
}

/** A value, or as much of it as there is room for. */
function preview(value: Buffer): { length: number; hex: string; tuple?: readonly WireItem[] } {
  const tuple = value.length <= PREVIEW_BYTES ? unpackedWire(value) : undefined
  return { length: value.length, hex: hex(value.subarray(0, PREVIEW_BYTES)), ...(tuple ? { tuple } : {}) }
}

/** A level of the tree. */
export const tree = call(
  Form({ prefix: Key, until: Type.Optional(Key), after: Type.Optional(Key), limit: Limit }),
  (db, { prefix, until, after, limit }, signal) =>
    reading(db, signal, async (tx) => {
      const among = { after: after === undefined ? undefined : bytesOf(after), until: until === undefined ? undefined : bytesOf(until) }
      const found: Child[] = []
      let more = false
      let bytes = 0
      for await (const child of childrenOf(tx, bytesOf(prefix), among)) {
        if (found.length === limit || bytes > PAGE_BYTES) {
          more = true
          break
        }
        bytes += child.prefix.length + PREVIEW_BYTES
        found.push(child)
      }
      const children = await Promise.all(
        found.map(async ({ prefix, end, item, value, children }) => ({
          key: hex(prefix),
          end: hex(end),
          item: item === undefined ? undefined : item,
          value: value === undefined ? undefined : preview(value),
          children,
          // Of what is small the sample knows nothing.
          bytes: children ? await estimatedSizeBytes(tx, prefix, end) : prefix.length + (value?.length ?? 0),
        })),
      )
      return { children, more }
    }),
)

/** A key and its value. */
export const value = call(Form({ key: Key }), (db, { key }, signal) =>
  reading(db, signal, async (tx) => describe(bytesOf(key), await get(tx, bytesOf(key)))),
)

/** What the page is told of a key. */
export function describe(key: Buffer, value: Buffer | undefined) {
  return {
    key: hex(key),
    tuple: unpackedWire(key),
    value: value === undefined ? undefined : { hex: hex(value), tuple: unpackedWire(value) },
  }
}
