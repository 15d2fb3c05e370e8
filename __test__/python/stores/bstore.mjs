// bstore: blobs found by their bytes, of several chunks, empty ones, and removed ones.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'

import { node, programs, python, writers } from './programs.mjs'

describe('bstore', () => {
  const BLOBS = { small: ['hello', 1], chunk: ['ten bytes!', 10_000], chunks: ['0123456', 50_000] }
  const digest = ([part, times]) => {
    const blob = part.repeat(times)
    return [blob.length, createHash('sha256').update(blob).digest('hex')]
  }

  for (const writer of writers) {
    const prefix = [writer, 'bstore']
    const put = Object.values(BLOBS).map((blob) => ['bstore.get_or_create', prefix, ...blob])

    test(`both read the blobs of ${writer}, and find them by their bytes`, async () => {
      const uids = await programs[writer](...put)
      for (const reader of writers) {
        assert.deepEqual(await programs[reader](...put), uids)
        const read = await programs[reader](...uids.map((uid) => ['bstore.get', prefix, uid]))
        assert.deepEqual(read, Object.values(BLOBS).map(digest))
      }
    })

    test(`what ${writer} has written is measured, read in part and removed`, async () => {
      const [, , uid] = await programs[writer](...put)
      assert.deepEqual(
        await node(
          ['bstore.size', prefix, uid],
          ['bstore.read', prefix, uid, 99_996, 100_003],
          ['bstore.remove', prefix, uid],
        ),
        [350_000, { bytes: Buffer.from('1234560').toString('hex') }, true],
      )
      assert.equal(await python.failure(['bstore.get', prefix, uid]), 'BStoreException')
      const [again] = await python(['bstore.get_or_create', prefix, ...BLOBS.chunks])
      assert.notDeepEqual(again, uid)
    })

    test(`the empty blob of ${writer} is read here and not by the reference`, async () => {
      const [uid] = await programs[writer](['bstore.get_or_create', prefix, '', 1])
      assert.deepEqual(await node(['bstore.get_or_create', prefix, '', 1], ['bstore.get', prefix, uid]), [uid, digest(['', 1])])
      assert.equal(await python.failure(['bstore.get', prefix, uid]), 'BStoreException')
    })
  }

  test('the reference reads and finds a blob that took several transactions', async () => {
    const prefix = ['node', 'bstore', 'large']
    const blob = ['found-db', 262_501]
    const [uid] = await node(['bstore.write', prefix, ...blob])
    assert.deepEqual(await python(['bstore.get', prefix, uid]), [digest(blob)])
    assert.deepEqual(await python(['bstore.get_or_create', prefix, ...blob]), [uid])
  })
})
