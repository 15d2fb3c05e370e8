/**
 * The view of an inverted index: a search, its hits with their scores, the words of a document.
 */

import { useState } from 'preact/hooks'

import type { WireItem } from '../../../wire/items.js'
import { formatTuple } from '../../../wire/text.js'
import { TextField } from '../parts/field.js'
import { Item } from '../parts/item.js'
import { Failure, Nothing, Waiting } from '../parts/notice.js'
import { whole } from '../parts/numbers.js'
import { useStateOf } from '../parts/state_of.js'
import { StoreHead } from '../parts/store_head.js'
import { Pager } from '../parts/table.js'
import { useRead } from '../read.js'
import { refine, route } from '../route.js'
import type { Store } from '../stores.js'

const LIMIT = 100
const RANKINGS = ['bm25', 'count'] as const

/** The view. */
export function PStoreView({ store }: { store: Store }) {
  const { q = '', ranking: asked } = route.value.parameters
  const ranking = asked === 'count' ? 'count' : 'bm25'
  const [text, setText] = useStateOf(q, q)
  const [chosen, choose] = useState<WireItem>()
  const keywords = q.split(/\s+/).filter((word) => word !== '')
  const { answer, error, pending } = useRead(
    'pstore/search',
    keywords.length === 0 ? undefined : { store: { prefix: [...store.prefix] }, keywords, ranking, limit: LIMIT },
  )
  const best = answer?.rows[0]?.score ?? 1
  return (
    <div class="view">
      <StoreHead store={store} />
      <form
        class="goto"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          refine({ q: text })
        }}
      >
        <TextField label="Words" bare wide search value={text} placeholder="words that all must occur" onInput={setText} />
        <label class="field">
          <select aria-label="Ranking" value={ranking} onChange={(event) => refine({ ranking: event.currentTarget.value })}>
            {RANKINGS.map((name) => (
              <option value={name}>{name === 'bm25' ? 'BM25' : 'count'}</option>
            ))}
          </select>
        </label>
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      {keywords.length === 0 && (
        <Nothing>
          <p>Words find the documents in which all of them occur, the best first.</p>
          <p class="muted">They are looked for as they were indexed: mostly in lower case.</p>
        </Nothing>
      )}
      {keywords.length > 0 && answer === undefined && <Waiting error={error} pending={pending} />}
      {keywords.length > 0 && answer !== undefined && (
        <div class="panes">
          <div class="pane">
            <Failure error={error} />
            {answer.rows.length === 0 ? (
              <Nothing>No document has all of these words.</Nothing>
            ) : (
              <ol class="hits" aria-label="Hits">
                {answer.rows.map(({ docuid, score }) => (
                  <li>
                    <button
                      type="button"
                      class="hit"
                      aria-pressed={chosen !== undefined && formatTuple([chosen]) === formatTuple([docuid])}
                      onClick={() => choose(docuid)}
                    >
                      <Item item={docuid} />
                      <span class="meter" aria-hidden="true">
                        <span style={{ '--share': best === 0 ? 0 : score / best }} />
                      </span>
                      <span class="number score">{ranking === 'bm25' ? score.toFixed(3) : whole(score)}</span>
                    </button>
                  </li>
                ))}
              </ol>
            )}
            <Pager from={0} length={answer.rows.length} more={answer.more} />
          </div>
          <div class="pane side">
            {chosen === undefined ? (
              <Nothing>Choose a document to see its words.</Nothing>
            ) : (
              <Document store={store} docuid={chosen} keywords={keywords} />
            )}
          </div>
        </div>
      )}
    </div>
  )
}

function Document({ store, docuid, keywords }: { store: Store; docuid: WireItem; keywords: readonly string[] }) {
  const { answer, error, pending } = useRead('pstore/document', { store: { prefix: [...store.prefix] }, docuid })
  if (answer === undefined) return <Waiting error={error} pending={pending} />
  return (
    <section aria-label="Document">
      <h2 class="mono">
        <Item item={docuid} />
      </h2>
      {!answer.known && <Nothing>This document is not indexed.</Nothing>}
      <ul class="words">
        {answer.words.map(([word, times]) => (
          <li class={keywords.includes(word) ? 'marked' : ''}>
            {word} <span class="number muted">{whole(times)}</span>
          </li>
        ))}
      </ul>
      {answer.more && <p class="muted">and others that are rarer</p>}
    </section>
  )
}
