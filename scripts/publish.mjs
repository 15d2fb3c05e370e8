// Publishes the packages that scripts/package.mjs has made: those of the platforms first, and found-db last, which can be
// installed only when they are there.
//
//   node scripts/publish.mjs PACKAGES [--dry-run] [--provenance]
//
// What the registry has already is left out, so that a run that broke off can be run again. A version with a hyphen
// (1.0.0-rc.1) gets the tag `next`, any other `latest`.

import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean' }, provenance: { type: 'boolean' } },
})
if (positionals.length !== 1) {
  console.error('usage: publish.mjs PACKAGES [--dry-run] [--provenance]')
  process.exit(2)
}
const MAIN = 'found-db'
const folder = resolve(positionals[0])

/** Name and version, as the tarball's own manifest has them. */
function manifestOf(file) {
  const { name, version } = JSON.parse(execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' }))
  return { file, name, version }
}

function isPublished({ name, version }) {
  const { status, stdout, stderr } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' })
  // A version that is not there gives nothing; a package that is not there, E404.
  if (status !== 0 && !stderr.includes('E404')) throw new Error(`npm view ${name}: ${stderr}`)
  return status === 0 && stdout.trim() === version
}

const packages = readdirSync(folder)
  .filter((file) => file.endsWith('.tgz'))
  .map((file) => manifestOf(join(folder, file)))
  .sort((one, other) => Number(one.name === MAIN) - Number(other.name === MAIN) || one.name.localeCompare(other.name))
if (packages.at(-1)?.name !== MAIN) throw new Error(`no ${MAIN} in ${folder}`)

for (const pkg of packages) {
  const { file, name, version } = pkg
  if (!values['dry-run'] && isPublished(pkg)) {
    console.log(`${name}@${version} is there already`)
    continue
  }
  const args = ['publish', file, '--access', 'public', '--tag', version.includes('-') ? 'next' : 'latest']
  if (values['dry-run']) args.push('--dry-run')
  if (values.provenance) args.push('--provenance')
  console.log(`npm ${args.join(' ')}`)
  execFileSync('npm', args, { stdio: 'inherit' })
}
