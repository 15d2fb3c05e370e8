/**
 * Running lines of the shell.
 */

import { UsageError } from '../failures.js'
import type { ShellCommand } from './command.js'
import { aboutCommands } from './commands/about.js'
import { atomicCommands } from './commands/atomic.js'
import { dataCommands } from './commands/data.js'
import { helpCommand } from './commands/help.js'
import { transactionCommands } from './commands/transactions.js'
import { nearest } from '../nearest.js'
import type { Printer } from './printer.js'
import type { Session } from './session.js'
import { commandsOf } from './words.js'

/** All commands, in the order of `help`. */
export const COMMANDS: readonly ShellCommand[] = [
  ...dataCommands,
  ...atomicCommands,
  ...transactionCommands,
  ...aboutCommands,
  helpCommand(() => COMMANDS),
]

/** The command of a name. */
export function commandNamed(name: string): ShellCommand | undefined {
  return COMMANDS.find((command) => command.name === name)
}

/** Runs the commands of a line, up to one that fails or ends the shell. */
export async function runLine(session: Session, line: string, printer: Printer): Promise<void> {
  for (const [name, ...words] of commandsOf(line)) {
    if (session.ended) return
    const command = commandNamed(name as string)
    if (command === undefined) throw new UsageError(unknown(name as string))
    const [least, most] = command.count
    if (words.length < least || words.length > most) throw new UsageError(`usage: ${`${name} ${command.usage}`.trim()}`)
    await command.run(session, words, printer)
  }
}

function unknown(name: string): string {
  const meant = nearest(
    name,
    COMMANDS.map((command) => command.name),
  )
  return `there is no command ${name}${meant === undefined ? '; help lists them' : `; did you mean ${meant}?`}`
}
