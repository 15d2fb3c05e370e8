/**
 * A client library and a cluster file for the path of a cluster: crates/stand-in, under the name that bindings link to,
 * and a file that stands for a database in memory.
 */

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = (scratch) => join(scratch, 'cluster')

export const clusterFile = (scratch) => join(folder(scratch), 'fdb.cluster')

/** Makes both; gives the environment in which a process finds the library. `libraries` is where cargo has built it. */
export function makeCluster(scratch, libraries) {
  const suffix = process.platform === 'darwin' ? 'dylib' : 'so'
  const library = join(folder(scratch), `libfdb_c.${suffix}`)
  mkdirSync(folder(scratch), { recursive: true })
  writeFileSync(clusterFile(scratch), 'memory:')
  if (!existsSync(library)) symlinkSync(join(libraries, `libfdb_stand_in.${suffix}`), library)
  return { FDB_CLIENT_LIB: library, LD_LIBRARY_PATH: folder(scratch), DYLD_LIBRARY_PATH: folder(scratch) }
}
