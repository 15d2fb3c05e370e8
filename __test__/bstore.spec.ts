// The blob store: what goes in comes out, by pieces and by streams; whole or not there; removed without a trace.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { join } from 'node:path'

import test from 'ava'

import * as found from '../index.js'
import { bstore, transactional } from '../index.js'
import { folder, memory, packageUrl, target } from './support.js'

const store = bstore.make('blobs', ['blobs', 1])

/** Bytes of which no two megabytes are the same. */
function bytes(length: number, seed = 0): Buffer {
  const made = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4) made.writeUInt32LE((Math.imul(at + seed, 2654435761) >>> 7) >>> 0, at)
  return made
}

const hash = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex')

/** A source of so many bytes in pieces of odd sizes. */
async function* pieces(blob: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < blob.length; at += size) yield blob.subarray(at, at + size)
}

async function count(db: found.Database): Promise<number> {
  return (await transactional(db, (tx) => found.all(found.query(tx, '', '\xff')))).length
}

test('equal bytes are one blob, whatever they are given as', async (t) => {
  const db = await memory(t)
  const put = (blob: found.Bytes): Promise<found.Uuid> => transactional(db, (tx) => bstore.getOrCreate(tx, store, blob))
  const uid = await put('grüße')
  t.true(uid instanceof found.Uuid)
  t.true(uid.equals(await put(Buffer.from('grüße'))))
  t.false(uid.equals(await put('grüsse')))
  await transactional(db, async (tx) => {
    t.deepEqual(await bstore.get(tx, store, uid), Buffer.from('grüße'))
    t.is(await bstore.size(tx, store, uid), 7)
    t.true(await bstore.has(tx, store, uid))
    const [one, two] = await Promise.all([bstore.getOrCreate(tx, store, 'twin'), bstore.getOrCreate(tx, store, 'twin')])
    t.true(one.equals(two))
  })
  const nobody = found.Uuid.random()
  await transactional(db, async (tx) => {
    t.is(await bstore.get(tx, store, nobody), undefined)
    t.is(await bstore.size(tx, store, nobody), undefined)
    t.false(await bstore.has(tx, store, nobody))
    t.false(await bstore.remove(tx, store, nobody))
  })
})

test('an empty blob is a blob', async (t) => {
  const db = await memory(t)
  const uid = await bstore.write(db, store, Readable.from([]))
  await transactional(db, async (tx) => {
    t.deepEqual(await bstore.get(tx, store, uid), Buffer.alloc(0))
    t.is(await bstore.size(tx, store, uid), 0)
    t.true(uid.equals(await bstore.getOrCreate(tx, store, '')))
  })
  t.deepEqual(await buffer(bstore.createReadStream(db, store, uid)), Buffer.alloc(0))
  await transactional(db, async (tx) => t.true(await bstore.remove(tx, store, uid)))
  t.is(await count(db), 0)
})

test('any source of any size is written, streamed back and removed', async (t) => {
  const db = await memory(t)
  for (const length of [1, 99_999, 100_000, 100_001, 2_000_000, 9_900_000]) {
    const blob = bytes(length)
    const sources: bstore.BlobSource[] = [
      blob,
      new Blob([blob]),
      Readable.from(pieces(blob, 70_001)),
      pieces(blob, 1_000_003),
      new Response(blob).body as unknown as AsyncIterable<Uint8Array>,
      [blob.subarray(0, 1), blob.subarray(1)],
    ]
    const uids = []
    for (const source of sources) uids.push((await bstore.write(db, store, source)).toString())
    t.is(new Set(uids).size, 1, `length=${length}`)
    const uid = new found.Uuid(uids[0] as string)
    t.is(hash(await buffer(bstore.createReadStream(db, store, uid))), hash(blob))
    const options = { start: Math.floor(length / 3), end: length - 1, highWaterMark: 65_537 }
    const streamed = transactional(db, (tx) => buffer(bstore.createReadStream(tx, store, uid, options)))
    t.is(hash(await streamed), hash(blob.subarray(options.start, options.end)))
    await transactional(db, async (tx) => {
      const part = await bstore.read(tx, store, uid, 10, 100_010)
      t.deepEqual(part, blob.subarray(10, 100_010))
      await bstore.remove(tx, store, uid)
    })
    t.is(await count(db), 0)
  }
})

