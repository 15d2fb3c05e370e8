import { render } from 'preact'

import { Failed, session } from './api.js'
import { App, Unreachable } from './app.js'
import { load } from './stores.js'
import './style/index.css'
import './theme.js'

const root = document.getElementById('app') as HTMLElement

try {
  const known = await session()
  load(known.label)
  document.title = `${known.label} · found explorer`
  render(<App session={known} />, root)
} catch (error) {
  if (!(error instanceof Failed)) throw error
  render(<Unreachable error={error} />, root)
}
