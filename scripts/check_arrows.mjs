// Dependencies go one way: node -> found -> foundationdb -> foundationdb-sys (crates/fdb-c) -> engine. Fails on any
// other arrow between the crates of the workspace; and if the command in cli/ imports anything of the package but what
// all programs have.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ALLOWED = {
  engine: [],
  'foundationdb-sys': ['engine'],
  'libfdb-c': ['foundationdb-sys'],
  'stand-in': ['foundationdb-sys'],
  // `found` reaches the C API through the crate `foundationdb`, but for running and stopping the network, which that
  // crate has as unsafe functions only.
  found: ['foundationdb', 'foundationdb-sys'],
  // For fdb_get_client_version alone, which the crate `foundationdb` has no function for.
  'found-node': ['found', 'foundationdb-sys'],
}

const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { encoding: 'utf8', maxBuffer: 1 << 28 }),
)
const inside = new Set([...metadata.packages.map((pkg) => pkg.name), 'foundationdb'])
const wrong = []
for (const pkg of metadata.packages) {
  const allowed = ALLOWED[pkg.name]
  if (!allowed) {
    wrong.push(`${pkg.name}: a crate that no arrow is drawn for; add it to scripts/check_arrows.mjs`)
    continue
  }
  for (const dependency of pkg.dependencies) {
    if (dependency.kind !== 'dev' && inside.has(dependency.name) && !allowed.includes(dependency.name)) {
      wrong.push(`${pkg.name} -> ${dependency.name}: arrows go one way, downwards`)
    }
  }
}
// What is above index.ts: the folder, and what else its files may import.
const ABOVE = {
  cli: ['index.js', 'explorer/server/index.js'],
  'explorer/server': ['index.js', 'explorer/wire/'],
  'explorer/page': ['explorer/wire/', 'explorer/server/'],
  'explorer/wire': [],
}
let above = 0
for (const [folder, allowed] of Object.entries(ABOVE)) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => /\.tsx?$/.test(name))) {
    above += 1
    const imports = readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*)'/g)
    for (const [, path] of imports) {
      const target = join(folder, file, '..', path).replaceAll('\\', '/')
      if (![`${folder}/`, ...allowed].some((prefix) => target.startsWith(prefix))) {
        wrong.push(`${folder}/${file} -> ${target}: it may use ${[...allowed, 'what is beside it'].join(', ')}`)
      }
    }
  }
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(`${metadata.packages.length} crates and ${above} files above index.ts, every arrow goes downwards`)
