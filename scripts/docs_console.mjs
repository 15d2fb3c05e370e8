// Runs the sessions at a command line that a page shows, one after the other in one folder, and holds what is printed
// against the page. `...` on the page stands for anything.
//
// `npx found` is the command as it has been built. Lines behind a `found> `, which its shell prompts with, are what is
// typed there.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../dist/found.js', import.meta.url))
const PROMPT = /^found\*?> ?/

/** Runs the sessions of a page in `folder`, which is new; gives `{ line, wrong }` for each, `wrong` undefined if nothing is. */
export function runSessions(sessions, folder) {
  const bin = join(folder, '.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'found'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`, { mode: 0o755 })
  const { FDB_CLUSTER_FILE, FORCE_COLOR, ...environment } = process.env
  const env = { ...environment, PATH: `${bin}${delimiter}${process.env.PATH}`, LC_ALL: 'C.UTF-8' }
  let status = 0
  return sessions.map(({ line, text }) => {
    const wrong = []
    for (const { command, typed, printed } of stepsOf(text)) {
      // What the page shows as typed at the prompt is shown again by --echo.
      const ours = command.replace(/^npx (?=found )/, '')
      const given = typed.length > 0 ? `${ours} --echo` : ours
      const input = typed.length > 0 ? `${typed.join('\n')}\n` : ''
      const result = spawnSync('bash', ['-c', `(exit ${status}); { ${given}\n} 2>&1`], { cwd: folder, env, input, encoding: 'utf8', timeout: 60_000 })
      status = result.status ?? 1
      if (!agrees(printed, result.stdout)) wrong.push(`$ ${command}\n  the page says\n${indent(printed)}\n  and it prints\n${indent(result.stdout)}`)
    }
    return { line, wrong: wrong.length > 0 ? wrong.join('\n') : undefined }
  })
}

/** The commands of a session, each with what is typed at it and what it prints. */
function stepsOf(text) {
  const steps = []
  for (const line of text.trimEnd().split('\n')) {
    const last = steps.at(-1)
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), typed: [], lines: [] })
    else if (last === undefined) throw new Error(`a session begins with a command, not with ${line}`)
    else if (last.lines.length === 0 && last.command.endsWith('\\')) last.command += `\n${line.replace(/^> /, '')}`
    else {
      if (PROMPT.test(line)) last.typed.push(line.replace(PROMPT, ''))
      last.lines.push(line)
    }
  }
  return steps.map(({ command, typed, lines }) => ({ command, typed, printed: lines.join('\n') }))
}

function agrees(printed, output) {
  const lines = (text) => text.replace(/[ \t]+$/gm, '').trimEnd()
  const pattern = lines(printed)
    .split('...')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*?')
  return new RegExp(`^${pattern}$`).test(lines(output))
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, '    ')
}
