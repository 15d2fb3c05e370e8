/**
 * The lines that were typed before, kept in a file.
 */

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** So many lines are kept; the file is cut when it has twice as many. */
const LINES_MAX = 1000

/** Where the history is: in XDG_STATE_HOME, or where that is by default. */
export function historyPath(environment: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = environment
  const home = XDG_STATE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.local', 'state')
  return join(home, 'found', 'history')
}

/** A history in a file. One that cannot be read or written is empty, and nobody is bothered with it. */
export class History {
  readonly #path: string
  /** The lines, the newest first, as readline wants them. */
  readonly lines: string[]

  constructor(path: string) {
    this.#path = path
    const all = readLines(path)
    this.lines = all.slice(-LINES_MAX).reverse()
    if (all.length > 2 * LINES_MAX)
      quietly(() => writeFileSync(path, `${all.slice(-LINES_MAX).join('\n')}\n`, { mode: 0o600 }))
  }

  /** Adds a line. One that begins with a space is not kept, nor one that is typed again. */
  add(line: string): void {
    if (line.trim() === '' || line.startsWith(' ') || line === this.lines[0]) return
    this.lines.unshift(line)
    quietly(() => {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
      // Values may be secrets.
      appendFileSync(this.#path, `${line}\n`, { mode: 0o600 })
    })
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // A home that is read-only, or a full disk.
  }
}
