/**
 * Telling how far a transfer is: a bar on a terminal, a line now and then elsewhere.
 */

import type { SingleBar } from 'cli-progress'

import { say, type Context } from '../context.js'
import { bytes, count, duration, plural } from '../format/quantities.js'

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 10_000
/** Milliseconds between two drawings of the bar. */
const BAR_EVERY = 100

/** How far a transfer is. */
export interface Place {
  /** Rows so far. */
  readonly rows: number
  /** How much is done, in the unit of `total`. */
  readonly done: number
}

/** Tells how far a transfer is while it goes on. */
export class Progress {
  readonly #context: Context
  readonly #verb: string
  /** How much there is to do, in bytes, perhaps by estimate; 0 if nobody knows. */
  readonly #total: number
  readonly #quiet: boolean
  readonly #started = performance.now()
  #first: Place | undefined
  #told = this.#started
  #bar: SingleBar | undefined

  constructor(context: Context, verb: string, total: number, quiet: boolean) {
    this.#context = context
    this.#verb = verb
    this.#total = total
    this.#quiet = quiet
  }

  /** Makes the bar ready, where there is a terminal for it. */
  async begin(): Promise<void> {
    const { stderr } = this.#context
    if (this.#quiet || stderr.isTTY !== true) return
    const { default: progress } = await import('cli-progress')
    const format = this.#total > 0 ? `${this.#verb} {bar} {percentage}% | {told}` : `${this.#verb} {told}`
    this.#bar = new progress.SingleBar(
      { format, stream: stderr, clearOnComplete: true, hideCursor: true, barsize: 25, gracefulExit: false },
      progress.Presets.shades_classic,
    )
    this.#bar.start(Math.max(this.#total, 1), 0, { told: '' })
  }

  /** The transfer is at this place. The first one told is where it began. */
  at(place: Place): void {
    this.#first ??= place
    const now = performance.now()
    if (this.#quiet || now - this.#told < (this.#bar === undefined ? LINE_EVERY : BAR_EVERY)) return
    this.#told = now
    const told = this.#tell(place, now)
    if (this.#bar === undefined) say(this.#context, `${this.#verb} ${told}`)
    else this.#bar.update(Math.min(place.done, this.#total), { told })
  }

  #tell({ rows, done }: Place, now: number): string {
    const first = this.#first ?? { rows: 0, done: 0 }
    const seconds = (now - this.#started) / 1000
    const rate = `${count(Math.round((rows - first.rows) / seconds))} rows/s`
    const speed = (done - first.done) / seconds
    const left = this.#total > done && speed > 0 ? `, ${duration((this.#total - done) / speed)} left` : ''
    return `${plural(rows, 'row')}, ${bytes(done)}, ${rate}${left}`
  }

  /** The transfer has ended; `said` tells how. */
  end(said?: string | undefined): void {
    this.#bar?.stop()
    if (said !== undefined && !this.#quiet) say(this.#context, said)
  }

  /** How long it took and how fast it was: `3 s, 400,000 rows/s`. */
  pace(rows: number): string {
    const seconds = (performance.now() - this.#started) / 1000
    const moved = rows - (this.#first?.rows ?? 0)
    const length = seconds < 1 ? `${seconds.toFixed(2)} s` : duration(seconds)
    return `${length}, ${count(Math.round(moved / seconds))} rows/s`
  }
}
