/**
 * A stand-in for FoundationDB's client library, and a cluster file that goes with it: for tests of what happens around a
 * cluster, of which there is none here.
 */

import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { ExecutionContext } from 'ava'

import { folder } from './support.js'

const source = fileURLToPath(new URL('../crates/fdb-c/tests/support/fake_libfdb_c.c', import.meta.url))

/** Where the C compiler is not called `cc` there is no client library for clusters either. */
export const unix = process.platform !== 'win32'

/** Compiles the library, with macros that make it one that is wanting (its source tells which there are). */
export function fakeLibrary(path: string, ...macros: string[]): string {
  execFileSync('cc', ['-shared', '-fPIC', '-pthread', '-o', path, source, ...macros.map((macro) => `-D${macro}`)])
  return path
}

/** A cluster file, and the environment in which the library is found. */
export async function fakeCluster(
  t: ExecutionContext,
  ...macros: string[]
): Promise<{ file: string; environment: NodeJS.ProcessEnv }> {
  const place = await folder(t)
  const file = join(place, 'fdb.cluster')
  await writeFile(file, 'fake:fake@127.0.0.1:4500')
  return { file, environment: { FDB_CLIENT_LIB: fakeLibrary(join(place, 'libfdb_c.so'), ...macros) } }
}
