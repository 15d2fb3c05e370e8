// Writes lib/options.generated.ts and lib/errors.generated.ts, the types of what FoundationDB has a name for, from the
// tables of crates/found, so that the two sides cannot differ. Run after those tables change:
//
//   npm run generate
//
// With --check nothing is written, and what is not as it would be is told.

import { readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const checks = process.argv.includes('--check')
const read = (path) => readFileSync(new URL(path, root), 'utf8')

function write(path, lines) {
  const text = `${lines.join('\n')}\n`
  if (!checks) writeFileSync(new URL(path, root), text)
  else if (read(path) !== text) {
    console.error(`${path} is not what the tables of crates/found give: npm run generate`)
    process.exitCode = 1
  }
}

const VALUES = { Empty: 'void', Int: 'number | bigint', Text: 'string | Uint8Array', Bytes: 'Uint8Array | string' }
// These may be given without a value, which then means a default (DEFAULT_TEXT in crates/node/src/database.rs).
const OPTIONAL = new Set(['trace_enable', 'authorization_token'])
const SCOPES = {
  NETWORK_OPTIONS: ['NetworkOptions', 'The options of the network, for `networkSetOption`'],
  DATABASE_OPTIONS: ['DatabaseOptions', 'The options of a database, for `databaseSetOption`'],
  TRANSACTION_OPTIONS: ['TransactionOptionValues', 'The options of a transaction, for `setOption`'],
}

// Whose names are needed when the program runs, and what the list is called.
const LISTED = { DatabaseOptions: 'databaseOptionNames' }

const options = [
  '/**',
  ' * The options of FoundationDB 7.3 by name, and what each takes; `void` is nothing.',
  ' *',
  ' * Written by scripts/generate_lib_types.mjs; not edited by hand.',
  ' */',
]
const tables = read('crates/found/src/client/option_tables.rs')
for (const [, table, body] of tables.matchAll(/pub const (\w+): &\[OptionInfo\] = &\[([\s\S]*?)\n\];/g)) {
  const [name, doc] = SCOPES[table]
  const names = []
  options.push('', `/** ${doc}. Their meaning is FoundationDB's. */`, `export interface ${name} {`)
  for (const [, option, code, kind] of body.matchAll(/OptionInfo::new\(\s*"(\w+)",\s*(-?\d+),\s*OptionKind::(\w+)/g)) {
    const value = OPTIONAL.has(option) ? `${VALUES[kind]} | void` : VALUES[kind]
    options.push(`  /** Option ${code}. */`, `  ${option}: ${value}`)
    names.push(`  '${option}',`)
  }
  options.push('}')
  if (LISTED[name] !== undefined) {
    options.push('', '/** @internal */', `export const ${LISTED[name]}: readonly (keyof ${name})[] = [`, ...names, ']')
  }
}
write('lib/options.generated.ts', options)

const names = [...read('crates/found/src/error_names.rs').matchAll(/\((\d+), "(\w+)"\)/g)].map(([, , name]) => name)
write('lib/errors.generated.ts', [
  '/**',
  " * The names of FoundationDB 7.3's errors.",
  ' *',
  ' * Written by scripts/generate_lib_types.mjs; not edited by hand.',
  ' */',
  '',
  "/** FoundationDB's name of an error. */",
  'export type FdbErrorName =',
  ...names.map((name) => `  | '${name}'`),
])
