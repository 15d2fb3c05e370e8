// The workflows of .github: they are YAML, each job has a limit of time and says what it may do, and each action is one
// of a major version.

import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

const folder = '.github/workflows'
const wrong = []
const files = readdirSync(folder)
for (const file of files) {
  const { permissions, jobs } = parse(readFileSync(`${folder}/${file}`, 'utf8'))
  if (permissions === undefined || Object.keys(permissions).length > 0) wrong.push(`${file}: permissions: {} at the top, and what is needed in each job`)
  for (const [name, job] of Object.entries(jobs)) {
    if (job['timeout-minutes'] === undefined) wrong.push(`${file}: ${name} has no timeout-minutes`)
    if (job.permissions === undefined) wrong.push(`${file}: ${name} has no permissions`)
    for (const need of [job.needs ?? []].flat()) if (!(need in jobs)) wrong.push(`${file}: ${name} needs ${need}, which is not there`)
    for (const step of job.steps) {
      if (step.uses === undefined ? typeof step.run !== 'string' : !/^[\w-]+\/[\w-]+@v\d+$/.test(step.uses)) {
        wrong.push(`${file}: ${name}: a step that neither runs something nor uses an action of a major version: ${JSON.stringify(step)}`)
      }
    }
  }
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log(`${files.length} workflows`)
