/**
 * Where one is in the page: all of it is in the address, behind the `#`, so that it can be kept and handed on. (It works
 * for who has the page open; the token is not in it.)
 */

import { signal } from '@preact/signals'

/** A place: a view, and what it shows. */
export interface Route {
  readonly view: string
  readonly parameters: Readonly<Record<string, string>>
}

function read(): Route {
  const [view = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  return { view: view || 'keys', parameters: Object.fromEntries(new URLSearchParams(query)) }
}

/** Where one is. */
export const route = signal<Route>(read())

addEventListener('hashchange', () => {
  route.value = read()
})

/** The address of a place. Parameters that are empty are left out. */
export function address(view: string, parameters: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value)
  const text = query.toString()
  return `#/${view}${text === '' ? '' : `?${text}`}`
}

/** Goes to a place. */
export function go(view: string, parameters: Readonly<Record<string, string | undefined>> = {}): void {
  location.hash = address(view, parameters)
}

/** Does with what was asked for what takes one elsewhere, unless one has gone elsewhere while it was on its way. */
export async function whenKnown<T>(asked: Promise<T>, leave: (known: T) => void): Promise<void> {
  const from = location.hash
  const known = await asked
  if (location.hash === from) leave(known)
}

/** Changes parameters of the place where one is, without a step back to where one was. */
export function refine(parameters: Readonly<Record<string, string | undefined>>): void {
  const { view, parameters: before } = route.value
  history.replaceState(null, '', address(view, { ...before, ...parameters }))
  route.value = read()
}