test('fifty megabytes go through and leave nothing when removed', async (t) => {
  const db = await memory(t)
  const block = bytes(500_000)
  const source = async function* (): AsyncGenerator<Buffer> {
    for (let index = 0; index < 100; index++) {
      block.writeUInt32LE(index)
      yield block
    }
  }
  const expected = createHash('sha256')
  for await (const piece of source()) expected.update(piece)
  const uid = await bstore.write(db, store, source())
  const found_ = createHash('sha256')
  for await (const piece of bstore.createReadStream(db, store, uid)) found_.update(piece as Buffer)
  t.is(found_.digest('hex'), expected.digest('hex'))
  await transactional(db, async (tx) => {
    t.is(await bstore.size(tx, store, uid), 50_000_000)
    await bstore.remove(tx, store, uid)
  })
  t.is(await count(db), 0)
})

test('a source that fails leaves nothing, and its error comes out', async (t) => {
  const db = await memory(t)
  const failing = async function* (): AsyncGenerator<Buffer> {
    yield bytes(5_000_000)
    t.true((await count(db)) > 40, 'two parts are written')
    throw new Error('the disk was pulled out')
  }
  await t.throwsAsync(bstore.write(db, store, failing()), { message: 'the disk was pulled out' })
  t.is(await count(db), 0)
  await t.throwsAsync(bstore.write(db, store, Readable.from([{ not: 'bytes' }])), {
    instanceOf: TypeError,
    message: /^source:/,
  })
})

test('a signal stops a write, also while its source stands still', async (t) => {
  const db = await memory(t)
  const controller = new AbortController()
  const source = new Readable({ read() {} })
  source.push(bytes(5_000_000))
  const writing = bstore.write(db, store, source, { signal: controller.signal })
  while ((await count(db)) === 0) await new Promise((resolve) => setImmediate(resolve))
  const reason = new Error('enough')
  controller.abort(reason)
  t.is(await t.throwsAsync(writing), reason)
  t.true(source.destroyed)
  t.is(await count(db), 0)
})

test('a write that is swept away says so', async (t) => {
  const db = await memory(t)
  const source = async function* (): AsyncGenerator<Buffer> {
    yield bytes(5_000_000)
    t.is(await bstore.sweep(db, store), 0, 'it was heard of in the last hour')
    t.is(await bstore.sweep(db, store, { olderThan: 0 }), 1)
    yield bytes(5_000_000)
  }
  await t.throwsAsync(bstore.write(db, store, source()), {
    instanceOf: bstore.BStoreError,
    code: 'FOUND_BSTORE_SWEPT',
  })
  t.is(await count(db), 0)
})

test('a process killed while it writes leaves what a sweep finds', async (t) => {
  const place = target(`file:${join(await folder(t), 'blobs.db')}`)
  const program = `
    import * as found from ${JSON.stringify(packageUrl)}
    const db = await found.open(${JSON.stringify(place)})
    const store = found.bstore.make('blobs', ['blobs', 1])
    await found.bstore.write(db, store, async function* () {
      yield Buffer.alloc(5_000_000, 7)
      console.log('half')
      await new Promise(() => setInterval(() => {}, 1000))
    }())`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const db = await found.open(place)
  t.teardown(() => found.close(db))
  t.is(await count(db), 41, 'forty chunks and a mark')
  t.is(await bstore.sweep(db, store, { olderThan: 0 }), 1)
  t.is(await count(db), 0)
})

