/**
 * The view of the keys: the tree, the value of the one that is chosen, and what is staged.
 */

import { useState } from 'preact/hooks'

import { parseBytes } from '../../../../wire/text.js'
import { ask, type Session } from '../../api.js'
import { useStateOf } from '../../parts/state_of.js'
import { useRead } from '../../read.js'
import { go, refine, route, whenKnown } from '../../route.js'
import { keyText } from './edits.js'
import { Tray } from './tray.js'
import { Tree } from './tree.js'
import { ValuePanel } from './value.js'

/** The bytes of a key that was written. */
async function keyOf(text: string): Promise<string> {
  const written = parseBytes(text.trim())
  if ('hex' in written) return written.hex
  return (await ask('keys/pack', { tuple: [...written.tuple] })).hex
}

/** The view. */
export function KeysView({ session }: { session: Session }) {
  const { at = '', key } = route.value.parameters
  return (
    <div class="view keys">
      <header class="head">
        <h1>Keys</h1>
        <GoTo at={at} />
      </header>
      <div class="panes">
        <div class="pane">
          <Tree key={at} at={at} chosen={key} choose={(key) => refine({ key })} />
        </div>
        <div class="pane side">
          {key === undefined ? (
            <div class="notice nothing">
              <p>Choose a key to see its value.</p>
              <p class="muted">
                The arrow keys go through the tree, <kbd>→</kbd> opens, <kbd>←</kbd> closes.
              </p>
            </div>
          ) : (
            <ValuePanel hex={key} session={session} />
          )}
        </div>
      </div>
      {session.write && <Tray />}
    </div>
  )
}

/** Where one is, to be changed by writing another key or the beginning of keys. */
function GoTo({ at }: { at: string }) {
  const { answer } = useRead('keys/value', at === '' ? undefined : { key: at })
  const [error, setError] = useState<string>()
  const known = at !== '' && answer?.key === at ? answer : undefined
  const here = known === undefined ? '' : keyText(at, known.tuple)
  // Who writes, or is about to, is not disturbed by an answer that comes late.
  const [draft, setDraft] = useStateOf<{ text: string; written: boolean } | undefined>(at, undefined)
  const text = draft?.text ?? here
  const submit = async (): Promise<void> => {
    try {
      await whenKnown(keyOf(text), (hex) => {
        go('keys', hex === '' ? {} : { at: hex, key: hex })
        setError(undefined)
        // What comes next is about what is shown now.
        document.getElementById('main')?.focus()
      })
    } catch (thrown) {
      setError((thrown as Error).message)
    }
  }
  const up = (): Promise<void> => {
    const tuple = known?.tuple?.slice(0, -1) ?? []
    const asked = tuple.length === 0 ? Promise.resolve('') : ask('keys/pack', { tuple }).then(({ hex }) => hex)
    return whenKnown(asked, (hex) => go('keys', { at: hex }))
  }
  return (
    <form
      class="goto"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <label class={`field wide ${error === undefined ? '' : 'wrong'}`}>
        <span class="box">
          <input
            type="text"
            class="mono"
            data-search=""
            spellcheck={false}
            autocomplete="off"
            aria-label="Go to a key or the beginning of keys"
            aria-invalid={error !== undefined}
            title={error}
            placeholder="all keys; go to ('demo', 'borders') or raw\x00bytes"
            value={text}
            onFocus={() => setDraft({ written: false, ...draft, text })}
            onBlur={() => draft?.written !== true && setDraft(undefined)}
            onInput={(event) => setDraft({ text: event.currentTarget.value, written: true })}
          />
        </span>
      </label>
      <button type="submit">Go</button>
      {at !== '' && (
        <>
          <button type="button" disabled={known === undefined} onClick={() => void up()}>
            Up
          </button>
          <button type="button" onClick={() => go('keys')}>
            All keys
          </button>
        </>
      )}
      {error !== undefined && (
        <span class="hint wrong" role="alert">
          {error}
        </span>
      )}
    </form>
  )
}
