/**
 * The shell without a terminal: lines of a file, or of an option.
 */

import { createInterface } from 'node:readline'

import { say, writeLine, type Context } from '../context.js'
import { Answer, EXIT, Failure, messageOf } from '../failures.js'
import { runLine } from './interpreter.js'
import { Printer } from './printer.js'
import { promptOf } from './prompt.js'
import type { Session } from './session.js'

/** How to run a script. */
export interface ScriptPlan {
  /** Shows each line before what it gives, as a session at a terminal would. */
  readonly echo: boolean
  /** Goes on after a line that fails. */
  readonly keepGoing: boolean
}

/** Runs lines, up to the first that fails. */
export async function runScript(
  context: Context,
  session: Session,
  lines: AsyncIterable<string> | Iterable<string>,
  plan: ScriptPlan,
): Promise<void> {
  const printer = new Printer(context)
  let [number, failed] = [0, 0]
  for await (const line of lines) {
    number += 1
    if (plan.echo) await writeLine(context, `${promptOf(session)}${line}`)
    try {
      await runLine(session, line, printer)
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason
      failed += 1
      if (!plan.keepGoing) throw new Failure(`line ${number}: ${messageOf(error)}`, EXIT.FAILED, { cause: error })
      say(context, `found: line ${number}: ${messageOf(error)}`)
    }
    if (session.ended) break
  }
  context.signal.throwIfAborted()
  if (await session.close()) throw new Failure('the script ended in a transaction, which was not committed')
  if (failed > 0) throw new Answer(`found: ${failed} of ${number} lines failed`, EXIT.FAILED)
}

/** The lines of the standard input. */
export function inputLines(context: Context): AsyncIterable<string> {
  return createInterface({ input: context.stdin, crlfDelay: Infinity, signal: context.signal })
}
