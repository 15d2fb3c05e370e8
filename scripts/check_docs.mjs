// Runs the JavaScript of README.md and docs/: each block as a program of its own, as a reader would. What it prints must
// be what its comments say, each line in one that may go on after a colon. A block that cannot be run here has
// `<!-- not run: WHY -->` before it; one that reads and prints its own text has `<!-- prints itself -->`.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = ['README.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
const PATIENCE_MS = 60_000

/** The blocks of a page that are to be run: line number, text, and whether what they print is known. */
function blocks(text) {
  const found = []
  for (const match of text.matchAll(/(?:<!-- (not run|prints itself)[^\n]*-->\n)?```js\n([\s\S]*?)\n```/g)) {
    const [all, marker, code] = match
    const line = text.slice(0, match.index + all.indexOf('```')).split('\n').length
    if (marker !== 'not run') found.push({ line, code, known: marker === undefined })
  }
  return found
}

/** Whether a line that was printed is in a comment. */
function isSaid(comments, printed) {
  return comments.some((comment) => comment === printed.trim() || comment.startsWith(`${printed.trim()}: `))
}

/** Runs a program in a folder of its own; gives what it printed and how it ended. */
function run(code) {
  const folder = mkdtempSync(join(tmpdir(), 'found-docs-'))
  // The package by its name, wherever the program runs.
  const program = code.replaceAll("'found-db'", JSON.stringify(pathToFileURL(join(root, 'index.js')).href))
  writeFileSync(join(folder, 'program.mjs'), program)
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['program.mjs'], { cwd: folder, timeout: PATIENCE_MS })
    let [output, errors] = ['', '']
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (errors += data))
    child.on('close', (status) => {
      rmSync(folder, { recursive: true, force: true })
      resolve({ output, errors, status })
    })
  })
}

let [passed, failed] = [0, 0]
for (const page of pages) {
  for (const { line, code, known } of blocks(readFileSync(join(root, page), 'utf8'))) {
    const { output, errors, status } = await run(code)
    const comments = [...code.matchAll(/\/\/ (.*)$/gm)].map(([, comment]) => comment)
    const unsaid = known ? output.split('\n').filter((printed) => printed !== '' && !isSaid(comments, printed)) : []
    if (status === 0 && errors === '' && unsaid.length === 0) {
      passed += 1
      continue
    }
    failed += 1
    console.error(`${page}:${line}: ended with ${status}`)
    if (errors) console.error(errors)
    for (const printed of unsaid) console.error(`  printed, but not in a comment: ${printed}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
