/**
 * The shell at a terminal.
 */

import { createInterface, type Interface } from 'node:readline'

import { say, type Context } from '../context.js'
import { Interrupted, messageOf } from '../failures.js'
import { complete } from './completer.js'
import { History, historyPath } from './history.js'
import { runLine } from './interpreter.js'
import { Printer } from './printer.js'
import { promptOf } from './prompt.js'
import type { Session } from './session.js'

/** Runs the shell until it is asked to end. */
export async function runInteractive(context: Context, session: Session): Promise<void> {
  say(context, `${session.target}: help lists the commands, Tab completes them and keys, Ctrl-D ends`)
  await new Terminal(context, session).run()
  if (await session.close()) say(context, 'the open transaction was not committed')
}

class Terminal {
  readonly #context: Context
  readonly #session: Session
  readonly #printer: Printer
  readonly #history: History
  readonly #readline: Interface
  /** What ends the line that runs; undefined while none does. */
  #running: AbortController | undefined
  /** Lines that were typed while another one ran. */
  readonly #waiting: string[] = []
  #ended!: () => void
  #closed = false

  constructor(context: Context, session: Session) {
    this.#context = context
    this.#session = session
    this.#printer = new Printer(context)
    this.#history = new History(historyPath(context.environment))
    this.#readline = createInterface({
      input: context.stdin,
      output: context.stdout,
      terminal: true,
      history: [...this.#history.lines],
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        complete(session, line).then(
          (completions) => done(null, completions),
          () => done(null, [[], line]),
        )
      },
    })
  }

  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve
      this.#readline.on('line', (line) => {
        this.#waiting.push(line)
        if (this.#running === undefined) void this.#runWaiting()
      })
      this.#readline.on('SIGINT', () => this.#interrupt())
      this.#readline.on('close', () => {
        this.#closed = true
        // After Ctrl-D the cursor is still behind the prompt.
        if (!this.#session.ended) this.#context.stdout.write('\n')
        this.#running?.abort(new Interrupted())
        if (this.#running === undefined) resolve()
      })
      this.#prompt()
    })
  }

  async #runWaiting(): Promise<void> {
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      this.#history.add(line)
      await this.#runOne(line)
      if (this.#session.ended) this.#readline.close()
      if (this.#closed) return this.#ended()
    }
    this.#prompt()
  }

  async #runOne(line: string): Promise<void> {
    this.#running = new AbortController()
    this.#session.signal = this.#running.signal
    try {
      await runLine(this.#session, line, this.#printer)
    } catch (error) {
      const { colours } = this.#context
      const interrupted = this.#running.signal.aborted
      say(this.#context, interrupted ? colours.dim('(interrupted)') : colours.red(messageOf(error)))
    } finally {
      this.#running = undefined
    }
  }

  /** Ctrl-C ends what runs, or drops the line that is being typed. */
  #interrupt(): void {
    if (this.#running !== undefined) {
      this.#waiting.length = 0
      this.#running.abort(new Interrupted())
      return
    }
    this.#context.stdout.write('^C\n')
    this.#readline.write(null, { ctrl: true, name: 'e' })
    this.#readline.write(null, { ctrl: true, name: 'u' })
    this.#prompt()
  }

  #prompt(): void {
    this.#readline.setPrompt(promptOf(this.#session))
    this.#readline.prompt()
  }
}
