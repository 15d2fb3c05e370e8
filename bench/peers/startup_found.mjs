import * as found from '../../index.js'

const db = await found.open('memory:')
await found.transactional(db, (tx) => found.get(tx, 'key'))
console.log('done')
