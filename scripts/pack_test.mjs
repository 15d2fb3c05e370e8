// Installs the packages that scripts/package.mjs makes into an empty project, as on a machine without Rust and without
// a network, and uses them there as people do.
//
//   node scripts/pack_test.mjs         makes them of the release build that `make build` has made
//   node scripts/pack_test.mjs DIR     takes the tarballs in DIR: those of a release, for all platforms
//
// Ends with the line "N passed, N failed".

import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { programsOf } from './docs.mjs'
import { installers } from './installers.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'found-db-pack-')))
const project = join(scratch, 'project')

// A package that carries libfdb_c may weigh so much, packed; README states the sizes of the others.
const LIBRARY_BYTES_MAX = 1_500_000
// The highest version of glibc that a module may need. One built on a newer system needs more than one that is built for a
// release, which sets GLIBC_MAX to what README states.
const GLIBC_MAX = (process.env.GLIBC_MAX ?? '2.39').split('.').map(Number)

let passed = 0
let failed = 0

/** Runs one test; what it throws fails it. */
async function test(name, body) {
  try {
    const said = await body()
    passed += 1
    console.log(`ok   ${name}${said === undefined ? '' : `: ${said}`}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL ${name}\n${error.stack}`)
  }
}

/** Only Node and what the system has: no cargo, no rustc. */
const bin = join(scratch, 'bin')
const environment = {
  PATH: [bin, '/usr/bin', '/bin'].join(':'),
  HOME: scratch,
  NAPI_RS_ENFORCE_VERSION_CHECK: '1',
  npm_config_cache: join(scratch, 'cache'),
  npm_config_update_notifier: 'false',
}

function run(program, args, options = {}) {
  const { env, ...rest } = options
  const result = spawnSync(program, args, { cwd: project, encoding: 'utf8', env: { ...environment, ...env }, ...rest })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${result.status ?? result.signal}\n${result.stdout}${result.stderr}`)
  return result.stdout
}

/** Writes a program into the project and runs it. */
function runs(file, text, expected, flags = []) {
  writeFileSync(join(project, file), text)
  const output = run(process.execPath, [...flags, file])
  if (expected !== undefined && output !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(output)}`)
}

/** The platform that this is, as @napi-rs/cli calls it. */
function platformHere() {
  const { platform, arch } = process
  const abi = { linux: process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl', win32: 'msvc' }[platform]
  return [platform, arch, abi].filter(Boolean).join('-')
}

/** What there is to know of the tarballs in a folder. */
function packagesIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .sort()
    .map((name) => {
      const [{ name: packageName, size, unpackedSize, files }] = JSON.parse(
        run('npm', ['pack', '--json', '--dry-run', join(folder, name)], { cwd: scratch }),
      )
      return { name: packageName, file: join(folder, name), packed: size, unpacked: unpackedSize, files: files.map(({ path }) => path) }
    })
}

function makePackages() {
  const platform = platformHere()
  const libraries = join(scratch, 'libraries')
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  const library = join(target, 'release', 'libfdb_c.so')
  if (process.platform === 'linux') {
    execFileSync('cargo', ['build', '--quiet', '--release', '--package', 'libfdb-c'], { cwd: root, stdio: 'inherit' })
    mkdirSync(join(libraries, platform), { recursive: true })
    copyFileSync(library, join(libraries, platform, basename(library)))
  }
  const args = ['scripts/package.mjs', join(scratch, 'packages')]
  if (existsSync(libraries)) args.push('--libraries', libraries)
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  return output.trim().split('\n').map((line) => JSON.parse(line))
}

/** The packages of a folder's own lock, installed once: where they are. */
function installed(folder) {
  const home = join(root, folder)
  const [lock, mark] = [join(home, 'package-lock.json'), join(home, 'node_modules', 'package-lock.json')]
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== readFileSync(lock, 'utf8')) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: home, stdio: 'inherit' })
    copyFileSync(lock, mark)
  }
  return join(home, 'node_modules')
}

