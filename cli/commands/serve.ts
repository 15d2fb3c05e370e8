/**
 * `found serve`: a page that shows a database.
 */

import { once } from 'node:events'

import { InvalidArgumentError, type Command } from 'commander'

import { say, writeLine, type Context } from '../context.js'
import { withDatabase } from '../database.js'
import { lastingCommand, examples } from './arguments.js'

interface ServeOptions {
  readonly port: number
  readonly write?: true
}

/** The command. */
export function serveCommand(context: Context): Command {
  const command = lastingCommand('serve', 'serve a page that shows the database, for who is at this machine')
    .option('--port <N>', 'listen on this port; 0 takes one that is free', portOf, 0)
    .option('--write', 'let the page change the database')
    .action((target: string, options: ServeOptions) => run(context, target, options))
  command.addHelpText('after', '\nIt listens on 127.0.0.1 alone, and lets in who has the address that it prints. Ctrl-C ends it.')
  return examples(command, ['found serve file:app.db', 'found serve file:app.db --write --port 7080'])
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('it is a number from 0 to 65535.')
  return port
}

async function run(context: Context, target: string, { port, ...options }: ServeOptions): Promise<void> {
  const write = options.write === true
  // Large, and of no use to the other commands.
  const { serve } = await import('../../explorer/server/index.js')
  await withDatabase(context, target, { create: false }, async (db) => {
    const served = await serve(db, { label: target, port, write })
    try {
      await writeLine(context, served.url)
      say(context, `found: ${write ? 'the page may change the database' : 'read only'}; Ctrl-C ends it`)
      if (!context.signal.aborted) await once(context.signal, 'abort')
    } finally {
      await served.close()
    }
  })
}
