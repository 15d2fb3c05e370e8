/**
 * The view of a blob store: its blobs, one of them to be looked at or kept.
 */

import { useState } from 'preact/hooks'

import { bytesOf } from '../../../wire/text.js'
import type { Answer } from '../api.js'
import { Bytes, textOf } from '../parts/bytes.js'
import { Failure, Nothing, Waiting } from '../parts/notice.js'
import { bytes, whole } from '../parts/numbers.js'
import { StoreHead } from '../parts/store_head.js'
import { useAfter } from '../parts/paging.js'
import { Pager } from '../parts/table.js'
import { useRead } from '../read.js'
import { refine, route } from '../route.js'
import type { Store } from '../stores.js'

const PAGE = 50
/** How much of a blob is looked at at a time. */
const PIECE = 1 << 16

type Blob = Answer<'bstore/blobs'>['rows'][number]

/** What is known of a blob by its first bytes. */
function looksLike({ start, image }: Blob): { kind: string; begins: string } {
  const head = bytesOf(start ?? '')
  // A character may have been cut in two.
  const text = [0, 1, 2, 3].map((cut) => textOf(head.subarray(0, head.length - cut))).find((text) => text !== undefined)
  const printable = text !== undefined && !/\p{Cc}/u.test(text.replace(/[\n\r\t]/g, ''))
  const begins = printable ? text.replace(/\s+/g, ' ') : (start ?? '').replace(/(..)/g, '$1 ').trim().slice(0, 47)
  return { kind: image ? 'image' : printable ? 'text' : 'binary', begins }
}

/** The view. */
export function BStoreView({ store }: { store: Store }) {
  const { after, page } = useAfter(PAGE)
  const { uid } = route.value.parameters
  const body = { store: { prefix: [...store.prefix] }, limit: PAGE }
  const { answer, error, pending } = useRead('bstore/blobs', after === undefined ? body : { ...body, after })
  const end = answer?.end
  return (
    <div class="view">
      <StoreHead store={store} />
      <div class="panes">
        <div class="pane">
          <Failure error={answer === undefined ? undefined : error} />
          {answer === undefined && <Waiting error={error} pending={pending} />}
          {answer?.rows.length === 0 && <Nothing>There are no blobs.</Nothing>}
          {answer !== undefined && answer.rows.length > 0 && (
            <>
              <div class="scroll">
                <table aria-label="Blobs" class="choose">
                  <thead>
                    <tr>
                      <th scope="col">uid</th>
                      <th scope="col">kind</th>
                      <th scope="col">begins</th>
                      <th scope="col" class="right">
                        size
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {answer.rows.map((blob) => (
                      <Row key={blob.uid} blob={blob} chosen={blob.uid === uid} />
                    ))}
                  </tbody>
                </table>
              </div>
              <Pager {...page(answer.rows.length, answer.more, end)} />
            </>
          )}
        </div>
        <div class="pane side">
          {uid === undefined ? (
            <Nothing>Choose a blob to look at it.</Nothing>
          ) : (
            <Preview key={uid} store={store} uid={uid} image={answer?.rows.find((row) => row.uid === uid)?.image === true} />
          )}
        </div>
      </div>
    </div>
  )
}

function Row({ blob, chosen }: { blob: Blob; chosen: boolean }) {
  const { kind, begins } = looksLike(blob)
  return (
    <tr class={chosen ? 'chosen' : ''} onClick={() => refine({ uid: blob.uid })}>
      <td>
        <button type="button" class="link item uuid" aria-pressed={chosen} onClick={() => refine({ uid: blob.uid })}>
          {blob.uid.slice(0, 8)}
        </button>
      </td>
      <td>
        <span class={`kind ${kind}`}>{kind}</span>
      </td>
      <td class="begins mono">{begins}</td>
      <td class="right number">{blob.size === undefined ? '—' : bytes(blob.size)}</td>
    </tr>
  )
}

function Preview({ store, uid, image }: { store: Store; uid: string; image: boolean }) {
  const [start, setStart] = useState(0)
  const prefix = useRead('keys/pack', { tuple: [...store.prefix] }, true).answer?.hex
  const { answer, error, pending } = useRead('bstore/piece', { store: { prefix: [...store.prefix] }, uid, start, length: PIECE })
  if (answer === undefined || prefix === undefined) return <Waiting error={error} pending={pending} />
  const { size, hex } = answer
  if (size === undefined || hex === undefined) return <Nothing>There is no such blob any more.</Nothing>
  const query = new URLSearchParams({ prefix, uid })
  return (
    <section aria-label="Blob" class="value">
      <header>
        <h2 class="mono">
          <span class="item uuid">{uid}</span>
        </h2>
        <p class="muted facts">
          <span class="number">{whole(size)} bytes</span>
          <a class="button" href={`/blob?${query}`} download={`${uid}.bin`}>
            Download
          </a>
        </p>
      </header>
      {image && (
        <div class="picture">
          <img src={`/image?${query}`} alt={`The blob ${uid}`} />
        </div>
      )}
      <Bytes key={start} hex={hex} tuple={undefined} />
      {size > PIECE && (
        <Pager
          from={start}
          length={hex.length / 2}
          more={start + PIECE < size}
          previous={start === 0 ? undefined : () => setStart(start - PIECE)}
          next={start + PIECE < size ? () => setStart(start + PIECE) : undefined}
        />
      )}
    </section>
  )
}
