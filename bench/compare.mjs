/**
 * Compares two results.json:
 *
 *   node compare.mjs OLD NEW
 *
 * Only targets are compared, most of which are ratios between peers on one machine: times from different machines cannot
 * be. Fails if a target that was reached is not any more, by more than noise.
 */

import { readFileSync } from 'node:fs'

const NOISE = 1.25
const [before, after] = process.argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, 'utf8')))
const targets = ({ judged }) =>
  new Map(judged.flatMap(({ id, work, targets }) => targets.map((target) => [`${id}: ${target.target}`, { work, ...target }])))

const old = targets(before)
const worse = []
console.log('| row | target | before | now | verdict |\n| --- | --- | --- | --- | --- |')
for (const [name, now] of targets(after)) {
  const was = old.get(name)
  if (was?.measured === undefined) continue
  const lost = was.verdict === 'reached' && now.verdict !== 'reached'
  const factor = now.measured === undefined ? Infinity : Math.abs(now.measured.median / was.measured.median)
  const noticeable = factor > NOISE || factor < 1 / NOISE
  if (lost && noticeable) worse.push(name)
  if (lost || noticeable || was.verdict !== now.verdict) {
    console.log(`| ${now.work} | ${now.target} | ${was.shown} | ${now.shown ?? '-'} | ${lost ? '**lost**' : now.verdict} |`)
  }
}
if (worse.length > 0) {
  console.error(`no longer reached: ${worse.join('; ')}`)
  process.exitCode = 1
}
