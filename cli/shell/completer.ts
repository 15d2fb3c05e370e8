/**
 * Completion: what the word at the end of a line may become.
 */

import type { ArgumentKind } from './command.js'
import { TOPICS } from './commands/help.js'
import { COMMANDS, commandNamed } from './interpreter.js'
import { keyCompletions } from './key_completions.js'
import { OPTIONS } from './options.js'
import type { Session } from './session.js'
import { unfinishedOf } from './words.js'

/** What a word may become, and the word as it stands: as readline wants them. */
export type Completions = [candidates: string[], word: string]

/** The completions of a line. */
export async function complete(session: Session, line: string): Promise<Completions> {
  const unfinished = unfinishedOf(line)
  if (unfinished === undefined) return [[], line]
  const { words, start } = unfinished
  const word = line.slice(start)
  const [name, ...before] = words
  if (name === undefined)
    return [
      starting(
        COMMANDS.map((command) => command.name),
        word,
      ),
      word,
    ]
  const kind = commandNamed(name)?.kinds[before.length]
  return [kind === undefined ? [] : await ofKind(session, kind, word), word]
}

async function ofKind(session: Session, kind: ArgumentKind, word: string): Promise<string[]> {
  if (kind === 'key') return keyCompletions(session.db, word)
  if (kind === 'option') return starting(Object.keys(OPTIONS), word)
  if (kind === 'topic') return starting([...COMMANDS.map(({ name }) => name), ...TOPICS], word)
  return typeof kind === 'string' ? [] : starting(kind, word)
}

/** A space behind each one, so that the next word can be typed. */
function starting(words: readonly string[], beginning: string): string[] {
  return words.filter((word) => word.startsWith(beginning)).map((word) => `${word} `)
}
