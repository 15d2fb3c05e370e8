/**
 * Where one goes on writing.
 */

import { useLayoutEffect, useRef } from 'preact/hooks'

/** Gives an element the focus when it comes, if it is to have it. (The attribute of HTML does so only while a page loads.) */
export function useFocus<E extends HTMLElement>(wanted = true) {
  const element = useRef<E>(null)
  useLayoutEffect(() => {
    if (wanted) element.current?.focus()
  }, [])
  return element
}
