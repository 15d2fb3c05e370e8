// The npm package `foundationdb`, as one of the programs that crossing.test.mjs has write and read.

import fdb from 'foundationdb'

import { cases, run } from './program.mjs'

fdb.setAPIVersion(720)
const { tuple } = fdb

const encode = ([type, value]) => {
  switch (type) {
    case 'null':
      return null
    case 'boolean':
    case 'string':
      return value
    case 'bytes':
      return Buffer.from(value, 'hex')
    case 'integer':
      return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value)
    case 'double':
      return { type, value: Buffer.from(value, 'hex').readDoubleBE() }
    case 'float':
      return { type, value: Buffer.from(value, 'hex').readFloatBE() }
    case 'tuple':
      return value.map(encode)
    default:
      return { type, value: Buffer.from(value, 'hex') }
  }
}

const decode = (item) => {
  if (item === null) return ['null']
  if (typeof item === 'boolean' || typeof item === 'string') return [typeof item, item]
  if (typeof item === 'number' || typeof item === 'bigint') return ['integer', String(item)]
  if (Buffer.isBuffer(item)) return ['bytes', item.toString('hex')]
  if (Array.isArray(item)) return ['tuple', item.map(decode)]
  return [item.type, (item.rawEncoding ?? item.value).toString('hex')]
}

const at = (db, name) => db.withKeyEncoding(tuple).at(['crossing', name])

await run({
  open: (target) => fdb.open(target),
  close: (db) => db.close(),
  async write(db, name) {
    await at(db, name).doTransaction(async (tx) => {
      for (const [index, items] of cases.entries()) {
        const encoded = items.map(encode)
        tx.set(['rows', index, encoded], tuple.pack(encoded))
      }
      tx.setVersionstampedKey(['stamps', tuple.unboundVersionstamp(7)], '')
    })
    const directory = await fdb.directory.createOrOpen(db, ['crossing', name])
    await db.at(directory).set('key', name)
    return directory.getSubspace().prefix.toString('hex')
  },
  async read(db, name) {
    // Strictly: floats that are integers stay floats.
    const unpack = (bytes) => tuple.unpack(bytes, true)
    const rows = (await db.getRangeAll(...range(['crossing', name, 'rows']))).map(([key, value]) => [
      decode(unpack(key)[4])[1],
      unpack(value).map(decode),
    ])
    const [[stamp]] = await db.getRangeAll(...range(['crossing', name, 'stamps']))
    return { rows, stamp: decode(unpack(stamp)[3]) }
  },
  async readDirectory(db, name) {
    const directory = await fdb.directory.open(db, ['crossing', name])
    return [directory.getSubspace().prefix.toString('hex'), String(await db.at(directory).get('key'))]
  },
})

function range(prefix) {
  const { begin, end } = tuple.range(prefix)
  return [begin, end]
}
