/**
 * The head of a store's view: what it is and where it is.
 */

import type { ComponentChildren } from 'preact'

import { formatTuple } from '../../../wire/text.js'
import { ask } from '../api.js'
import { go, whenKnown } from '../route.js'
import { forget, keep, kept, KEEPS, isHere, type Store } from '../stores.js'

/** The head. */
export function StoreHead({ store, children }: { store: Store; children?: ComponentChildren }) {
  const isKept = kept.value.some(isHere)
  const showKeys = (): Promise<void> =>
    whenKnown(ask('keys/pack', { tuple: [...store.prefix] }), ({ hex }) => go('keys', { at: hex }))
  return (
    <header class="head store">
      <div>
        <h1>{store.name}</h1>
        <p class="muted">
          <span class="kind">{store.kind}</span> {KEEPS[store.kind]} at <span class="mono">{formatTuple(store.prefix)}</span>
        </p>
      </div>
      <div class="actions">
        {children}
        <button type="button" class="quiet" onClick={() => void showKeys()}>
          Browse its keys
        </button>
        {isKept ? (
          <button type="button" class="quiet" onClick={() => forget(store)}>
            Forget
          </button>
        ) : (
          <button type="button" class="quiet" title="Keep it in the list, in this browser" onClick={() => keep(store)}>
            Keep in the list
          </button>
        )}
      </div>
    </header>
  )
}
