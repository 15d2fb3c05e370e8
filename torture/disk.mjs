// Disks that are full, folders that may not be written to, files that go away: a clear error, and nothing lost.

import { execFileSync, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as found from '../index.js'

const PACKAGE = new URL('../index.js', import.meta.url).href
const VALUE = 'v'.repeat(10_000)
const isRoot = process.getuid?.() === 0

export async function disk({ report }) {
  const directory = await mkdtemp(join(tmpdir(), 'found-db-torture-'))
  try {
    if (process.platform !== 'win32') {
      await report('a file that may not grow', () => mayNotGrow(directory))
      await report('a folder that is read-only', () => readOnlyFolder(directory))
      await report('a file without permission', () => withoutPermission(directory))
      await report('a file that is removed', () => removed(directory))
    }
    await report('files that are not ours', () => foreign(directory))
    await report('a file that is cut off', () => cutOff(directory))
    if (!isRoot) return 'a full disk left out: only root can mount one'
    const mounted = join(directory, 'small')
    await mkdir(mounted)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mounted], { stdio: 'pipe' })
    } catch {
      return 'a full disk left out: it cannot be mounted here'
    }
    try {
      await report('a disk that is full, and then is not', () => fullDisk(mounted))
    } finally {
      execFileSync('umount', [mounted])
    }
    return 'a disk that is full among them'
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function assert(holds, what) {
  if (!holds) throw new Error(what)
}

/** The error that a promise ends with. */
async function errorOf(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('there was no error')
}

/** Opening must fail so, and leave the file as it was. */
async function refused(path, words) {
  const before = await readFile(path).catch(() => undefined)
  const error = await errorOf(found.open(`file:${path}`))
  assert(error instanceof found.FdbError && words.test(error.message), `instead of ${words}: ${error.message}`)
  const after = await readFile(path).catch(() => undefined)
  assert(before === undefined ? after === undefined : before.equals(after), 'the file was changed')
}

const put = (db, number) => found.transactional(db, (tx) => found.set(tx, found.pack([number]), VALUE))

async function count(db) {
  const rows = await found.all(found.scan(db, '', Buffer.of(0xff)))
  assert(rows.every(([, value]) => value.toString() === VALUE), 'a value is not what was written')
  return rows.length
}

async function fullDisk(folder) {
  const ballast = join(folder, 'ballast')
  await writeFile(ballast, Buffer.alloc(2 << 20))
  const db = await found.open(`file:${join(folder, 'a.db')}`)
  let acknowledged = 0
  const fill = async () => {
    for (;;) {
      await put(db, acknowledged)
      acknowledged += 1
    }
  }
  for (let round = 0; round < 3; round++) {
    const error = await errorOf(fill())
    assert(error.code === 'io_error', `${error.code}: ${error.message}`)
    assert((await count(db)) === acknowledged, `${acknowledged} were acknowledged, ${await count(db)} are there`)
  }
  await rm(ballast)
  const before = acknowledged
  await put(db, acknowledged)
  acknowledged += 1
  assert((await count(db)) === before + 1, 'the first write after it')
  await errorOf(fill())
  await found.close(db)
  const again = await found.open(`file:${join(folder, 'a.db')}`)
  assert((await count(again)) === acknowledged, 'what was acknowledged is not there after opening again')
  await found.close(again)
}

