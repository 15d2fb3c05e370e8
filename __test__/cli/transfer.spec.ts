// Export and import: what comes out of one goes into the other, and what is damaged, cut off or killed on the way is
// noticed.

import { spawn } from 'node:child_process'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import test from 'ava'
import fc from 'fast-check'

import { ByteSource } from '../../cli/transfer/byte_source.js'
import { newId, type Compression, type Header } from '../../cli/transfer/layout.js'
import { BlockReader, Damaged, LineReader, type RowReader } from '../../cli/transfer/reader.js'
import { BlockWriter, LineWriter, type RowWriter } from '../../cli/transfer/writer.js'
import { pack, type Row } from '../../index.js'
import { folder } from '../support.js'
import { COMMAND, fill, growsTo, rowsOf, runFound } from './support.js'

/** Rows of some size, with keys of all kinds. */
function makeRows(count: number, valueBytes = 100): Row[] {
  return Array.from({ length: count }, (_, index): Row => [
    pack(['row', index, [null, `é${index}`]]),
    Buffer.alloc(valueBytes, index),
  ])
}

const header = (compression: Compression): Header => ({
  compression,
  id: newId(),
  begin: Buffer.alloc(0),
  end: Buffer.of(0xff),
})

/** What a writer makes of rows. */
async function written(writer: RowWriter, rows: readonly Row[]): Promise<Buffer> {
  const parts = [writer.begin()]
  for (const [key, value] of rows) if (writer.add(key, value)) parts.push(await writer.flush())
  parts.push(await writer.flush(), writer.end())
  return Buffer.concat(parts)
}

/** Bytes as a stream that gives them in pieces. */
function source(bytes: Buffer, piece = 1 << 16): ByteSource {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
  return new ByteSource(pieces())
}

/** Whether rows are the same; a library for it takes long for many. */
function same(rows: readonly Row[], others: readonly Row[]): boolean {
  const equal = ([key, value]: Row, [otherKey, otherValue]: Row): boolean =>
    key.equals(otherKey) && value.equals(otherValue)
  return rows.length === others.length && rows.every((row, index) => equal(row, others[index] as Row))
}

async function readAll(reader: RowReader): Promise<Row[]> {
  const rows: Row[] = []
  for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) rows.push(...batch)
  return rows
}

test('blocks and lines give the rows that they were made of, in pieces of any size', async (t) => {
  const anyRows = fc.array(
    fc
      .tuple(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 60 }))
      .map(([key, value]): Row => [Buffer.from(key), Buffer.from(value)]),
    { maxLength: 20 },
  )
  await fc.assert(
    fc.asyncProperty(
      anyRows,
      fc.constantFrom<Compression>('none', 'deflate'),
      fc.integer({ min: 1, max: 100 }),
      async (rows, compression, piece) => {
        const blocks = await written(new BlockWriter(header(compression), undefined), rows)
        const lines = await written(new LineWriter({ key: 'text', value: 'base64' }), rows)
        const fromBlocks = await readAll(await BlockReader.open(source(blocks, piece), 'test'))
        const fromLines = await readAll(new LineReader(source(lines, piece), 'test'))
        return same(fromBlocks, rows) && same(fromLines, rows)
      },
    ),
    { numRuns: 200 },
  )
  t.pass()
})

test('every byte that is changed, and every cut, is noticed', async (t) => {
  const rows = makeRows(12, 4)
  for (const compression of ['none', 'deflate'] as const) {
    const writer = new BlockWriter(header(compression), undefined)
    const parts = [writer.begin()]
    for (const [index, [key, value]] of rows.entries()) {
      writer.add(key, value)
      if (index % 3 === 2) parts.push(await writer.flush())
    }
    const whole = Buffer.concat([...parts, writer.end()])
    const read = async (bytes: Buffer): Promise<unknown> => {
      try {
        return await readAll(await BlockReader.open(source(bytes), 'test'))
      } catch (error) {
        return error
      }
    }
    t.is(((await read(whole)) as Row[]).length, 12)
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] as number) ^ 0x10
      if (!((await read(changed)) instanceof Error)) t.fail(`byte ${at} was changed unnoticed`)
      if (!((await read(whole.subarray(0, at))) instanceof Damaged)) t.fail(`a cut at byte ${at} went unnoticed`)
    }
    // Blocks that are whole, but not those that were written in this order.
    const [head, one, two, three, four] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer]
    for (const wrong of [
      [head, two, one, three, four],
      [head, one, one, two, three, four],
      [head, one, three, four],
    ]) {
      t.true((await read(Buffer.concat([...wrong, writer.end()]))) instanceof Damaged)
    }
    t.regex(String(await read(Buffer.concat([whole, Buffer.of(0)]))), /something stands behind the end/)
  }
})

