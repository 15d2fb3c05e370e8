// Builds the explorer (explorer/) into dist/explorer: the page as files that need nothing from elsewhere, the server as one
// module that needs nothing but the package it is in; and beside them the licences of what is in both.

import { relative } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build as bundle } from 'esbuild'
import { build as buildPage } from 'vite'

import { licencesOf } from './licences.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const index = fileURLToPath(new URL('../index', import.meta.url))

/** What browsers have that know `light-dark()`. */
const BROWSERS = ['chrome123', 'firefox128', 'safari17.5']

/** What the server imports of the package is what is beside dist/. */
const packageItself = {
  name: 'the package itself',
  setup(build) {
    build.onResolve({ filter: /\/index\.js$/ }, async ({ path, ...options }) => {
      if (options.pluginData === 'ours') return undefined
      const resolved = await build.resolve(path, { ...options, pluginData: 'ours' })
      return resolved.path.replace(/\.[jt]s$/, '') === index ? { path: '../../index.js', external: true } : resolved
    })
  },
}

const { output } = await buildPage({
  configFile: false,
  root: `${root}explorer/page`,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `${root}dist/explorer/page`,
    emptyOutDir: true,
    target: BROWSERS,
    // Inlined files would need leave of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
const pageFiles = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))

mkdirSync(`${root}dist/explorer`, { recursive: true })
const { metafile } = await bundle({
  absWorkingDir: root,
  entryPoints: ['explorer/server/index.ts'],
  outfile: 'dist/explorer/server.js',
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [packageItself],
  banner: {
    // Libraries of CommonJS require what is built into Node.
    js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
  },
})
const serverFiles = Object.keys(metafile.inputs)
const files = [...pageFiles.map((file) => relative(root, file).replaceAll('\\', '/')), ...serverFiles]
writeFileSync(`${root}dist/explorer/THIRD_PARTY_LICENSES.txt`, licencesOf(files, 'dist/explorer'))
