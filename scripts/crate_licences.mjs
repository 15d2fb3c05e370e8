// The licences of the crates that are compiled into a library, as cargo knows them.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { standardText } from './licences.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const FILE = /^(licen[cs]e|copying|copyright|notice|unlicense)([-.][\w-]+)*$/i
/** Folders of a crate that are not compiled, but may have licences of their own. */
const NOT_COMPILED = /(^|\/)(tests?|docs?|benches|examples|contrib|programs)\//
const RULE = `\n${'-'.repeat(78)}\n\n`

const known = new Map()

/** The packages of the workspace for a target, and what each depends on, by their ids. */
function metadataOf(target) {
  if (!known.has(target)) {
    const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target]
    const { packages, resolve } = JSON.parse(execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }))
    known.set(target, {
      packages: new Map(packages.map((crate) => [crate.id, crate])),
      nodes: new Map(resolve.nodes.map(({ id, deps }) => [id, deps])),
    })
  }
  return known.get(target)
}

/** The crates of others that end up in what is compiled from a crate of ours, without those that only run while it is. */
function cratesIn(name, target) {
  const { packages, nodes } = metadataOf(target)
  const isMacro = (crate) => crate.targets.some(({ kind }) => kind.includes('proc-macro'))
  const seen = new Set()
  const visit = (id) => {
    if (seen.has(id) || isMacro(packages.get(id))) return
    seen.add(id)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id)) if (kinds.some(({ kind }) => kind === null)) visit(pkg)
  }
  const own = [...packages.values()].find((crate) => crate.name === name && crate.source === null)
  if (own === undefined) throw new Error(`there is no crate ${name}`)
  visit(own.id)
  return [...seen].map((id) => packages.get(id)).filter(({ source }) => source !== null)
}

/** Of the files in one folder those that count: of several licences to choose from, MIT; beside a licence, no GPL. */
function chosen(names) {
  const notices = names.filter((name) => /^(copyright|notice)/i.test(name))
  const choose = (pattern) => names.filter((name) => pattern.test(name) && !notices.includes(name))
  const choices = [choose(/-mit(\.|$)/i), choose(/^licen[cs]e/i), choose(FILE)]
  return [...notices, ...choices.find(({ length }) => length > 0) ?? []]
}

/** The licences that a crate comes with, those of the C libraries in it among them; or the text of the one that it names. */
function textsOf({ name, license, authors, manifest_path: manifest }) {
  const folder = dirname(manifest)
  const folders = new Map()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const within = (entry.parentPath ?? entry.path).slice(folder.length).replaceAll('\\', '/')
    if (!entry.isFile() || !FILE.test(entry.name) || NOT_COMPILED.test(`${within}/`)) continue
    folders.set(within, [...folders.get(within) ?? [], entry.name])
  }
  const files = [...folders].flatMap(([within, names]) => chosen(names.sort()).map((name) => join(within, name)))
  if (files.length > 0) return files.sort().map((path) => readFileSync(join(folder, path), 'utf8'))
  const [first] = (license ?? '').split(/ OR |\//)
  try {
    return [standardText(first, authors.map((author) => author.replace(/ <.*/, '')).join(', ') || undefined)]
  } catch {
    throw new Error(`${name} has no copy of its licence, which is ${license}`)
  }
}

/**
 * The licences of the crates that are in `file`, compiled from our crate `name` for a Rust target, as text for people. Rust's
 * standard library is one of them. Needs cargo, and the registry for crates that were never built here.
 *
 * A crate that has no copy of its licence, and none whose text is known, is an error.
 */
export function crateLicencesOf(name, target, file) {
  const standard = {
    name: "Rust's standard library",
    version: execFileSync('rustc', ['--version'], { cwd: root, encoding: 'utf8' }).split(' ')[1],
    license: 'MIT OR Apache-2.0',
    from: 'https://github.com/rust-lang/rust',
    texts: ['MIT', 'Apache-2.0'].map((license) => standardText(license, 'The Rust Project contributors')),
  }
  const crates = cratesIn(name, target).map((crate) => ({
    ...crate,
    from: `https://crates.io/crates/${crate.name}/${encodeURIComponent(crate.version)}`,
    texts: textsOf(crate),
  }))
  const parts = [...crates.sort((one, other) => (one.name < other.name ? -1 : 1)), standard]
  const users = new Map()
  for (const { name, version, texts } of parts) {
    for (const text of texts) {
      const plain = text.replace(/\r\n/g, '\n').trim()
      // The same text, however its lines are broken.
      const key = plain.replace(/\s+/g, ' ').toLowerCase()
      if (!users.has(key)) users.set(key, { plain, names: new Set() })
      users.get(key).names.add(`${name} ${version}`)
    }
  }
  const list = parts.map(({ name, version, license, from }) => `${name} ${version} (${license})\n  ${from}\n`)
  const head = `${file} contains the libraries below, unchanged, under their own licences. Their sources are where it is said.\n`
  const texts = [...users.values()].map(({ plain, names }) => `${[...names].join(', ')}\n\n${plain}\n`)
  return [`${head}\n${list.join('')}`, ...texts].join(RULE)
}
