/**
 * The prompt.
 */

import type { Session } from './session.js'

/** What stands before a line; the star says that a transaction is open. */
export function promptOf(session: Session): string {
  return session.inTransaction ? 'found*> ' : 'found> '
}
