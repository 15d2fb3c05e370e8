/**
 * Measuring a piece of work inside a process.
 */

/** How long a measured stretch is: long enough for a stable rate, short of the 5 s a transaction can read. */
let stretch = 700

const clocks = {
  wall: () => performance.now(),
  /** The time that this process's threads were on a processor. */
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/** What measures where nothing is waited for but the processor. */
let clock = 'wall'

export function setUp(sizes) {
  stretch = sizes.stretch
  clock = sizes.clock
}

/**
 * Microseconds for one of `run`'s operations. `run(n)` does n of them. It is run with growing n first, which warms up
 * caches and the compiler and tells how many fill a stretch; then once more, and that is what counts. Where that took
 * less than half a stretch, the first ones were slower than what follows, and it is done again. What `waits` for a disk or
 * a timer is measured by the clock on the wall.
 */
export async function measure(run, { milliseconds = stretch, waits = false } = {}) {
  const now = clocks[waits ? 'wall' : clock]
  let count = 1
  let took = 0
  for (;;) {
    const start = now()
    await run(count)
    took = now() - start
    if (took >= milliseconds / 4) break
    const wanted = took > 1 ? Math.ceil((count * milliseconds) / 3 / took) : count * 10
    count = Math.max(count + 1, Math.min(count * 10, wanted))
  }
  do {
    count = Math.max(1, Math.round((count * milliseconds) / took))
    const start = now()
    await run(count)
    took = now() - start
  } while (took < milliseconds / 2)
  return (took * 1000) / count
}

/**
 * Microseconds for one `run`, which must be undone before the next: `undo` is given what it gave, and is not counted. As
 * much is done before it counts as warms up caches and the compiler.
 */
export async function measureUndone(run, undo, { milliseconds = stretch } = {}) {
  const now = clocks[clock]
  const repeat = async (enough) => {
    let [took, count] = [0, 0]
    while (took < enough) {
      const start = now()
      const result = await run()
      took += now() - start
      count++
      await undo(result)
    }
    return (took * 1000) / count
  }
  await repeat(milliseconds / 3)
  return repeat(milliseconds)
}

/** Microseconds that something takes which is done once. */
export async function once(run, { waits = false } = {}) {
  const now = clocks[waits ? 'wall' : clock]
  const start = now()
  await run()
  return (now() - start) * 1000
}

/** Fails the measurement: whoever does not do the work is not measured. */
export function expect(condition, what) {
  if (!condition) throw new Error(`the work was not done: ${what}`)
}

/** The median and the spread of some numbers. */
export function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return { median: quantile(sorted, 0.5), least: sorted[0], most: sorted[sorted.length - 1], rounds: sorted.length }
}

/** A quantile of sorted numbers, by linear interpolation. */
export function quantile(sorted, part) {
  const at = (sorted.length - 1) * part
  const below = Math.floor(at)
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (at - below)
}
