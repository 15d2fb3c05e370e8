// Writes the table of FoundationDB's errors in docs/errors.md, from what the native module says of each, and holds the
// page against the codes of the sources. Run after those change:
//
//   npm run generate:errors
//   node scripts/generate_errors_page.mjs --check      changes nothing; fails if something would be

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

import { ERROR_PREDICATE_MAYBE_COMMITTED, ERROR_PREDICATE_RETRYABLE, errorPredicate, FdbError } from '../index.js'

const root = new URL('../', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')
const BEGIN = '<!-- begin: written by scripts/generate_errors_page.mjs -->'
const END = '<!-- end -->'

const codes = [...read('crates/found/src/error_names.rs').matchAll(/\((\d+), "(\w+)"\)/g)]
  .map(([, code, name]) => ({ code: Number(code), name }))
  .filter(({ code }) => code >= 1000)
const rows = codes.map(({ code, name }) => {
  const text = new FdbError(code).message.replace(/ \(\d+\)$/, '').replaceAll('|', '\\|')
  const again = errorPredicate(ERROR_PREDICATE_RETRYABLE, code) ? 'yes' : ''
  const maybe = errorPredicate(ERROR_PREDICATE_MAYBE_COMMITTED, code) ? 'perhaps' : ''
  return `| ${code} | \`${name}\` | ${text} | ${again} | ${maybe} |`
})
const table = ['| errno | code | | retried | committed |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')

const page = read('docs/errors.md')
const [before, rest] = page.split(BEGIN)
const after = rest?.split(END)[1]
if (after === undefined) throw new Error(`docs/errors.md: expected ${BEGIN} and ${END}`)
const fresh = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`

const wrong = []
// The codes of this package are those that its TypeScript names.
const sources = ['lib/errors.ts', 'lib/load_failure.ts', ...readdirSync(new URL('lib/stores', root)).filter((name) => /(?<!\.d)\.ts$/.test(name)).map((name) => `lib/stores/${name}`)]
const own = new Set(sources.flatMap((path) => read(path).match(/'FOUND_[A-Z_]*[A-Z]'/g) ?? []).map((code) => code.slice(1, -1)))
for (const code of own) if (!before.includes(`\`${code}\``)) wrong.push(`docs/errors.md: nothing on ${code}`)
for (const [, code] of before.matchAll(/`(FOUND_[A-Z_]+[A-Z])`/g)) if (!own.has(code)) wrong.push(`docs/errors.md: there is no ${code}`)
for (const [, name, errno] of before.matchAll(/`(\w+)` \((\d+)\)/g)) {
  if (!codes.some((one) => one.code === Number(errno) && one.name === name)) wrong.push(`docs/errors.md: ${errno} is not ${name}`)
}
if (process.argv.includes('--check')) {
  if (fresh !== page) wrong.push('docs/errors.md: its table is out of date: npm run generate:errors')
} else writeFileSync(new URL('docs/errors.md', root), fresh)
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
