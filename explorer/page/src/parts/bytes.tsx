/**
 * Bytes as text, in hex, as a tuple, as JSON, as an integer. Whatever they are, they are shown as text.
 */

import { useState } from 'preact/hooks'

import type { WireTuple } from '../../../wire/items.js'
import { bytesOf } from '../../../wire/text.js'
import { Item } from './item.js'
import { whole } from './numbers.js'
import { useStateOf } from './state_of.js'
import { Tabs } from './tabs.js'

const VIEWS = ['text', 'hex', 'tuple', 'json', 'integer'] as const
/** A way to look at bytes. */
export type BytesView = (typeof VIEWS)[number]
const NAMES: Readonly<Record<BytesView, string>> = { text: 'Text', hex: 'Hex', tuple: 'Tuple', json: 'JSON', integer: 'Integer' }

/** More lines are shown only when they are asked for. */
const LINES_MAX = 512
const LINE_BYTES = 8

/** The text that bytes are in UTF-8, if they are. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function jsonOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\s*[[{"\d-]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return undefined
  }
}

/** Atomic operations count in little-endian bytes. */
export function integersOf(bytes: Uint8Array): { signed: bigint; unsigned: bigint } | undefined {
  if (bytes.length === 0 || bytes.length > 8) return undefined
  let unsigned = 0n
  for (let at = bytes.length - 1; at >= 0; at--) unsigned = (unsigned << 8n) | BigInt(bytes[at] as number)
  return { unsigned, signed: BigInt.asIntN(8 * bytes.length, unsigned) }
}

/** Eight bytes that are a small number are more often a counter than a tuple that ends with nulls. */
export function isCounter(bytes: Uint8Array): boolean {
  return bytes.length === 8 && (bytes[7] === 0x00 || bytes[7] === 0xff) && bytes[6] === bytes[7]
}

function best(bytes: Uint8Array, text: string | undefined, tuple: WireTuple | undefined): BytesView {
  const printable = text !== undefined && !/[\p{Cc}\p{Co}\p{Cn}]/u.test(text.replace(/[\n\r\t]/g, ''))
  if (printable) return jsonOf(text) !== undefined && /^\s*[[{]/.test(text) ? 'json' : 'text'
  if (isCounter(bytes)) return 'integer'
  return tuple === undefined ? 'hex' : 'tuple'
}

/** Bytes, in the view that fits best or that was chosen. */
export function Bytes({ hex, tuple }: { hex: string; tuple: WireTuple | undefined }) {
  const [chosen, choose] = useState<BytesView>()
  const bytes = bytesOf(hex)
  const text = textOf(bytes)
  const json = jsonOf(text)
  const integers = integersOf(bytes)
  const has = { text: text !== undefined, hex: true, tuple: tuple !== undefined, json: json !== undefined, integer: integers !== undefined }
  const view = chosen !== undefined && has[chosen] ? chosen : best(bytes, text, tuple)
  return (
    <div class="bytes">
      <Tabs
        label="How the value is shown"
        tabs={VIEWS.map((id) => ({ id, name: NAMES[id], disabled: !has[id] }))}
        chosen={view}
        choose={(id) => choose(id)}
      />
      <div class="content" role="tabpanel" tabIndex={0} aria-label={`Value, ${NAMES[view]}`}>
        {bytes.length === 0 && view === 'text' && <span class="muted">no bytes</span>}
        {view === 'text' && <Lines lines={(text ?? '').split('\n')} />}
        {view === 'json' && <Lines lines={(json ?? '').split('\n')} />}
        {view === 'hex' && <Hex bytes={bytes} />}
        {view === 'tuple' && tuple && (
          <ol class="items" start={0}>
            {tuple.map((item) => (
              <li>
                <Item item={item} within />
              </li>
            ))}
          </ol>
        )}
        {view === 'integer' && integers && (
          <dl class="pairs">
            <dt>unsigned</dt>
            <dd class="mono number">{String(integers.unsigned)}</dd>
            <dt>signed</dt>
            <dd class="mono number">{String(integers.signed)}</dd>
            <dt>bytes</dt>
            <dd>{bytes.length}, little-endian</dd>
          </dl>
        )}
      </div>
    </div>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  const [all, setAll] = useStateOf(lines[0] ?? '', false)
  return (
    <>
      <pre>{(all ? lines : lines.slice(0, LINES_MAX)).join('\n')}</pre>
      {!all && lines.length > LINES_MAX && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          all {whole(lines.length)} lines
        </button>
      )}
    </>
  )
}

function Hex({ bytes }: { bytes: Uint8Array }) {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const line = [...bytes.subarray(at, at + LINE_BYTES)]
    const pairs = line.map((byte) => byte.toString(16).padStart(2, '0'))
    const signs = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
    lines.push(`${at.toString(16).padStart(5, '0')}  ${pairs.join(' ').padEnd(3 * LINE_BYTES)} ${signs}`)
  }
  return lines.length === 0 ? <span class="muted">no bytes</span> : <Lines lines={lines} />
}
