/**
 * From the rounds' values to verdicts, the table and the JSON.
 */

import { rows as clusterRows } from '../rows/cluster.mjs'
import { floors } from '../rows/floors.mjs'
import { rows as kvRows } from '../rows/kv.mjs'
import { rows as storeRows } from '../rows/stores.mjs'
import { rows as wholeRows } from '../rows/whole.mjs'
import { count, times } from '../rows/target.mjs'
import { summary } from './measure.mjs'

const rows = [...kvRows, ...clusterRows, ...storeRows, ...wholeRows]

/** One target over the rounds: ratios are taken within a round, as its peers ran on the same machine at the same time. */
function judge(target, rounds) {
  const numbers = []
  const absent = new Set()
  for (let round = 0; round < Math.max(...Object.values(rounds).map((list) => list.length), 0); round++) {
    const value = (key) => {
      const list = rounds[key]
      if (list === undefined) absent.add(key)
      // A suite of fewer rounds than another is compared by its last.
      return list?.[Math.min(round, list.length - 1)]
    }
    const number = target.of(value)
    if (Number.isFinite(number)) numbers.push(number)
  }
  if (numbers.length === 0) return { target: target.text, verdict: 'not measured', absent: [...absent] }
  const measured = summary(numbers)
  const verdict = target.ok === undefined ? 'told' : target.ok(measured.median) ? 'reached' : 'falls short'
  return { target: target.text, verdict, measured, shown: spread(measured, target.show) }
}

const spread = ({ median, least, most }, show) =>
  least === most ? show(median) : `${show(median)} (${show(least)} to ${show(most)})`

/** Judges all rows. `rounds` are lists of values by `suite/peer/value`. */
export function judgeAll(rounds) {
  const wanted = new Set(Object.keys(rounds).map((key) => key.split('/')[0]))
  return rows
    .map(({ id, work, unit, shown, targets }) => ({
      id,
      work,
      unit,
      values: Object.fromEntries(
        Object.entries(shown).flatMap(([name, key]) => (rounds[key] ? [[name, summary(rounds[key])]] : [])),
      ),
      targets: targets.map((target) => judge(target, rounds)),
    }))
    .map((row) => (row.targets.some(({ verdict }) => verdict === 'falls short') ? { ...row, floor: floorOf(row.id, rounds) } : row))
    .filter(({ targets }) => targets.some(({ absent }) => absent === undefined || absent.some((key) => wanted.has(key.split('/')[0]))))
}

/** What the profile of a row that falls short has shown; undefined if nobody has looked. */
function floorOf(id, rounds) {
  const median = (key) => (rounds[key] ? summary(rounds[key]).median : NaN)
  return floors[id]?.(
    (key) => time(median(key)),
    (theirs, floor) => times(median(theirs) / median(floor)),
  )
}

function time(microseconds) {
  if (Number.isNaN(microseconds)) return 'a time that was not measured'

  if (microseconds >= 1000) return `${Number((microseconds / 1000).toPrecision(3))} ms`
  return `${Number(microseconds.toPrecision(3))} us`
}

/** The table of all rows. */
export function table(judged) {
  const lines = ['| work | measured | target | reached | verdict |', '| --- | --- | --- | --- | --- |']
  for (const { work, unit, values, targets } of judged) {
    const measured = Object.entries(values)
      .map(([name, numbers]) => `${name} ${spread(numbers, time)}`)
      .join('<br>')
    targets.forEach(({ target, verdict, shown, absent }, at) => {
      const first = at === 0
      const heading = unit === undefined ? work : `${work}; time for one ${unit}`
      lines.push(
        `| ${first ? heading : ''} | ${first ? measured : ''} | ${target} | ${shown ?? `no value of ${absent.join(', ')}`} | ${verdict} |`,
      )
    })
  }
  return lines.join('\n')
}

/** The whole of RESULTS.md. */
export function markdown({ date, machine, quick, sizes, versions, unavailable, loads, judged, seconds }) {
  const all = judged.flatMap(({ targets }) => targets)
  const of = (verdict) => all.filter((target) => target.verdict === verdict).length
  return `# Results

Written by \`make bench\`: see [README.md](README.md) for how. Times are medians of the rounds, with the least and the most
of them; ratios are taken round by round, and then their median.
${sizes.clock === 'processor' ? '\nOthers used the machine meanwhile, so that what waits for nothing was measured in processor time: the time that all threads\nof the process had a processor. What waits for the disk or for retries, and starting, is in time on the wall.\n' : ''}${quick ? '\n**A quick run: it shows that everything works, and its numbers mean nothing.**\n' : ''}
| | |
| --- | --- |
| date | ${date} |
${Object.entries(machine)
  .map(([name, value]) => `| ${name} | ${value} |`)
  .join('\n')}
| versions | ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')} |
| the run took | ${count(seconds)} s |
| others on the machine | ${loadText(loads)} |

Of ${all.length} targets ${of('reached')} are reached, ${of('falls short')} fall short, ${of('not measured')} are not measured, ${of('told')} are numbers without a bound.

${table(judged)}
${shortcomings(judged)}${
  unavailable.length === 0
    ? ''
    : `
## Peers that could not be run

${unavailable.map(({ suite, peer, round, reason }) => `- ${suite}, ${peer}, round ${round}: ${reason.split('\n')[0]}`).join('\n')}
`
}
## The machine's load before each round

The average of a minute, of all processes, the round before included.

${Object.entries(grouped(loads))
  .map(([suite, list]) => `- ${suite}: ${list.map(({ before }) => before).join(', ')}`)
  .join('\n')}
`
}

/** Why rows fall short; those of one reason together. */
function shortcomings(judged) {
  const reasons = new Map()
  for (const { work, targets, floor = 'No profile has shown why yet.' } of judged) {
    if (targets.some(({ verdict }) => verdict === 'falls short')) reasons.set(floor, [...(reasons.get(floor) ?? []), work])
  }
  if (reasons.size === 0) return ''
  const list = [...reasons].map(([reason, works]) => `- ${works.join('; ')}:\n  ${reason}`)
  return `\n## Why rows fall short\n\n${list.join('\n')}\n`
}

function grouped(loads) {
  const groups = {}
  for (const entry of loads) (groups[entry.suite] ??= []).push(entry)
  return groups
}

/** One core is what the benchmark itself keeps busy. */
function loadText(loads) {
  const { median, most } = summary(loads.map(({ before }) => before))
  const busy = median > 1.6 ? 'the machine was shared: absolute times are too high, ratios less so' : 'little'
  return `load ${median.toFixed(1)} before a round, ${most.toFixed(1)} at most; ${busy}`
}
