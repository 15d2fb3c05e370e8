/**
 * From the start of a process to the first `get` of a database in memory, beside a process that does nothing.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const programs = { bare: 'startup_bare.mjs', found: 'startup_found.mjs' }

/** Milliseconds until a program says that it is done. */
async function start(program) {
  const path = fileURLToPath(new URL(`../peers/${program}`, import.meta.url))
  const begun = performance.now()
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const took = performance.now() - begun
  await once(child, 'exit')
  return took
}

export const peers = {
  found: async ({ sizes }) => {
    const times = { bare: [], found: [] }
    for (const program of Object.values(programs)) await start(program)
    for (let n = 0; n < sizes.starts; n++) {
      for (const [name, program] of Object.entries(programs)) times[name].push(await start(program))
    }
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1]
    return { values: { bare: median(times.bare) * 1000, first: median(times.found) * 1000 } }
  },
}
