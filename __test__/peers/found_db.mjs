// found-db, as one of the programs that crossing.test.mjs has write and read. It has no directory layer: of a directory
// it reads what is under its prefix.

import * as found from '../../index.js'
import { cases, run } from './program.mjs'

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
      return BigInt(value)
    case 'double':
      return found.Double.fromBits(BigInt(`0x${value}`))
    case 'float':
      return found.Float.fromBits(Number(`0x${value}`))
    case 'uuid':
      return new found.Uuid(Buffer.from(value, 'hex'))
    case 'versionstamp':
      return new found.Versionstamp(Buffer.from(value, 'hex'))
    default:
      return value.map(encode)
  }
}

const bits = (type, value, digits) => [type, value.toString(16).padStart(digits, '0')]

const decode = (item) => {
  if (item === null) return ['null']
  if (typeof item === 'boolean' || typeof item === 'string') return [typeof item, item]
  if (typeof item === 'bigint' || Number.isInteger(item)) return ['integer', String(item)]
  if (typeof item === 'number') return bits('double', new found.Double(item).bits, 16)
  if (item instanceof found.Double) return bits('double', item.bits, 16)
  if (item instanceof found.Float) return bits('float', item.bits, 8)
  if (item instanceof found.Uuid) return ['uuid', item.bytes.toString('hex')]
  if (item instanceof found.Versionstamp) return ['versionstamp', item.bytes.toString('hex')]
  if (Array.isArray(item)) return ['tuple', item.map(decode)]
  return ['bytes', item.toString('hex')]
}

const rowsOf = (db, tuple) => found.transactional(db, (tx) => found.all(found.query(tx, ...found.range(tuple))))

await run({
  open: (target) => found.open(target),
  close: (db) => found.close(db),
  async write(db, name) {
    await found.transactional(db, (tx) => {
      for (const [index, items] of cases.entries()) {
        const encoded = items.map(encode)
        found.set(tx, found.pack(['crossing', name, 'rows', index, encoded]), found.pack(encoded))
      }
      const stamp = found.Versionstamp.incomplete(7)
      found.setVersionstampedKey(tx, found.packWithVersionstamp(['crossing', name, 'stamps', stamp]), '')
    })
  },
  async read(db, name) {
    const rows = (await rowsOf(db, ['crossing', name, 'rows'])).map(([key, value]) => [
      decode(found.unpack(key)[4])[1],
      found.unpack(value).map(decode),
    ])
    const [[stamp]] = await rowsOf(db, ['crossing', name, 'stamps'])
    return { rows, stamp: decode(found.unpack(stamp)[3]) }
  },
  async readDirectory(db, _name, prefix) {
    const key = Buffer.concat([Buffer.from(prefix, 'hex'), Buffer.from('key')])
    return [prefix, String(await found.transactional(db, (tx) => found.get(tx, key)))]
  },
})
