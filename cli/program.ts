/**
 * The commands put together, and what becomes of their failures.
 */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

import { Command, CommanderError } from 'commander'

import { getClientVersion } from '../index.js'

import { examples } from './commands/arguments.js'
import { clearCommand } from './commands/clear.js'
import { exportCommand } from './commands/export.js'
import { getCommand } from './commands/get.js'
import { importCommand } from './commands/import.js'
import { countCommand, sizeCommand } from './commands/measure.js'
import { rangeCommand } from './commands/range.js'
import { serveCommand } from './commands/serve.js'
import { setCommand } from './commands/set.js'
import { shellCommand } from './commands/shell.js'
import { verifyCommand } from './commands/verify.js'
import { say, type Context } from './context.js'
import { Answer, EXIT, exitCodeOf, Failure, messageOf, UsageError } from './failures.js'
import { nearest } from './nearest.js'

// The place of package.json is the same for this file and for what it is bundled into.
const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

/** Runs the command with its arguments; the number to end with. */
export async function runCommand(context: Context, args: string[]): Promise<number> {
  const program = makeProgram(context)
  try {
    refuseUnknown(program, args)
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
    return EXIT.OK
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE
    const reason = context.signal.aborted && !(error instanceof Failure) ? context.signal.reason : error
    say(context, reason instanceof Answer ? reason.message : `found: ${messageOf(reason)}`)
    return exitCodeOf(reason)
  }
}

function makeProgram(context: Context): Command {
  const program = new Command('found')
    .description('A shell for a FoundationDB database, on a cluster or embedded, and commands for scripts.')
    .version(`found ${version} (FoundationDB client ${getClientVersion().split(',')[0]})`, '-V, --version')
    .usage('[COMMAND] DATABASE [OPTIONS]')
    .helpCommand('help [COMMAND]', 'print the help of a command')
  const commands = [
    shellCommand,
    getCommand,
    setCommand,
    rangeCommand,
    clearCommand,
    countCommand,
    sizeCommand,
    exportCommand,
    importCommand,
    verifyCommand,
    serveCommand,
  ].map((make) => make(context))
  for (const command of commands) {
    program.addCommand(command, { isDefault: command.name() === 'shell' })
    prepare(command, context)
  }
  prepare(program, context)
  return examples(program, [
    'found file:app.db                              a shell on a database in a file',
    'found /etc/foundationdb/fdb.cluster            a shell on a cluster',
    'found get file:app.db hello                    one value',
    `found range file:app.db --prefix "('user',)"   all keys of a tuple, and their values`,
    'found export file:app.db app.found             all of it into a file',
    'found serve file:app.db                        a page that shows it',
  ])
}

/** Says what a command that does not exist was perhaps meant to be: it would be taken for a database. */
function refuseUnknown(program: Command, args: readonly string[]): void {
  const [first = '', second] = args
  const names = ['help', ...program.commands.map((command) => command.name())]
  if (!/^[a-z]+$/.test(first) || names.includes(first) || existsSync(first)) return
  const meant = nearest(first, names)
  // A word alone may be the name of a cluster file that is not there.
  if (meant === undefined && (second === undefined || second.startsWith('-'))) return
  const hint = meant === undefined ? 'found --help lists the commands' : `did you mean found ${meant}?`
  throw new UsageError(`there is no command ${first}; ${hint}`)
}

function prepare(command: Command, context: Context): void {
  command.showHelpAfterError(`(found help ${command.name() === 'found' ? 'COMMAND' : command.name()} tells more)`)
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    outputError: (text, writeErr) => writeErr(text.replace(/^error: /, 'found: ')),
  })
}
