/** A CommonJS program gets the package, and its types, by `require`. */

import found = require('found-db')

async function example(): Promise<string | undefined> {
  const db: found.Database = await found.open('memory:')
  const options: found.TransactionalOptions = { timeout: 1000 }
  const value = await found.transactional(db, (tx) => found.get(tx, 'a'), options)
  // @ts-expect-error a value is bytes
  const text: string = value
  await found.close(db)
  return text
}

void example
