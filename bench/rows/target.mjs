/**
 * Rows and their targets. A row is a piece of work with what is shown of it; a target is a number that comes from one
 * round's values, and the bound it must keep.
 */

/** A row. `shown` are keys of values by the names they are shown under; `unit` is what their time is for. */
export const row = (id, work, unit, shown, targets) => ({ id, work, unit, shown, targets })

export const times = (number) => `${number >= 10 ? Math.round(number) : number.toFixed(2)}x`

/** So many times as fast as another. */
export const faster = (peer, theirs, ours, least) => ({
  text: `>= ${least}x ${peer}`,
  of: (value) => value(theirs) / value(ours),
  ok: (number) => number >= least,
  show: times,
})

/** At most so many times what another takes. */
export const within = (peer, theirs, ours, most) => ({
  text: `<= ${most}x ${peer}`,
  of: (value) => value(ours) / value(theirs),
  ok: (number) => number <= most,
  show: times,
})

/** At least so many a second. */
export const rate = (what, key, least) => ({
  text: `>= ${count(least)} ${what}/s`,
  of: (value) => 1e6 / value(key),
  ok: (number) => number >= least,
  show: (number) => `${count(number)}/s`,
})

/** At most so much of something. */
export const atMost = (text, of, most, show) => ({ text, of, ok: (number) => number <= most, show })

/** No bound: it is told. */
export const told = (text, of, show) => ({ text, of, ok: undefined, show })

export function count(number) {
  if (number >= 1e6) return `${trim(number / 1e6)}M`
  if (number >= 1e3) return `${trim(number / 1e3)}k`
  return trim(number)
}

const trim = (number) => String(Number(number.toPrecision(3)))

export const milliseconds = (microseconds) => `${trim(microseconds / 1000)} ms`
export const megabytes = (bytes) => `${trim(bytes / 1e6)} MB`
