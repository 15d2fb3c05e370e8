/**
 * Light, dark, or what the system has.
 */

import { signal } from '@preact/signals'

const THEMES = ['system', 'light', 'dark'] as const
/** A theme. */
export type Theme = (typeof THEMES)[number]

const KEY = 'found-explorer:theme'

/** The theme that was chosen. */
export const theme = signal<Theme>(THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system')

theme.subscribe((name) => {
  document.documentElement.dataset.theme = name
})

/** Chooses the next one. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] as Theme
  localStorage.setItem(KEY, theme.value)
}
