// Generated files that are part of the repository are what their sources give: index.d.ts and native.d.cts, which a build
// writes, and the tables of lib/, which `npm run generate` writes. A file whose sources have changes that are not
// committed yet is held against the working tree only, as it will be committed with them.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wrong = []

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** Holds a file against what it should be. */
function hold(path, fresh, sources, how) {
  if (readFileSync(join(root, path), 'utf8') !== fresh) wrong.push(`${path} is not fresh: ${how}`)
  const committed = git('show', `HEAD:${path}`)
  const changes = git('status', '--porcelain', '--', ...sources)
  if (committed !== undefined && changes === '' && committed !== fresh) {
    wrong.push(`${path} was committed as it was before its sources were changed: ${how}, and commit it`)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'found-generated-'))
try {
  const tsc = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'tsc.cmd' : 'tsc')
  execFileSync(tsc, ['--outDir', folder], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  hold('index.d.ts', readFileSync(join(folder, 'index.d.ts'), 'utf8'), ['index.ts', 'lib', 'tsconfig.json'], 'npm run build:ts')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
// The build has just written this one.
hold('native.d.cts', readFileSync(join(root, 'native.d.cts'), 'utf8'), ['crates/node/src/lib.rs'], 'npm run build:native')
if (spawnSync(process.execPath, ['scripts/generate_lib_types.mjs', '--check'], { cwd: root, stdio: 'inherit' }).status !== 0) {
  wrong.push('the generated tables of lib/ are not fresh')
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log('every generated file is fresh')
