// What others wrote and we build with, as the lock files have it: known licences, checksums, no code that runs when it is
// installed unless it is named here, and nothing from elsewhere than the registries. Works without a network; what only
// the registries can tell (known flaws) is asked in .github/workflows/nightly.yml, the licences of crates by `cargo deny`.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'WTFPL',
])

/** Packages whose package.json has no licence, and the one they are under. */
const LICENCE_OF = { 'world-countries': 'ODbL-1.0' }

/** Packages with an install script. `npm ci --ignore-scripts` is used where nothing needs it. */
const INSTALL_SCRIPTS = {
  'package-lock.json': ['esbuild'],
  'bench/package-lock.json': ['better-sqlite3', 'classic-level', 'foundationdb', 'lmdb', 'msgpackr-extract'],
  '__test__/installers/package-lock.json': ['bun'],
  '__test__/peers/package-lock.json': ['foundationdb'],
  '__test__/runners/package-lock.json': ['@parcel/watcher'],
}

const REGISTRY = 'registry+https://github.com/rust-lang/crates.io-index'

const wrong = []
let [packages, crates] = [0, 0]

const lockFiles = execFileSync('git', ['ls-files', '*package-lock.json', '*Cargo.lock'], { encoding: 'utf8' })
for (const file of lockFiles.trim().split('\n')) {
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('Cargo.lock')) checkCrates(file, text)
  else checkPackages(file, JSON.parse(text).packages)
}

// What is installed with the package itself: nothing but its own binaries.
const { dependencies, optionalDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
if (dependencies ?? optionalDependencies) wrong.push('package.json: the package has no dependencies of its own')
for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
  if (scripts[name]) wrong.push(`package.json: an install script: ${name}`)
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(`${packages} packages and ${crates} crates, of known licences and origin`)

function checkPackages(file, entries) {
  const withScript = new Set(INSTALL_SCRIPTS[file])
  for (const [path, entry] of Object.entries(entries)) {
    if (path === '') continue
    packages += 1
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (entry.hasInstallScript && !withScript.has(name)) wrong.push(`${file}: ${name} has an install script`)
    if (!entry.integrity?.startsWith('sha512-')) wrong.push(`${file}: ${name} has no checksum`)
    if (entry.resolved) wrong.push(`${file}: ${name} names where it is from; npm's configuration does that`)
    if (!isLicensed(entry.license ?? LICENCE_OF[name])) {
      wrong.push(`${file}: ${name} has a licence to look at: ${entry.license ?? 'none'}`)
    }
  }
}

/** Whether a licence, or one of those to choose from, is known. */
function isLicensed(expression = '') {
  if (Object.values(LICENCE_OF).includes(expression)) return true
  return expression
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => LICENCES.has(licence)))
}

function checkCrates(file, text) {
  for (const block of text.split('[[package]]').slice(1)) {
    const [name, source, checksum] = ['name', 'source', 'checksum'].map(
      (field) => new RegExp(`^${field} = "(.*)"$`, 'm').exec(block)?.[1],
    )
    // Without a source it is one of ours.
    if (source === undefined) continue
    crates += 1
    if (source !== REGISTRY) wrong.push(`${file}: ${name} is not from crates.io: ${source}`)
    if (checksum === undefined) wrong.push(`${file}: ${name} has no checksum`)
  }
}
