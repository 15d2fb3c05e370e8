// The JavaScript of README.md and docs/, as programs that can be run, and the sessions at a command line.
//
// A block that begins with an import begins a program; the blocks after it, up to the next that begins so, go on with
// it. Above a block, a comment `<!-- not run: REASON -->` leaves the block out, and `<!-- file: NAME -->` makes it a
// file of its own, for scripts/runners_test.mjs.
//
// A program's lines stand where they stand on the page, so that an error of one leads to the other.
//
// A block of `console` is a session: lines that begin with `$ ` are commands, those behind them what they print.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The pages: README.md, and those of docs/. */
export const pages = ['README.md', ...readdirSync(`${root}docs`).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]

/**
 * The programs of a page, each `{ line, text, reason, file }`: where its first block begins (from 1), the text, why it
 * is not to be run (undefined: it is), and the file it is to be (undefined: none).
 */
export function programsOf(page) {
  const programs = []
  const lines = readFileSync(`${root}${page}`, 'utf8').split('\n')
  let block
  lines.forEach((line, index) => {
    if (block === undefined) {
      if (/^```(js|javascript|mjs|ts|typescript)\b/.test(line)) {
        const above = lines[index - 1] ?? ''
        const reason = above.match(/^<!-- not run: (.+) -->$/)?.[1]
        const file = above.match(/^<!-- file: (.+) -->$/)?.[1]
        block = { line: index + 2, reason, file, body: [] }
      }
    } else if (line.startsWith('```')) {
      const last = programs.at(-1)
      const goesOn = last !== undefined && !last.own && !block.reason && !block.file && !/^import\b/.test(block.body[0] ?? '')
      if (goesOn) last.lines.push(...Array(block.line - 1 - last.lines.length).fill(''), ...block.body)
      else {
        const { line: first, reason, file, body } = block
        programs.push({ line: first, reason, file, own: reason !== undefined || file !== undefined, lines: [...Array(first - 1).fill(''), ...body] })
      }
      block = undefined
    } else block.body.push(line)
  })
  if (block !== undefined) throw new Error(`${page}: a block that does not end`)
  return programs.map(({ line, reason, file, lines }) => ({ line, reason, file, text: `${lines.join('\n')}\n` }))
}

/** Every block of a page that has a language, each `{ line, language, reason, file }`, with the line that it begins on. */
export function blocksOf(page) {
  const text = readFileSync(`${root}${page}`, 'utf8')
  return [...text.matchAll(/^(?:<!-- (not run|file): (.+) -->\n)?```(\w+)\n[^]*?^```$/gm)].map(({ 0: whole, 1: mark, 2: said, 3: language, index }) => ({
    line: text.slice(0, index + whole.indexOf('```')).split('\n').length,
    language,
    reason: mark === 'not run' ? said : undefined,
    file: mark === 'file' ? said : undefined,
  }))
}

/** The sessions of a page, each `{ line, reason, text }`: where it begins (from 1), why it is not to be run, and its lines. */
export function sessionsOf(page) {
  const text = readFileSync(`${root}${page}`, 'utf8')
  return [...text.matchAll(/^(?:<!-- not run: (.+) -->\n)?```console\n([^]*?)^```$/gm)].map(({ 1: reason, 2: body, 0: whole, index }) => {
    const before = text.slice(0, index + whole.indexOf('```console'))
    return { line: before.split('\n').length + 1, reason, text: body }
  })
}
