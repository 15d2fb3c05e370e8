// Makes the packages that are published, as tarballs, from what has been built:
//
//   node scripts/package.mjs OUT [--modules DIR] [--libraries DIR]
//
// found-db itself; one package for each native module (found-db.PLATFORM.node) in DIR, the root if left out; and one
// that carries libfdb_c for each library DIR/PLATFORM/libfdb_c.so (or .dylib, or fdb_c.dll). OUT is emptied first.
// found-db depends on the packages of the platforms made here, all of which must be for a release: --complete insists.
//
// Nothing of the work tree is touched: the packages are put together in a folder of their own, by @napi-rs/cli. Prints
// a line of JSON with the name, the file, and the sizes (packed, unpacked, in bytes) of each package.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { crateLicencesOf } from './crate_licences.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { binaryName, targets } = manifest.napi
/** The licences of the crates in a native library, beside it. */
const LICENCES = 'THIRD_PARTY_LICENSES.txt'
const ABI = { gnu: 'gnu', musl: 'musl', msvc: 'msvc' }
const SYSTEMS = { linux: 'linux', darwin: 'darwin', windows: 'win32' }
const CPUS = { x86_64: 'x64', aarch64: 'arm64' }

/** What @napi-rs/cli calls the platform of a Rust target: linux-x64-gnu. */
function platformOf(target) {
  const [cpu, , system, abi] = target.split('-')
  return [SYSTEMS[system], CPUS[cpu], ABI[abi]].filter(Boolean).join('-')
}

function run(program, args, cwd) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

const napiManifest = createRequire(import.meta.url).resolve('@napi-rs/cli/package.json')
const napi = join(dirname(napiManifest), JSON.parse(readFileSync(napiManifest, 'utf8')).bin.napi)
const npm = (args, cwd) =>
  process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args], cwd) : run('npm', args, cwd)

/** Packs the package in a folder and tells what came of it; everything its manifest lists must be in it. */
function pack(folder, out) {
  const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', out], folder))
  const inside = packed.files.map((file) => file.path)
  for (const wanted of files) {
    // npm leaves out what is not there without a word.
    const pattern = new RegExp(`^${wanted.replace(/[.]/g, '\\.').replace('**/', '(.+/)?').replace(/\*(?!\))/g, '[^/]*')}(/.+)?$`)
    if (!inside.some((path) => pattern.test(path))) throw new Error(`${packed.name}: nothing in it matches ${wanted}`)
  }
  return { name: packed.name, file: join(out, packed.filename), packed: packed.size, unpacked: packed.unpackedSize, files: inside }
}

/** Puts found-db and its platform packages together in `stage`. */
function stageModules(stage, modules, built) {
  mkdirSync(stage)
  const staged = { ...manifest, napi: { ...manifest.napi, targets: built }, scripts: {}, devDependencies: undefined, ava: undefined }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(staged, null, 2)}\n`)
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'lib', ...manifest.files.filter((name) => !name.includes('*'))]) {
    if (!existsSync(join(root, name))) throw new Error(`${name} is not there: npm run build`)
    cpSync(join(root, name), join(stage, name), { recursive: true })
  }
  const artifacts = join(stage, 'artifacts')
  mkdirSync(artifacts)
  for (const target of built) {
    const file = `${binaryName}.${platformOf(target)}.node`
    cpSync(join(modules, file), join(artifacts, file))
  }
  run(process.execPath, [napi, 'create-npm-dirs'], stage)
  run(process.execPath, [napi, 'artifacts', '--output-dir', 'artifacts', '--npm-dir', 'npm'], stage)
  // Writes the optional dependencies; publishing is left to whoever has these tarballs.
  run(process.execPath, [napi, 'pre-publish', '--tag-style', 'npm', '--no-gh-release', '--skip-optional-publish'], stage)
  for (const target of built) {
    const folder = join(stage, 'npm', platformOf(target))
    cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
    writeFileSync(join(folder, LICENCES), crateLicencesOf('found-node', target, `${binaryName}.${platformOf(target)}.node`))
    const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    described.files.push(LICENCES)
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`)
  }
  return [stage, ...built.map((target) => join(stage, 'npm', platformOf(target)))]
}

/** Puts the package that carries libfdb_c for a platform together in `stage`. */
function stageLibrary(stage, platform, library) {
  const [os, cpu, libc] = platform.split('-')
  const file = library.split(/[\\/]/).at(-1)
  const name = `${manifest.name}-libfdb-c-${platform}`
  mkdirSync(stage)
  const { version, license, repository, engines, publishConfig } = manifest
  const described = {
    name,
    version,
    description: "FoundationDB's C library on the embedded engine of found-db: runs any FoundationDB program without a server",
    license,
    repository,
    type: 'module',
    main: 'index.js',
    types: 'index.d.ts',
    exports: { '.': { types: './index.d.ts', default: './index.js' }, [`./${file}`]: `./${file}`, './package.json': './package.json' },
    files: ['index.js', 'index.d.ts', file, LICENCES],
    engines,
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' ? { libc: [libc === 'gnu' ? 'glibc' : libc] } : {}),
    publishConfig,
  }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(described, null, 2)}\n`)
  cpSync(library, join(stage, file))
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const target = targets.find((target) => platformOf(target) === platform)
  if (target === undefined) throw new Error(`${platform} is no platform that packages are made for`)
  writeFileSync(join(stage, LICENCES), crateLicencesOf('libfdb-c', target, file))
  const template = (name) => readFileSync(join(root, 'npm', 'libfdb-c', name), 'utf8')
  const variable = { linux: 'LD_LIBRARY_PATH', darwin: 'DYLD_LIBRARY_PATH', win32: 'PATH' }[os]
  for (const part of ['index.js', 'index.d.ts', 'README.md']) {
    const text = template(part).replaceAll('{{name}}', name).replaceAll('{{file}}', file).replaceAll('{{variable}}', variable)
    writeFileSync(join(stage, part), text)
  }
  return stage
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { modules: { type: 'string' }, libraries: { type: 'string' }, complete: { type: 'boolean' } },
})
if (positionals.length !== 1) {
  console.error('usage: package.mjs OUT [--modules DIR] [--libraries DIR] [--complete]')
  process.exit(2)
}
const out = resolve(positionals[0])
const modules = resolve(values.modules ?? root)
const missing = targets.filter((target) => !existsSync(join(modules, `${binaryName}.${platformOf(target)}.node`)))
if (values.complete && missing.length > 0) throw new Error(`no native module for ${missing.join(', ')} in ${modules}`)
const built = targets.filter((target) => !missing.includes(target))
if (built.length === 0) throw new Error(`no native module in ${modules}: npm run build`)

const scratch = mkdtempSync(join(tmpdir(), 'found-db-package-'))
try {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const folders = stageModules(join(scratch, 'found-db'), modules, built)
  if (values.libraries !== undefined) {
    const libraries = resolve(values.libraries)
    for (const platform of readdirSync(libraries).filter((name) => statSync(join(libraries, name)).isDirectory())) {
      const [library] = readdirSync(join(libraries, platform))
      folders.push(stageLibrary(join(scratch, platform), platform, join(libraries, platform, library)))
    }
  }
  for (const folder of folders) console.log(JSON.stringify(pack(folder, out)))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
