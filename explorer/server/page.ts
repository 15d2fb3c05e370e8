/**
 * The files of the page, as they were built, in memory.
 */

import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the build puts the page: two folders up is the package, from here as from where this is bundled to. */
const FOLDER = fileURLToPath(new URL('../../dist/explorer/page/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** A file of the page. */
export interface PageFile {
  readonly type: string
  readonly body: Buffer
}

/** The files by their paths, the page itself at `/`. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>()
  for (const entry of await readdir(FOLDER, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = `/${relative(FOLDER, path).split(sep).join('/')}`
    const type = TYPES[extname(name)]
    if (type !== undefined) files.set(name === '/index.html' ? '/' : name, { type, body: await readFile(path) })
  }
  return files
}