/** The sizes that README states, each with what rounding to its last digit may hide, in bytes. */
function statedSizes() {
  const sentence = /To download: ([\d.]+) MB, and ([\d.]+) MB for the native module of your platform\s+\(([\d.]+) MB on disk\)/
  const found = readFileSync(join(root, 'README.md'), 'utf8').match(sentence)
  if (found === null) throw new Error('README.md does not state the sizes any more')
  const [main, module, unpacked] = found.slice(1).map((text) => (Number(text) + (text.includes('.') ? 0.05 : 0.5)) * 1e6)
  return { main, module, unpacked }
}

function within(name, bytes, most) {
  if (bytes > most) throw new Error(`${name}: ${bytes} bytes, more than the ${most} that are stated`)
}

/** The highest version of glibc that a library needs a symbol of. */
function glibcNeeded(file) {
  const text = execFileSync('readelf', ['--version-info', '--wide', file], { encoding: 'utf8' })
  const versions = [...text.matchAll(/Name: GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)])
  return versions.reduce((high, next) => (next[0] - high[0] || next[1] - high[1]) > 0 ? next : high, [0, 0])
}

try {
  mkdirSync(bin)
  mkdirSync(project)
  for (const program of ['node', 'npm', 'npx']) {
    const found = execFileSync('which', [program], { encoding: 'utf8' }).trim()
    writeFileSync(join(bin, program), `#!/bin/sh\nexec '${found}' "$@"\n`, { mode: 0o755 })
  }
  const packages = process.argv[2] === undefined ? makePackages() : packagesIn(resolve(process.argv[2]))
  const names = packages.map(({ name }) => name)
  const main = packages.find(({ name }) => name === 'found-db')
  const here = [main, ...packages.filter(({ name }) => name.endsWith(`-${platformHere()}`))]

  await test('a package is as small as it is stated to be', () => {
    const stated = statedSizes()
    for (const { name, packed, unpacked } of packages) {
      if (name.includes('libfdb-c')) within(name, packed, LIBRARY_BYTES_MAX)
      else if (name === 'found-db') within(name, packed, stated.main)
      else {
        within(name, packed, stated.module)
        within(`${name}, unpacked`, unpacked, stated.unpacked)
      }
    }
    return packages.map(({ name, packed, unpacked }) => `${name} ${Math.round(packed / 1000)} kB (${Math.round(unpacked / 1000)} kB unpacked)`).join(', ')
  })

  await test('installs without a network, a compiler or a script', () => {
    const dependencies = Object.fromEntries(here.map(({ name, file }) => [name, `file:${file}`]))
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, dependencies }))
    run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'])
    const { optionalDependencies, scripts } = JSON.parse(readFileSync(join(project, 'node_modules/found-db/package.json'), 'utf8'))
    for (const name of Object.keys(optionalDependencies)) if (!names.includes(name)) throw new Error(`depends on ${name}, which is not there`)
    if (Object.keys(optionalDependencies).length === 0) throw new Error('depends on no platform package')
    if (Object.keys(scripts ?? {}).length > 0) throw new Error('has scripts')
    if (spawnSync('sh', ['-c', 'command -v cargo rustc'], { env: environment }).status === 0) throw new Error('cargo is still there')
  })

  await test('has no test, no source of Rust and no native module in the main package', () => {
    const strange = main.files.filter((file) => /\.(node|rs)$|__test__|^(crates|scripts|demo)\//.test(file))
    if (strange.length > 0) throw new Error(strange.join(', '))
  })

  await test("runs the README's programs", () => {
    const programs = programsOf('README.md').filter(({ reason }) => reason === undefined)
    if (programs.length === 0) throw new Error('found none')
    programs.forEach(({ text }, index) => runs(`readme${index}.mjs`, text))
    return `${programs.length} of them`
  })

  await test('the found command, by the name that npm gives it', () => {
    const found = (args, input) => run(process.platform === 'win32' ? 'npx.cmd' : 'npx', ['--offline', '--no', '--', 'found', ...args], { input })
    found(['set', 'file:app.db', "('user', 42)", 'Ada'])
    found(['export', 'file:app.db', 'app.found'])
    found(['import', 'file:copy.db', 'app.found'])
    const said = found(['file:copy.db', '--exec', "getrange ('user',)"])
    if (said !== "('user', 42) = Ada\n") throw new Error(said)
    const version = found(['--version'])
    if (!/^found \d+\.\d+\.\d+\S* \(FoundationDB client 7\.3\.\d+\)\n$/.test(version)) throw new Error(version)
    if (!main.files.some((file) => file.startsWith('dist/THIRD_PARTY_LICENSES'))) throw new Error('no licences of what is bundled')
    const { dependencies } = JSON.parse(readFileSync(join(project, 'node_modules/found-db/package.json'), 'utf8'))
    if (dependencies !== undefined) throw new Error(`depends on ${Object.keys(dependencies).join(', ')}`)
  })

  await test('found serve, whose page is in the package', () =>
    runs(
      'serve.mjs',
      `import { spawn } from 'node:child_process'
       import { once } from 'node:events'
       import { open, close } from 'found-db'
       await close(await open('file:served.db'))
       const child = spawn(process.execPath, ['node_modules/found-db/dist/found.js', 'serve', 'file:served.db'])
       const [url] = String(await once(child.stdout, 'data')).split('\\n')
       const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie').split(';')[0]
       const page = await (await fetch(new URL('/', url), { headers: { cookie } })).text()
       const script = await fetch(new URL(/src="([^"]+)"/.exec(page)[1], url), { headers: { cookie } })
       console.log(script.status, script.headers.get('content-type'))
       child.kill()`,
      '200 text/javascript; charset=utf-8\n',
    ))

  await test('a cluster where there is no client library, which is told as it should be', () => {
    writeFileSync(join(project, 'fdb.cluster'), 'description:id@127.0.0.1:4500')
    const told = `import { open } from 'found-db'
      const { name, code, errno, message } = await open('fdb.cluster').then(() => ({ name: 'opened' }), (error) => error)
      console.log([name, code, errno, message].join(' '))`
    writeFileSync(join(project, 'cluster.mjs'), told)
    // The system's own, of which there is none, and one that is asked for.
    for (const env of [{}, { FDB_CLIENT_LIB: '/no/such/libfdb_c' }]) {
      const said = run(process.execPath, ['cluster.mjs'], { env })
      if (said === 'opened\n' && env.FDB_CLIENT_LIB === undefined) continue
      const expected = /^FdbError no_external_client_provided 2123 .*needs FoundationDB's client library.*FDB_CLIENT_LIB.*external_client_library.*\((.*)\)\n$/
      const [, tried] = expected.exec(said) ?? []
      if (!tried?.includes(env.FDB_CLIENT_LIB ?? 'fdb_c')) throw new Error(said)
    }
  })

  await test('a project without optional dependencies, which is told what it lacks', () => {
    const bare = join(scratch, 'bare')
    mkdirSync(bare)
    writeFileSync(join(bare, 'package.json'), JSON.stringify({ name: 'bare', private: true, dependencies: { 'found-db': `file:${main.file}` } }))
    run('npm', ['install', '--offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'], { cwd: bare })
    writeFileSync(join(bare, 'bare.mjs'), `import('found-db').catch(({ code, message }) => console.log(code, message))`)
    const said = run(process.execPath, ['bare.mjs'], { cwd: bare })
    if (!said.startsWith('FOUND_NO_NATIVE_MODULE ') || !said.includes(`found-db-${platformHere()}`)) throw new Error(said)
  })

  await test('a native library is beside the licences of the crates in it', () => {
    for (const { name, files } of packages.filter(({ name }) => name !== 'found-db')) {
      if (!files.includes('THIRD_PARTY_LICENSES.txt')) throw new Error(`${name} has none`)
    }
    for (const { name } of here.filter(({ name }) => name !== 'found-db')) {
      const text = readFileSync(join(project, 'node_modules', name, 'THIRD_PARTY_LICENSES.txt'), 'utf8')
      // What cargo itself says is compiled in; what is ours is at a path.
      const crate = name.includes('libfdb-c') ? 'libfdb-c' : 'found-node'
      const args = ['tree', '--quiet', '--locked', '--package', crate, '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--no-dedupe']
      const tree = new Set(execFileSync('cargo', args, { cwd: root, encoding: 'utf8' }).trim().split('\n'))
      const crates = [...tree].filter((line) => !line.includes(' (')).map((line) => line.replace(' v', ' '))
      const missing = [...crates, "Rust's standard library"].filter((crate) => !text.includes(`\n${crate} `))
      if (crates.length < 10 || missing.length > 0) throw new Error(`${name} has not those of ${missing.join(', ')} of ${crates.length}`)
      if (!/^imbl [^\n]*\n\nMozilla Public License Version 2\.0/m.test(text)) throw new Error(`${name}: the licence of imbl is missing`)
    }
  })

  const useIt = `
    const db = await found.open('memory:')
    await found.transactional(db, (tx) => found.set(tx, 'hello', 'world'))
    console.log(String(await found.transactional(db, (tx) => found.get(tx, 'hello'))))
    await found.close(db)`
  await test('import', () => runs('esm.mjs', `import * as found from 'found-db'\n${useIt}`, 'world\n'))
  const tarballs = packages.filter(({ name }) => !name.includes('libfdb-c')).map(({ name, file }) => [name, file])
  const managers = installers(installed('__test__/installers'), Object.fromEntries(tarballs))
  for (const [index, { name, files, install, run: running }] of managers.entries()) {
    await test(`installed by ${name}, without a network or a script`, () => {
      const cwd = join(scratch, `installed${index}`)
      mkdirSync(cwd)
      const program = `import * as found from 'found-db'\n${useIt}`
      for (const [file, text] of Object.entries({ ...files, 'program.mjs': program })) writeFileSync(join(cwd, file), text)
      const [installer, ...args] = install
      run(installer, args, { cwd })
      const [runner, ...rest] = running('program.mjs')
      const said = run(runner, rest, { cwd })
      if (said !== 'world\n') throw new Error(said)
    })
  }
  await test('require', () => runs('cjs.cjs', `const found = require('found-db')\n;(async () => {${useIt}\n})()`, 'world\n'))
  await test('import and require give one module', () =>
    runs(
      'both.mjs',
      `import { createRequire } from 'node:module'
       import { Versionstamp } from 'found-db'
       console.log(createRequire(import.meta.url)('found-db').Versionstamp === Versionstamp)`,
      'true\n',
    ))
  await test('a worker', () =>
    runs(
      'worker.mjs',
      `import { Worker, isMainThread } from 'node:worker_threads'
       import * as found from 'found-db'
       if (isMainThread) new Worker(new URL(import.meta.url)).on('error', (error) => { throw error })
       else {${useIt}}`,
      'world\n',
    ))
  await test('a stack leads to the TypeScript source', () =>
    runs(
      'trace.mjs',
      `import { open } from 'found-db'
       open(1).catch((error) => console.log(/database\\.ts:\\d+/.test(error.stack)))`,
      'true\n',
      ['--enable-source-maps'],
    ))

  await test('found-db/opentelemetry needs @opentelemetry/api, and nothing else does', () => {
    runs('bare.mjs', `import('found-db/opentelemetry').catch(({ code, message }) => console.log(code, message.includes('@opentelemetry/api')))`, 'ERR_MODULE_NOT_FOUND true\n')
    cpSync(join(root, 'node_modules/@opentelemetry/api'), join(project, 'node_modules/@opentelemetry/api'), { recursive: true })
    runs('traced.mjs', `import { traceTransactions } from 'found-db/opentelemetry'\nconst stop = traceTransactions()\nstop()\nconsole.log(typeof stop)`, 'function\n')
  })

  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const typed = `
    export async function used(): Promise<Buffer | undefined> {
      const db: found.Database = await found.open('memory:')
      const store = found.nstore.make('store', ['store'], 2)
      await found.transactional(db, (tx) => found.nstore.add(tx, store, ['a', 1]))
      return found.transactional(db, (tx) => found.get(tx, 'hello'))
    }
    export const stop: () => void = traceTransactions()
    // @ts-expect-error a database is opened by a string
    export const wrong = (): unknown => found.open(1)\n`
  const esmTyped = `import * as found from 'found-db'\nimport { traceTransactions } from 'found-db/opentelemetry'\n${typed}`
  const resolutions = [
    ['NodeNext, ESM', 'typed.mts', esmTyped, { module: 'NodeNext' }],
    ['NodeNext, CommonJS', 'typed.cts', `import found = require('found-db')\nimport { traceTransactions } from 'found-db/opentelemetry'\n${typed}`, { module: 'NodeNext' }],
    ['a bundler', 'typed.ts', esmTyped, { module: 'ESNext', moduleResolution: 'bundler' }],
  ]
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true })
  for (const [name, file, text, options] of resolutions) {
    await test(`TypeScript, as for ${name}`, () => {
      writeFileSync(join(project, file), text)
      const compilerOptions = {
        ...options,
        target: 'ES2022',
        lib: ['ES2023', 'ESNext.Disposable'],
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      }
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
      run(process.execPath, [tsc, '-p', '.'])
    })
  }

  // Both are given the tarball, as who installs it gets it. A CommonJS program may require an ES module on every Node that
  // `engines` allows, and nobody resolves as Node 10 did.
  const linters = installed('__test__/linters')
  await test('publint finds nothing', () => {
    for (const { file } of here) run(process.execPath, [join(linters, 'publint/src/cli.js'), 'run', file, '--strict', '--level', 'warning'])
  })
  await test('attw: every way to import it finds its types', () => {
    for (const { file } of here.filter(({ name }) => name === 'found-db' || name.includes('libfdb-c'))) {
      const rules = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--exclude-entrypoints', 'libfdb_c.so', 'libfdb_c.dylib', 'fdb_c.dll']
      run(process.execPath, [join(linters, '@arethetypeswrong/cli/dist/index.js'), file, ...rules])
    }
  })

  if (process.platform === 'linux') {
    const addon = `found-db-${platformHere()}`
    const folder = join(project, 'node_modules', addon)
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.node')))
    await test('the native module needs no newer system than is stated', () => {
      const needed = glibcNeeded(file)
      if (needed[0] > GLIBC_MAX[0] || needed[1] > GLIBC_MAX[1]) throw new Error(`needs glibc ${needed.join('.')}`)
      return `glibc ${needed.join('.')}`
    })
    await test('the native module exports nothing of fdb_c', () => {
      const symbols = execFileSync('readelf', ['--dyn-syms', '--wide', file], { encoding: 'utf8' })
      const own = symbols.split('\n').filter((line) => !/ UND /.test(line) && / fdb_/.test(line))
      if (own.length > 0) throw new Error(own.join('\n'))
    })
  }

  const library = here.map(({ name }) => name).find((name) => name.startsWith('found-db-libfdb-c-linux-'))
  if (library !== undefined) {
    const python = join(root, '__test__/python/.venv/bin/python')
    const directory = () => run('node', ['-p', `require('${library}').directory`]).trim()
    await test('libfdb_c: its one line, with a program that loads it by name', () => {
      const program = "import ctypes; lib = ctypes.CDLL('libfdb_c.so'); lib.fdb_get_client_version.restype = ctypes.c_char_p; print(lib.fdb_get_client_version().decode(), lib.fdb_get_max_api_version())"
      const said = run('python3', ['-c', program], { env: { LD_LIBRARY_PATH: directory(), FDB_CLUSTER_FILE: 'memory:' } }).trim()
      if (!/^7\.3\.\d+,\S+ 730$/.test(said)) throw new Error(said)
      return said.split(',')[0]
    })
    if (existsSync(python)) {
      await test('libfdb_c: the official Python binding', () => {
        const program = "import fdb; fdb.api_version(730); db = fdb.open(); db[b'hello'] = b'world'; print(db[b'hello'].decode())"
        const said = run(python, ['-c', program], { env: { LD_LIBRARY_PATH: directory(), FDB_CLUSTER_FILE: 'memory:' } })
        if (said !== 'world\n') throw new Error(said)
      })
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
