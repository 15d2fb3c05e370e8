// Bundles the `found` command (cli/) with the libraries that it uses into dist/found.js, so that the package depends on
// none; and writes their licences beside it. The package itself is not bundled but imported, as the native module is.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { licencesOf } from './licences.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const index = fileURLToPath(new URL('../index', import.meta.url))

/** What cli/ imports of the package is what is beside dist/; the explorer, which only `serve` needs, is bundled apart. */
const packageItself = {
  name: 'the package itself',
  setup(build) {
    build.onResolve({ filter: /\/explorer\/server\/index\.js$/ }, () => ({ path: './explorer/server.js', external: true }))
    build.onResolve({ filter: /\/index\.js$/ }, async ({ path, ...options }) => {
      if (options.pluginData === 'ours') return undefined
      const resolved = await build.resolve(path, { ...options, pluginData: 'ours' })
      return resolved.path.replace(/\.[jt]s$/, '') === index ? { path: '../index.js', external: true } : resolved
    })
  },
}

mkdirSync(`${root}dist`, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['cli/main.ts'],
  outfile: 'dist/found.js',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  charset: 'utf8',
  // They are in a file of their own.
  legalComments: 'none',
  sourcemap: false,
  metafile: true,
  logLevel: 'warning',
  plugins: [packageItself],
  banner: {
    // Libraries of CommonJS require what is built into Node.
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
  },
})
writeFileSync(`${root}dist/THIRD_PARTY_LICENSES.txt`, licencesOf(Object.keys(metafile.inputs), 'dist/found.js'))
