// What found-db and asyncio-foundationdb, the reference, write in the five stores, the other one reads, queries and
// changes, on one database. Where the reference is wrong both answer from the same rows: it as it does, we as is right.

import './bstore.mjs'
import './nstore.mjs'
import './eavstore.mjs'
import './pstore.mjs'
import './vnstore.mjs'
