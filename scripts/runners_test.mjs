// Runs the tests that docs/testing.md shows for Vitest, Jest and ava, each by its runner. The runners are installed beside
// __test__/runners/package.json, once. Ends with the line "N passed, N failed".

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { programsOf } from './docs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, '__test__', 'runners')
const lock = join(home, 'package-lock.json')
const installed = join(home, 'node_modules', 'package-lock.json')

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== readFileSync(lock, 'utf8')) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
  copyFileSync(lock, installed)
  symlinkSync(root, join(home, 'node_modules', 'found-db'), 'junction')
}

const RUNNERS = {
  vitest: (file) => ['node_modules/vitest/vitest.mjs', 'run', file],
  jest: (file) => ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testMatch', `**/${file.split('/').at(-1)}`],
  ava: (file) => ['node_modules/ava/entrypoints/cli.mjs', file],
}

// Within the folder, since a runner looks for tests and packages from there.
const scratch = mkdtempSync(join(home, '.run-'))
const files = programsOf('docs/testing.md').filter(({ file }) => file !== undefined)
let [passed, failed] = [0, 0]
try {
  for (const { file, text } of files) writeFileSync(join(scratch, file), text)
  for (const [runner, command] of Object.entries(RUNNERS)) {
    const { file } = files.find(({ file }) => file.includes(`.${runner}.`)) ?? {}
    const { FORCE_COLOR, ...env } = process.env
    const result = spawnSync(process.execPath, command(join(scratch.slice(home.length + 1), file).replaceAll('\\', '/')), {
      cwd: home,
      env: { ...env, NO_COLOR: '1', CI: 'true' },
      encoding: 'utf8',
    })
    const output = `${result.stdout}${result.stderr}`
    // A runner that finds no test must not pass for one that ran it.
    if (result.status === 0 && /\b1 (test )?passed\b/.test(output)) passed += 1
    else failed += 1
    console.log(result.status === 0 ? `ok   ${runner}` : `FAIL ${runner}\n${output}`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