test('a write whose database is closed says so', async (t) => {
  const db = await found.open(target('memory:'))
  const source = async function* (): AsyncGenerator<Buffer> {
    yield bytes(5_000_000)
    void found.close(db)
    yield bytes(5_000_000)
  }
  await t.throwsAsync(bstore.write(db, store, source()), { code: 'FOUND_CLOSED' })
  await t.throwsAsync(bstore.write(db, store, ''), { code: 'FOUND_CLOSED' })
  await t.throwsAsync(bstore.sweep(db, store), { code: 'FOUND_CLOSED' })
})

test('a blob too large for a transaction is refused, and so is what cannot be streamed', async (t) => {
  const db = await memory(t)
  await t.throwsAsync(
    transactional(db, (tx) => bstore.getOrCreate(tx, store, Buffer.alloc(10_000_000))),
    { instanceOf: bstore.BStoreError, code: 'FOUND_BSTORE_LIMIT', message: /^blobs: a blob of 10000000 bytes/ },
  )
  t.is(await count(db), 0)
  const nobody = found.Uuid.random()
  await t.throwsAsync(buffer(bstore.createReadStream(db, store, nobody)), {
    instanceOf: bstore.BStoreError,
    code: 'FOUND_BSTORE_MISSING',
  })
})

test('a blob that is removed while it is streamed fails the stream', async (t) => {
  const db = await memory(t)
  const uid = await bstore.write(db, store, bytes(3_000_000))
  const stream = bstore.createReadStream(db, store, uid, { highWaterMark: 1000 })
  await once(stream, 'readable')
  await transactional(db, (tx) => bstore.remove(tx, store, uid))
  await t.throwsAsync(buffer(stream), { code: 'FOUND_BSTORE_MISSING' })
})

test('long reads leave the event loop to others', async (t) => {
  const db = await memory(t)
  const uid = await bstore.write(db, store, bytes(40_000_000))
  let rounds = 0
  let reading = true
  const round = (): void => {
    rounds += 1
    if (reading) setTimeout(round, 0)
  }
  round()
  await transactional(db, (tx) => bstore.get(tx, store, uid))
  reading = false
  t.true(rounds > 3, `timers ran ${rounds} times`)
})

test('wrong arguments are told by name', async (t) => {
  const db = await memory(t)
  const wrong = (value: unknown): never => value as never
  t.throws(() => bstore.make(wrong(1), []), { instanceOf: TypeError, message: /^name:/ })
  t.throws(() => bstore.make('x', wrong('p')), { instanceOf: TypeError, message: /^prefix:/ })
  t.throws(() => bstore.make('x', [found.Versionstamp.incomplete()]), { instanceOf: TypeError })
  t.throws(() => bstore.make('x', [Buffer.alloc(9_999)]), { message: /^prefix:/ })
  await transactional(db, async (tx) => {
    await t.throwsAsync(bstore.getOrCreate(tx, wrong({}), ''), { instanceOf: TypeError, message: /^store:/ })
    await t.throwsAsync(bstore.getOrCreate(tx, store, wrong(5)), { instanceOf: TypeError, message: /^blob:/ })
    await t.throwsAsync(bstore.getOrCreate(tx, store, '\ud83d'), { instanceOf: TypeError, message: /lone surrogate/ })
    await t.throwsAsync(bstore.get(tx, store, wrong('x')), { instanceOf: TypeError, message: /^uid:/ })
    const uid = found.Uuid.random()
    await t.throwsAsync(bstore.read(tx, store, uid, -1), { instanceOf: RangeError, message: /^start:/ })
    await t.throwsAsync(bstore.read(tx, store, uid, 0, 0.5), { instanceOf: RangeError, message: /^end:/ })
  })
  await t.throwsAsync(bstore.write(db, store, wrong(5)), { instanceOf: TypeError, message: /^source:/ })
  await t.throwsAsync(bstore.sweep(db, store, { olderThan: -1 }), { instanceOf: RangeError })
  t.throws(() => bstore.createReadStream(db, store, wrong(undefined)), { instanceOf: TypeError, message: /^uid:/ })
})
