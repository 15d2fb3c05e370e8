// The licences of what is bundled.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What may be bundled without a second look. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']

/** The folders of the packages that files are in, as paths from the root. */
function packagesOf(files) {
  const folders = files.map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/**
 * The licences of the packages that files (paths from the root) are in, as text for people.
 *
 * A package without a licence, or with one that is not known here, is an error.
 */
export function licencesOf(files, bundle) {
  const parts = packagesOf(files).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    if (!ALLOWED.includes(license)) throw new Error(`${name}: its licence is ${license}`)
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e\b/i.test(entry))
    if (file === undefined) throw new Error(`${name}: has no file with its licence`)
    const text = readFileSync(join(root, folder, file), 'utf8').replace(/\r\n/g, '\n').trim()
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  const head = `${bundle} contains the packages below, under their own licences.\n`
  return [head, ...parts].join(`\n${'-'.repeat(78)}\n\n`)
}