test('from one database to another: blocks, compressed blocks, lines, a pipe', async (t) => {
  const home = await folder(t)
  const from = `file:${join(home, 'from.db')}`
  const rows = [...makeRows(9000, 150), [Buffer.from([0xfe, 0, 0xff]), Buffer.alloc(0)] as Row]
  await fill(from, rows)
  const ways: [string, string[]][] = [
    ['a.found', []],
    ['b.found', ['--compress', 'deflate']],
    ['c.jsonl', ['--keys', 'hex', '--values', 'base64']],
    ['d.jsonl', []],
  ]
  for (const [file, options] of ways) {
    const path = join(home, file)
    const exported = await runFound(['export', from, path, ...options])
    t.is(exported.code, 0, exported.errors)
    t.regex(exported.errors, /^exported 9,001 rows \(1\.\d MB\) to .* in .* rows\/s\n$/)
    const to = `file:${path}.db`
    const imported = await runFound(['import', to, path])
    t.is(imported.code, 0, imported.errors)
    t.regex(imported.errors, /^imported 9,001 rows \(1\.\d MB\) in .* rows\/s\n$/)
    t.true(same(await rowsOf(to), rows), file)
  }
  const verified = await runFound(['verify', join(home, 'b.found'), '--json'])
  const contents = JSON.parse(verified.output) as Record<string, unknown>
  t.like(contents, { format: 'found', compress: 'deflate', rows: 9001, blocks: 4 })
  t.true(statSync(join(home, 'b.found')).size < statSync(join(home, 'a.found')).size / 4)
  // As range prints rows, import takes them.
  const range = await runFound(['range', from, '--prefix', "('row', 1)", '--json'])
  const piped = await runFound(['import', `file:${join(home, 'e.db')}`, '-', '--quiet'], { input: range.bytes })
  t.deepEqual([piped.code, piped.errors], [0, ''])
  t.deepEqual(await rowsOf(`file:${join(home, 'e.db')}`), rows.slice(1, 2))
  const stdout = await runFound(['export', from, '-', '--prefix', "('row', 2)", '--snapshot', '--quiet'])
  const piece = await runFound(['verify', '-'], { input: stdout.bytes })
  t.is(
    piece.output,
    "it is whole: 1 row, 166 bytes of keys and values, from ('row', 2) to \\x02row\\x00\\x15\\x02\\xff\n",
  )
})

test('a file that is there is not written over, nor taken for an export that it is not', async (t) => {
  const home = await folder(t)
  const from = `file:${join(home, 'from.db')}`
  await fill(from, makeRows(3))
  const path = join(home, 'a.found')
  writeFileSync(path, 'something else')
  const refused = await runFound(['export', from, path])
  t.deepEqual(
    [refused.code, refused.errors],
    [1, `found: ${path}: is there already; go on with it by --resume, or write it anew by --overwrite\n`],
  )
  const foreign = await runFound(['export', from, path, '--resume'])
  t.deepEqual([foreign.code, foreign.errors], [1, `found: ${path}: not an export of found\n`])
  t.is(readFileSync(path, 'utf8'), 'something else')
  t.is((await runFound(['export', from, path, '--overwrite', '--prefix', "('row', 1)"])).code, 0)
  const other = await runFound(['export', from, path, '--resume'])
  t.regex(other.errors, /: is an export of another range: from \('row', 1\) to /)
  const same = await runFound(['export', from, path, '--resume', '--prefix', "('row', 1)"])
  t.deepEqual([same.code, same.errors], [0, `${path} is whole already: 1 row\n`])
})

