/**
 * The page: the list of what there is to look at, and the view of what was chosen.
 */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

import { AddStore } from './add_store.js'
import type { Session } from './api.js'
import { connected, live } from './live.js'
import { Failure, Nothing } from './parts/notice.js'
import { Dialog } from './parts/dialog.js'
import { useRead } from './read.js'
import { address, go, route } from './route.js'
import { said } from './said.js'
import { addressOf, all, columnNames, guessed, isHere, nameOf, ofRoute, type Store } from './stores.js'
import { nextTheme, theme } from './theme.js'
import { BStoreView } from './views/bstore.js'
import { EavStoreView } from './views/eavstore.js'
import { KeysView } from './views/keys/index.js'
import { NStoreView } from './views/nstore.js'
import { PStoreView } from './views/pstore.js'
import { VNStoreView } from './views/vnstore/index.js'

/** The page. */
export function App({ session }: { session: Session }) {
  const [dialog, setDialog] = useState<'add' | 'help'>()
  useGuesses()
  useShortcuts(() => setDialog('help'))
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}>
        To the content
      </a>
      <aside class="side-bar">
        <div class="brand">
          <Mark />
          <span>found</span>
        </div>
        <p class="database" title={session.label}>
          {session.label}
        </p>
        <nav aria-label="Views">
          <a href={address('keys')} aria-current={route.value.view === 'keys' ? 'page' : undefined}>
            <span class="title">Keys</span>
            <kbd aria-hidden="true">k</kbd>
          </a>
          <h2>Stores</h2>
          {all().map((store, at) => (
            <StoreLink store={store} at={at} />
          ))}
          <button type="button" class="add" onClick={() => setDialog('add')}>
            Add a store
          </button>
        </nav>
        <footer>
          <span class={`mode ${session.write ? 'write' : 'read'}`}>{session.write ? 'writes allowed' : 'read only'}</span>
          <button
            type="button"
            class="quiet live"
            aria-pressed={live.value}
            title="Whether what is shown follows the database"
            onClick={() => (live.value = !live.value)}
          >
            <span class={`lamp ${live.value ? (connected.value ? 'on' : 'waiting') : 'off'}`} aria-hidden="true" />
            {live.value ? (connected.value ? 'live' : 'connecting') : 'still'}
          </button>
          <button type="button" class="quiet" onClick={nextTheme} >
            theme: {theme.value}
          </button>
          <button type="button" class="quiet" aria-label="Keyboard shortcuts" onClick={() => setDialog('help')}>
            ?
          </button>
        </footer>
      </aside>
      <main id="main" tabIndex={-1}>
        <View session={session} />
      </main>
      <div class="said" role="status" aria-live="polite">
        {said.value !== undefined && <span>{said.value}</span>}
      </div>
      {dialog === 'add' && <AddStore close={() => setDialog(undefined)} />}
      {dialog === 'help' && <Help close={() => setDialog(undefined)} />}
    </>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
      <rect width="16" height="16" rx="3.5" />
      <path d="M4 4.25h8M4 8h5.25M4 11.75h2.75" />
    </svg>
  )
}

function StoreLink({ store, at }: { store: Store; at: number }) {
  return (
    <a
      href={addressOf(store)}
      class={store.kept ? 'kept' : 'guessed'}
      aria-current={isHere(store) ? 'page' : undefined}
      title={store.kept ? undefined : 'Guessed by the look of the keys'}
    >
      <span class="title">{store.name}</span>
      <span class="kind">{store.kind}</span>
      {at < 9 && <kbd aria-hidden="true">{at + 1}</kbd>}
    </a>
  )
}

function View({ session }: { session: Session }) {
  const { view } = route.value
  if (view === 'keys') return <KeysView session={session} />
  const store = ofRoute()
  const columns = store?.kind === 'nstore' || store?.kind === 'vnstore'
  if (store === undefined || (columns && store.columns.length === 0)) {
    return <Nothing>The address names nothing that there is.</Nothing>
  }
  // Another store is another view, with nothing left of the one before.
  const key = addressOf(store)
  if (store.kind === 'nstore') return <NStoreView key={key} store={store} />
  if (store.kind === 'pstore') return <PStoreView key={key} store={store} />
  if (store.kind === 'eavstore') return <EavStoreView key={key} store={store} />
  if (store.kind === 'bstore') return <BStoreView key={key} store={store} />
  return <VNStoreView key={key} store={store} session={session} />
}

function useGuesses(): void {
  const { answer } = useRead('stores', {}, true)
  useEffect(() => {
    if (answer === undefined) return
    guessed.value = answer.stores.map(({ kind, prefix, columns }) => ({
      kind,
      name: nameOf(prefix),
      prefix,
      columns: columns === undefined ? [] : columnNames(kind, columns),
      kept: false,
    }))
  }, [answer])
}

const SHORTCUTS: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'write what to look for'],
  ['k', 'keys'],
  ['1 to 9', 'the stores, as they are listed'],
  ['l', 'follow the database, or stand still'],
  ['t', 'theme: of the system, light, dark'],
  ['↑ ↓ ← →', 'go through the tree of keys, open and close'],
  ['Ctrl Enter', 'commit what is staged'],
  ['Esc', 'close what is open'],
  ['?', 'this'],
]

function Help({ close }: { close(): void }) {
  return (
    <Dialog title="Keyboard" close={close}>
      <dl class="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <h3>Tuple items, as they are written</h3>
      <table class="syntax">
        <tbody>
          {SYNTAX.map(([written, what]) => (
            <tr>
              <td class="mono">{written}</td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}

const SYNTAX: readonly (readonly [written: string, what: string])[] = [
  ['Paris   \'12\'   "a\\nb"', 'text; in quotes where it would be something else'],
  ['12   -3', 'integer'],
  ['1.5   1.0   inf', '64-bit float'],
  ['float(1.5)', '32-bit float'],
  ['null   true   false', 'themselves'],
  ["b'\\x00a'   0x0061", 'bytes'],
  ['0741c7a8-7ce4-2c82-1807-2e8c35bf992d', 'UUID'],
  ["('a', 1)", 'nested tuple'],
  ['?name', 'variable, in patterns'],
]

function useShortcuts(help: () => void): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target } = event
      const element = target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return
      if (key === 'Escape' && element.matches('input, select')) element.blur()
      if (element.matches('input, textarea, select')) return
      const store = /^[1-9]$/.test(key) ? all()[Number(key) - 1] : undefined
      const actions: Readonly<Record<string, () => void>> = {
        '/': () => document.querySelector<HTMLInputElement>('[data-search]')?.select(),
        '?': help,
        k: () => go('keys'),
        l: () => (live.value = !live.value),
        t: nextTheme,
      }
      const action = store === undefined ? (Object.hasOwn(actions, key) ? actions[key] : undefined) : () => (location.hash = addressOf(store))
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** What is shown where the server cannot be reached. */
export function Unreachable({ error }: { error: Parameters<typeof Failure>[0]['error'] }) {
  return (
    <main id="main" class="alone">
      <Failure error={error} />
    </main>
  )
}
