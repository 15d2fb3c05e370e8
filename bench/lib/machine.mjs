/** The machine, and what ran on it. */

import { execFileSync } from 'node:child_process'
import os from 'node:os'
import { statfsSync } from 'node:fs'

const told = (command, args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

const FILE_SYSTEMS = { 0xef53: 'ext4', 0x58465342: 'xfs', 0x9123683e: 'btrfs', 0x01021994: 'tmpfs', 0x794c7630: 'overlayfs' }

export function machine(scratch) {
  const [cpu] = os.cpus()
  return {
    processor: `${cpu?.model.trim() ?? 'unknown'}, ${os.cpus().length} cores`,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    files: FILE_SYSTEMS[statfsSync(scratch).type] ?? 'unknown',
    node: process.version,
    rust: told('rustc', ['--version']),
    python: told('python3', ['--version']),
    commit: told('git', ['rev-parse', '--short', 'HEAD']),
  }
}

/** How many wanted to run, over the last minute. */
export const load = () => Number(os.loadavg()[0].toFixed(2))
