/**
 * Numbers for people.
 */

/** A whole number with commas: 1,234,567. */
export function count(value: number | bigint): string {
  return value.toLocaleString('en-US')
}

/** How many there are of something: 1 row, 2,000 rows. */
export function plural(value: number, one: string): string {
  return `${count(value)} ${one}${value === 1 ? '' : 's'}`
}

/** A size: 999 bytes, 1.2 kB, 34.5 MB; powers of ten. */
export function bytes(value: number): string {
  if (value < 1000) return value === 1 ? '1 byte' : `${Math.round(value)} bytes`
  const units = ['kB', 'MB', 'GB', 'TB', 'PB']
  let unit = 0
  let scaled = value / 1000
  while (scaled >= 999.95 && unit < units.length - 1) {
    scaled /= 1000
    unit += 1
  }
  return `${scaled.toFixed(1)} ${units[unit]}`
}

/** A length of time in seconds: 5 s, 2 min 5 s, 1 h 2 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
