// The licences of what is bundled.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import spdx from 'spdx-license-list/full.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What may be bundled without a second look. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']

/** The folders of the packages that files are in, as paths from the root. */
function packagesOf(files) {
  const folders = files.map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/** The text of a licence by its SPDX name, for a package that has no copy of it. */
export function standardText(license, author) {
  const holder = typeof author === 'string' ? author : (author?.name ?? 'its authors')
  return spdx[license].licenseText.replace('<year> <copyright holders>', holder)
}

/**
 * The licences of the packages that files (paths from the root) are in, as text for people.
 *
 * A package whose licence is not known here is an error.
 */
export function licencesOf(files, bundle) {
  const parts = packagesOf(files).map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    if (!ALLOWED.includes(license)) throw new Error(`${name}: its licence is ${license}`)
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e\b/i.test(entry))
    const text = file === undefined ? standardText(license, author) : readFileSync(join(root, folder, file), 'utf8')
    return `${name} ${version} (${license})\n\n${text.replace(/\r\n/g, '\n').trim()}\n`
  })
  const head = `${bundle} contains the packages below, under their own licences.\n`
  return [head, ...parts].join(`\n${'-'.repeat(78)}\n\n`)
}