/** A process whose files may not become longer than 4 MB: what a quota does. */
async function mayNotGrow(directory) {
  const path = join(directory, 'quota.db')
  const program = `
    const found = await import(${JSON.stringify(PACKAGE)})
    const db = await found.open('file:' + ${JSON.stringify(path)})
    let acknowledged = 0
    try {
      for (;; acknowledged++) {
        await found.transactional(db, (tx) => found.set(tx, found.pack([acknowledged]), 'v'.repeat(10_000)))
      }
    } catch (error) {
      console.log(JSON.stringify({ acknowledged, code: error.code }))
    }
    const rows = await found.all(found.scan(db, '', Buffer.of(0xff)))
    if (rows.length !== acknowledged) throw new Error(rows.length + ' rows')
    await found.close(db).catch(() => {})`
  const { output, code } = await run('bash', [
    '-c',
    'ulimit -f 4096; trap "" XFSZ; exec "$0" --input-type=module --eval "$1"',
    process.execPath,
    program,
  ])
  assert(code === 0, output)
  const { acknowledged, code: name } = JSON.parse(output.split('\n')[0])
  assert(name === 'io_error' && acknowledged > 20, output)
  const db = await found.open(`file:${path}`)
  assert((await count(db)) === acknowledged, 'what was acknowledged is not there')
  await found.close(db)
}

/** Runs a program as somebody who may not do everything. */
async function asNobody(program) {
  const source = `${isRoot ? 'process.setgid(65534); process.setuid(65534);' : ''}
    const found = await import(${JSON.stringify(PACKAGE)})
    ${program}`
  const { output, code } = await run(process.execPath, ['--input-type=module', '--eval', source])
  assert(code === 0, output)
  return output
}

const opening = (path) => `
  try {
    await found.open('file:' + ${JSON.stringify(path)})
    console.log('opened')
  } catch (error) {
    console.log(error.code + ': ' + error.message)
  }`

async function readOnlyFolder(directory) {
  await chmod(directory, 0o755)
  const folder = join(directory, 'closed')
  await mkdir(folder, { mode: 0o555 })
  const said = await asNobody(opening(join(folder, 'a.db')))
  assert(/permissions of the file or its directory/.test(said), said)
  assert((await stat(join(folder, 'a.db')).catch(() => undefined)) === undefined, 'a file was made')
}

async function withoutPermission(directory) {
  const path = join(directory, 'closed.db')
  const db = await found.open(`file:${path}`)
  await put(db, 0)
  await found.close(db)
  for (const [mode, words] of [
    [0o444, /may be read but not written/],
    [0o000, /may not be opened: change the permissions/],
  ]) {
    await chmod(path, mode)
    const said = await asNobody(opening(path))
    assert(words.test(said), said)
  }
}

async function removed(directory) {
  const [path, away] = [join(directory, 'removed.db'), join(directory, 'away.db')]
  const db = await found.open(`file:${path}`)
  await put(db, 0)
  await rename(path, away)
  const error = await errorOf(put(db, 1))
  assert(error.code === 'file_not_found', `${error.code}: ${error.message}`)
  assert((await count(db)) === 1, 'what was there is not')
  await rename(away, path)
  await put(db, 2)
  await found.close(db)
  const again = await found.open(`file:${path}`)
  assert((await count(again)) === 2, 'what was acknowledged is not there')
  await found.close(again)
}

async function foreign(directory) {
  const path = join(directory, 'foreign')
  await writeFile(path, '%PDF-1.7 and so on')
  await refused(path, /is not a found-db file: name another file/)
  await writeFile(path, Buffer.from('SQLite format 3\0'.padEnd(8192, '\0')))
  await refused(path, /is not a found-db file: name another file/)
  await writeFile(path, Buffer.alloc(100_000))
  await refused(path, /begins with zeros/)
  await refused(directory, /is a directory: name a file in it/)
  await refused(join(directory, 'none', 'a.db'), /make the directory/)
}

async function cutOff(directory) {
  const [path, copy] = [join(directory, 'whole.db'), join(directory, 'cut.db')]
  const db = await found.open(`file:${path}`)
  for (let number = 0; number < 100; number++) await put(db, number)
  await found.close(db)
  const { size } = await stat(path)
  for (const length of [5, 9, 100, 320, 4096, size >> 1, size - 4096, size - 1]) {
    await copyFile(path, copy)
    await truncate(copy, length)
    await refused(copy, /damaged|is not a found-db file/)
  }
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', reject)
    child.on('close', (code) => resolve({ output, code }))
  })
}
