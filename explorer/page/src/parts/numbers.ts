/**
 * Numbers as people read them.
 */

const WHOLE = new Intl.NumberFormat('en-GB')
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A number, its thousands apart. */
export function whole(value: number): string {
  return WHOLE.format(value)
}

/** So many bytes, with three digits. */
export function bytes(value: number): string {
  let unit = 0
  let rest = value
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000
    unit += 1
  }
  const text = unit === 0 || rest >= 100 ? Math.round(rest).toString() : rest.toPrecision(3)
  return `${text} ${UNITS[unit]}`
}

/** A point in time, by the clock of this machine. */
export function moment(time: number): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** So many of something. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : many}`
}
