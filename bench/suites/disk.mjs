/**
 * What the disk itself takes: one write of a page at the end of a file's allocated part, and one fsync.
 */

import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { measure } from '../lib/measure.mjs'

const PAGE_BYTES = 4096
const PAGES = 4096

export const peers = {
  disk: async ({ scratch, sizes }) => {
    const file = openSync(`${scratch}/disk`, 'w+')
    const page = Buffer.alloc(PAGE_BYTES, 1)
    for (let n = 0; n < PAGES; n++) writeSync(file, page, 0, PAGE_BYTES, n * PAGE_BYTES)
    fsyncSync(file)
    let at = 0
    const synced = (sync) =>
      measure(
        async (n) => {
          for (let i = 0; i < n; i++) {
            writeSync(file, page, 0, PAGE_BYTES, (at++ % PAGES) * PAGE_BYTES)
            sync(file)
          }
        },
        { milliseconds: sizes.commits, waits: true },
      )
    const values = { fsync: await synced(fsyncSync), fdatasync: await synced(fdatasyncSync) }
    closeSync(file)
    return { values }
  },
}
