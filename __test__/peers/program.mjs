// What the programs of crossing.test.mjs that are written in JavaScript have in common.
//
//   PROGRAM TARGET write NAME            writes the cases and a versionstamp under NAME; prints its directory's prefix
//   PROGRAM TARGET read NAME             prints what NAME has written
//   PROGRAM TARGET directory NAME PREFIX prints the prefix of NAME's directory and what is in it
//
// An item of a case is [type, value]; bytes, floats, UUIDs and versionstamps are in hex.

import { readFileSync } from 'node:fs'

export const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'))

export async function run({ open, close, write, read, readDirectory }) {
  const [target, command, name, prefix] = process.argv.slice(2)
  const db = await open(target)
  const answer = await { write, read, directory: readDirectory }[command](db, name, prefix)
  await close(db)
  process.stdout.write(JSON.stringify(answer ?? null))
}
