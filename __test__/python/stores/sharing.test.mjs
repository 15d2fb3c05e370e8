// What found-db and asyncio-foundationdb, the reference, write in the five stores, the other one reads, queries and
// changes, on one database. Where the reference is wrong both answer from the same rows: it as it does, we as is right.

import './nstore.mjs'
import './eavstore.mjs'
import './pstore.mjs'
import './vnstore.mjs'
// Last, as a large file takes longer to hand over.
import './bstore.mjs'
