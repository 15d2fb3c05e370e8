// Style that no linter checks: files stay small, notes to ourselves stay out, and `unsafe` stays at the borders.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LINES_MAX = 600
/** Where C begins, on either side. Every other crate says to the compiler that it has no unsafe code. */
const UNSAFE_ALLOWED = ['fdb-c', 'libfdb-c', 'node', 'stand-in']
const FORBIDS_UNSAFE = /^#!\[forbid\(unsafe_code\)\]$/m
const UNSAFE = /\bunsafe\s*(\{|fn|impl|extern|trait|\()/
const NOTE = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|'))

const files = execFileSync('git', ['ls-files', '--', '*.rs', '*.ts', '*.mjs', '*.py', '*.sh', '*.md', 'Makefile'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && !file.endsWith('.d.ts'))

const wrong = []
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const generated = /\.generated\.|error_texts\.rs|error_names\.rs|constants\.rs/.test(file)
  if (/\.(rs|ts)$/.test(file) && !generated && lines.length - 1 > LINES_MAX) {
    wrong.push(`${file}: ${lines.length - 1} lines; one file has one job, and at most ${LINES_MAX} lines`)
  }
  lines.forEach((line, index) => {
    if (NOTE.test(line)) wrong.push(`${file}:${index + 1}: a note to ourselves: ${line.trim()}`)
  })
}
for (const file of files.filter((file) => file.endsWith('.rs'))) {
  const [, crate, rest] = /^crates\/([^/]+)\/(.*)$/.exec(file) ?? []
  if (UNSAFE_ALLOWED.includes(crate)) continue
  const text = readFileSync(file, 'utf8')
  if (rest === 'src/lib.rs' && !FORBIDS_UNSAFE.test(text)) wrong.push(`${file}: must forbid unsafe code`)
  if (UNSAFE.test(text)) wrong.push(`${file}: unsafe code, which only ${UNSAFE_ALLOWED.join(', ')} may have`)
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(`${files.length} files are tidy`)
