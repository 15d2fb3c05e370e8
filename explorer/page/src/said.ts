/**
 * What the page says in passing: it is heard as well as seen, and goes by itself.
 */

import { signal } from '@preact/signals'

/** What was said last. */
export const said = signal<string | undefined>(undefined)

const MILLISECONDS = 5000
let timer: ReturnType<typeof setTimeout> | undefined

/** Says something. */
export function say(text: string): void {
  clearTimeout(timer)
  said.value = text
  timer = setTimeout(() => {
    said.value = undefined
  }, MILLISECONDS)
}
