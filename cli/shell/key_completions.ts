/**
 * Completion of keys from those that are in the database: tuples item by item, other keys as a whole.
 *
 * It never reads all keys. From one candidate it jumps over all keys that begin with it to the next one, and stops when
 * it has enough; then the last one there is comes too, since what all candidates have in common is then right.
 */

import {
  getKey,
  gte,
  lt,
  pack,
  range,
  transactional,
  type Database,
  type Transaction,
  type Tuple,
} from '../../index.js'

import { asTuple, KEYS_END, parsePrefix, startingWith, type KeyRange } from '../format/bytes_text.js'
import { TextError } from '../format/text_error.js'
import { parsePartialTuple } from '../format/tuple_parser.js'
import { printItem, printTuple } from '../format/tuple_printer.js'
import { commandsOf, keyWord } from './words.js'

const CANDIDATES_MAX = 100
/** Milliseconds after which completion gives up. */
const PATIENCE = 2000

/** What is looked for: the keys of a range, of which `items` are the first items if they are tuples. */
interface Search {
  readonly range: KeyRange
  readonly items: Tuple
  /** Whether the item behind `items` is one of those wanted. */
  readonly wanted: (item: string) => boolean
  /** Whether keys that are no tuples are wanted. */
  readonly others: boolean
}

/** The words that a word for a key may become; none if that cannot be told. */
export async function keyCompletions(db: Database, word: string): Promise<string[]> {
  const search = word.startsWith('(') ? ofTuple(word) : ofBytes(word)
  if (search === undefined) return []
  try {
    const options = { snapshot: true, timeout: PATIENCE, retryLimit: 1 }
    return [...(await transactional(db, (tx) => candidates(tx, search), options))]
  } catch {
    return []
  }
}

function ofTuple(word: string): Search | undefined {
  const partial = parsePartialTuple(word)
  if (partial === undefined) return undefined
  const { items, itemStart } = partial
  const begun = word.slice(itemStart)
  const narrow = begun === '' ? undefined : rangeOfText(word)
  if (narrow !== undefined) return { range: narrow, items, wanted: () => true, others: false }
  // The key of the items themselves has no item behind them.
  const [begin, end] = items.length === 0 ? [Buffer.alloc(0), KEYS_END] : range(items)
  return {
    range: { begin, end },
    items,
    wanted: (item) => item.startsWith(begun),
    others: false,
  }
}

/** The keys whose item goes on from the text or bytes that are being written. */
function rangeOfText(word: string): KeyRange | undefined {
  for (const end of ["'...)", '"...)', '...)']) {
    try {
      return parsePrefix(word + end)
    } catch (error) {
      if (!(error instanceof TextError)) throw error
    }
  }
  return undefined
}

function ofBytes(word: string): Search | undefined {
  for (const closing of ['', '"', "'"]) {
    try {
      const [[text = ''] = []] = commandsOf(word + closing)
      return { range: startingWith(bytesOf(text)), items: [], wanted: () => true, others: true }
    } catch (error) {
      if (!(error instanceof TextError)) throw error
    }
  }
  return undefined
}

function bytesOf(text: string): Buffer {
  return parsePrefix(text).begin
}

async function candidates(tx: Transaction, search: Search): Promise<Set<string>> {
  const { begin, end } = search.range
  const found = new Set<string>()
  let at = begin
  while (found.size < CANDIDATES_MAX) {
    const key = await getKey(tx, gte(at))
    if (key.compare(end) >= 0) return found
    at = addCandidate(found, key, search)
  }
  addCandidate(found, await getKey(tx, lt(end)), search)
  return found
}

/** Adds what a key stands for; gives where to look on. */
function addCandidate(found: Set<string>, key: Buffer, { items, wanted, others }: Search): Buffer {
  const behind = Buffer.concat([key, Buffer.of(0)])
  const tuple = asTuple(key)
  const item = tuple?.[items.length]
  if (tuple === undefined || item === undefined) {
    if (others) found.add(`${keyWord(key)} `)
    return behind
  }
  const child = tuple.slice(0, items.length + 1)
  if (tuple.length === child.length) {
    if (wanted(printItem(item))) found.add(`${printTuple(child)} `)
    return behind
  }
  if (wanted(printItem(item))) found.add(printTuple(child, true))
  return Buffer.concat([pack(child), KEYS_END])
}
