// How package managers beside npm install packages from tarballs, without a network and without running scripts: for
// scripts/pack_test.mjs. They are those of __test__/installers.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The package managers in a node_modules folder, each with the files a project of its needs, the command that installs,
 * and the one that runs a program of the project.
 *
 * @param modules the folder
 * @param tarballs the files of the packages by their names, `found-db` and those of platforms that it depends on, which
 *   no registry has
 */
export function installers(modules, tarballs) {
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]))
  const { 'found-db': main, ...platforms } = files
  const manifest = (more) =>
    JSON.stringify({ name: 'project', private: true, dependencies: { 'found-db': main }, ...more })
  const node = process.execPath
  const pnpm = join(modules, 'pnpm/bin/pnpm.cjs')
  const yarn = join(modules, '@yarnpkg/cli-dist/bin/yarn.js')
  const yarnProject = (linker) => ({
    'package.json': manifest({ resolutions: platforms }),
    '.yarnrc.yml': `nodeLinker: ${linker}\nenableNetwork: false\nenableScripts: false\nenableTelemetry: false\n`,
    // Without it the project would be looked for further up.
    'yarn.lock': '',
  })
  const all = [
    {
      name: 'pnpm',
      files: { 'package.json': manifest({}), 'pnpm-workspace.yaml': JSON.stringify({ overrides: platforms }) },
      install: [node, pnpm, 'install', '--offline', '--ignore-scripts'],
      run: (file) => [node, file],
    },
    { name: 'Yarn', files: yarnProject('node-modules'), install: [node, yarn, 'install'], run: (file) => [node, file] },
    { name: "Yarn's Plug'n'Play", files: yarnProject('pnp'), install: [node, yarn, 'install'], run: (file) => [node, yarn, 'node', file] },
  ]
  const bun = bunIn(modules)
  if (bun !== undefined) {
    const project = { 'package.json': manifest({ overrides: platforms }) }
    const install = [bun, 'install', '--ignore-scripts']
    all.push({ name: 'Bun', files: project, install, run: (file) => [node, file] })
    all.push({ name: 'Bun, which runs it too', files: project, install, run: (file) => [bun, file] })
  }
  return all
}

/** Bun's program, if there is one for this machine. Its package links it by a script, which is not run. */
function bunIn(modules) {
  const scope = join(modules, '@oven')
  if (!existsSync(scope)) return undefined
  return readdirSync(scope)
    .flatMap((name) => ['bun', 'bun.exe'].map((program) => join(scope, name, 'bin', program)))
    .find((file) => existsSync(file))
}
