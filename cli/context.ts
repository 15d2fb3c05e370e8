/**
 * What the command is run with: where it reads and writes, and what ends it.
 */

import { once } from 'node:events'

import picocolors from 'picocolors'

import { Interrupted } from './failures.js'

type Colours = ReturnType<typeof picocolors.createColors>

/** The surroundings of one run of the command. */
export interface Context {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly environment: NodeJS.ProcessEnv
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Colours for the standard output: none where it is no terminal, or NO_COLOR is set. */
  readonly colours: Colours
}

/** The context of this process. Ctrl-C ends what runs; a second one ends the process at once. */
export function processContext(): Context {
  const { stdin, stdout, stderr, env } = process
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(new Interrupted().exitCode)
    controller.abort(new Interrupted())
    // Who waits for input need not any more.
    stdin.destroy(new Interrupted())
  })
  stdin.on('error', () => {})
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Who reads our output has seen enough, such as `head`.
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }
  const coloured = stdout.isTTY === true && picocolors.isColorSupported
  return {
    stdin,
    stdout,
    stderr,
    environment: env,
    signal: controller.signal,
    colours: picocolors.createColors(coloured),
  }
}

/** Writes to the standard output, and waits while it is full. */
export async function write(context: Context, text: string | Uint8Array): Promise<void> {
  if (!context.stdout.write(text)) await once(context.stdout, 'drain', { signal: context.signal })
}

/** Writes a line to the standard output, and waits while it is full. */
export function writeLine(context: Context, line: string): Promise<void> {
  return write(context, `${line}\n`)
}

/** Says something that is not part of the answer. */
export function say(context: Context, line: string): void {
  context.stderr.write(`${line}\n`)
}

/** All bytes of the standard input. */
export async function readStdin(context: Context): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of context.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
