/**
 * State that is about something else.
 */

import { useReducer, useRef } from 'preact/hooks'

/**
 * State that begins anew, with `initial`, where what it is about changes: the first time it is rendered, not in an effect
 * afterwards, which would take away what was written between the two.
 */
export function useStateOf<T>(about: string, initial: T): [value: T, set: (value: T) => void] {
  const held = useRef({ about, value: initial })
  const [, render] = useReducer<number, void>((times) => times + 1, 0)
  if (held.current.about !== about) held.current = { about, value: initial }
  const set = (value: T): void => {
    held.current = { ...held.current, value }
    render()
  }
  return [held.current.value, set]
}