test('an export that broke off is gone on with, and is then what it would have been', async (t) => {
  const home = await folder(t)
  const from = `file:${join(home, 'from.db')}`
  const rows = makeRows(8000, 150)
  await fill(from, rows)
  for (const file of ['a.found', 'a.jsonl']) {
    const path = join(home, file)
    await runFound(['export', from, path])
    const whole = readFileSync(path)
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 0]) {
      truncateSync(path, length)
      // Lines have no end of their own, so only a cut within one is seen.
      const seen = file === 'a.found' || length === Math.floor(whole.length / 2)
      t.is((await runFound(['verify', path])).code, seen ? 1 : 0, `${file} cut to ${length}`)
      const resumed = await runFound(['export', from, path, '--resume'])
      t.is(resumed.code, 0, resumed.errors)
      // A new file has an id of its own.
      if (length === 0 && file === 'a.found') t.is((await runFound(['verify', path])).code, 0)
      else t.true(readFileSync(path).equals(whole), `${file} cut to ${length}`)
    }
  }
})

test('damage is refused with the place, and what stands before it is imported', async (t) => {
  const home = await folder(t)
  const from = `file:${join(home, 'from.db')}`
  await fill(from, makeRows(8000, 150))
  const path = join(home, 'a.found')
  await runFound(['export', from, path])
  const bytes = readFileSync(path)
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] as number) ^ 1
  writeFileSync(path, bytes)
  const verified = await runFound(['verify', path])
  t.is(verified.code, 1)
  const message =
    /damaged: the checksum is wrong, from byte ([\d,]+) on: whole are (\d+) blocks? before it with ([\d,]+) rows, the last key \('row', \d+, /.exec(
      verified.errors,
    )
  const before = Number(message?.[3]?.replaceAll(',', ''))
  const to = `file:${join(home, 'to.db')}`
  const imported = await runFound(['import', to, path])
  t.is(imported.code, 1)
  t.regex(imported.errors, new RegExp(`; imported before it: ${message?.[3]} rows\n$`))
  const marker = 1
  t.is((await rowsOf(to)).length, before + marker)
  const lines = await runFound(['import', to, '-'], { input: '{"key": "a", "value": "b"}\n{"key": "c"' })
  t.deepEqual([lines.code, lines.errors.split(': ').at(-1)], [1, '1 row\n'])
})

test('an import that is killed goes on where it was, and leaves nothing of its own behind', async (t) => {
  const home = await folder(t)
  const from = `file:${join(home, 'from.db')}`
  const rows = makeRows(16_000, 300)
  await fill(from, rows)
  for (const file of ['a.found', 'a.jsonl']) {
    const path = join(home, file)
    await runFound(['export', from, path])
    const to = join(home, `${file}.db`)
    // Fed by hand, so that it has begun and cannot have ended when it is killed.
    const bytes = readFileSync(path)
    const child = spawn(process.execPath, [COMMAND, 'import', `file:${to}`, '-'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.stdin.on('error', () => {})
    child.stdin.write(bytes.subarray(0, Math.floor(bytes.length * 0.7)))
    // More than it has when it was just made.
    await growsTo(to, 2_500_000)
    child.kill('SIGKILL')
    await ended
    const done = (await rowsOf(`file:${to}`)).length - 1
    t.true(done > 0 && done < rows.length, `${done} rows`)
    const told = await runFound(['import', `file:${to}`, path, '--resume'])
    t.is(told.code, 0, told.errors)
    t.regex(told.errors, new RegExp(`^imported 16,000 rows .*, ${done.toLocaleString('en-US')} of them before in `))
    t.true(same(await rowsOf(`file:${to}`), rows))
  }
})

test('a line that is wrong can be mended, and the import gone on with', async (t) => {
  const home = await folder(t)
  const path = join(home, 'a.jsonl')
  const to = `file:${join(home, 'to.db')}`
  const lines = Array.from({ length: 3000 }, (_, index) =>
    JSON.stringify({ key: `('row', ${index})`, value: 'v'.repeat(300) }),
  )
  const wrong = [...lines]
  wrong[2500] = '{"key": "a"}'
  writeFileSync(path, `${wrong.join('\n\n')}\n`)
  const refused = await runFound(['import', to, path])
  t.is(refused.code, 1)
  t.regex(refused.errors, /: line 5,001: there is no value; imported before it: 2,500 rows\n$/)
  writeFileSync(path, `${lines.join('\n\n')}\n`)
  const resumed = await runFound(['import', to, path, '--resume'])
  t.is(resumed.code, 0, resumed.errors)
  t.regex(resumed.errors, /^imported 3,000 rows \(923\.\d kB\), 2,500 of them before in /)
  t.is((await rowsOf(to)).length, 3000)
})
