/**
 * `found DATABASE`: the shell.
 */

import { existsSync } from 'node:fs'

import type { Command } from 'commander'

import { say, type Context } from '../context.js'
import { filePath, withDatabase } from '../database.js'
import { runInteractive } from '../shell/interactive.js'
import { inputLines, runScript } from '../shell/script.js'
import { Session } from '../shell/session.js'
import { databaseCommand, examples } from './arguments.js'

interface ShellOptions {
  readonly exec?: string
  readonly readOnly?: true
  readonly echo?: true
  readonly keepGoing?: true
  readonly timeout?: number
}

/** The command. */
export function shellCommand(context: Context): Command {
  const command = databaseCommand('shell', 'read commands in the manner of fdbcli (without COMMAND, this is meant)')
    .option('--exec <commands>', 'run these, separated by semicolons, and end')
    .option('--read-only', 'refuse commands that write')
    .option('--echo', 'without a terminal: show each line before what it gives')
    .option('--keep-going', 'without a terminal: go on after a line that fails')
    .action((target: string, options: ShellOptions) => run(context, target, options))
  command.addHelpText(
    'after',
    '\nWithout a terminal it runs the lines of the standard input, up to the first that fails.',
  )
  return examples(command, [
    'found file:app.db',
    `found file:app.db --exec "get hello; getrange ('user',)"`,
    'found file:app.db < commands.txt',
    'found /etc/foundationdb/fdb.cluster --read-only',
  ])
}

async function run(context: Context, target: string, options: ShellOptions): Promise<void> {
  const { exec, readOnly = false, echo = false, keepGoing = false, timeout } = options
  const path = filePath(target)
  if (path !== undefined && !readOnly && !existsSync(path)) say(context, `found: ${path} is a new database`)
  await withDatabase(context, target, { create: !readOnly, timeout }, async (db) => {
    const session = new Session(db, target, readOnly, context.signal)
    const plan = { echo, keepGoing }
    if (exec !== undefined) await runScript(context, session, [exec], plan)
    else if (context.stdin.isTTY === true && context.stdout.isTTY === true) await runInteractive(context, session)
    else await runScript(context, session, inputLines(context), plan)
  })
}
