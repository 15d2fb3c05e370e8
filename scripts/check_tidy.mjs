// Style that no linter checks: files stay small, notes to ourselves stay out, and `unsafe` stays at the borders.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LINES_MAX = 600
const UNSAFE_FORBIDDEN = ['crates/engine/src/lib.rs', 'crates/found/src/lib.rs']
const FORBIDS_UNSAFE = /#!\[(forbid|deny)\(unsafe_code\)\]/
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
for (const file of UNSAFE_FORBIDDEN) {
  if (!FORBIDS_UNSAFE.test(readFileSync(file, 'utf8'))) wrong.push(`${file}: must forbid unsafe code`)
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(`${files.length} files are tidy`)
