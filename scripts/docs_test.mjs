// Runs the JavaScript of README.md and docs/ (see scripts/docs.mjs), and holds what it prints against what the page says;
// and the sessions at a command line (see scripts/docs_console.mjs).
//
//   node scripts/docs_test.mjs [PAGE...]
//
// A comment behind a `console.log(...)`, on the line where the call ends, says what the call prints:
//
//   console.log(1 + 1) // 2
//
// Over several lines it goes on in comments below. Spaces and line breaks do not count. A call in a loop prints all that
// it prints there. Links from page to page must lead somewhere, and the tests that a page names be in their files. Ends with
// the line "N passed, N failed".

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { blocksOf, pages, programsOf, sessionsOf } from './docs.mjs'
import { runSessions } from './docs_console.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'found-db-docs-'))

/** Records what each `console.log` prints, by the line that it is called on. */
const RECORDER = `
import { writeFileSync } from 'node:fs'
import { format } from 'node:util'
const prints = {}
console.log = (...values) => {
  const line = new Error().stack.split('\\n')[2].match(/:(\\d+):\\d+\\)?$/)[1]
  ;(prints[line] ??= []).push(format(...values))
}
process.on('exit', () => writeFileSync(process.env.PRINTS, JSON.stringify(prints)))
`

/** What a program says that its calls print: `{ line, end, text }`, the lines from 1. */
function expectations(text) {
  const lines = text.split('\n')
  const found = []
  lines.forEach((line, index) => {
    const at = line.search(/(?<!\/\/.*)console\.log\(/)
    if (at < 0) return
    let depth = 0
    let end = index
    let rest
    scan: for (; end < lines.length; end++) {
      let quote
      for (let place = end === index ? at : 0; place < lines[end].length; place++) {
        const sign = lines[end][place]
        if (quote !== undefined) {
          if (sign === '\\') place++
          else if (sign === quote) quote = undefined
        } else if ("'\"`".includes(sign)) quote = sign
        else if (sign === '(') depth++
        else if (sign === ')' && --depth === 0) {
          rest = lines[end].slice(place + 1)
          break scan
        }
      }
    }
    const comment = rest?.match(/\/\/ ?(.*)$/)
    if (!comment) return
    const parts = [comment[1]]
    for (let next = end + 1; /^\s*\/\//.test(lines[next] ?? ''); next++) parts.push(lines[next].replace(/^\s*\/\/ ?/, ''))
    found.push({ line: index + 1, end: end + 1, text: parts.join('\n') })
  })
  return found
}

const plain = (text) => text.replace(/\s+/g, ' ').trim()

/** Runs a program; what is wrong with it, if something is. */
function wrongWith(program, file) {
  const prints = join(scratch, 'prints.json')
  rmSync(prints, { force: true })
  writeFileSync(file, program.text)
  const { FDB_CLUSTER_FILE, ...environment } = process.env
  const result = spawnSync(process.execPath, ['--import', join(scratch, 'recorder.mjs'), file], {
    cwd: dirname(file),
    encoding: 'utf8',
    env: { ...environment, PRINTS: prints },
    timeout: 120_000,
  })
  if (result.error) return String(result.error)
  if (result.status !== 0) return `exit ${result.status ?? result.signal}\n${result.stdout}${result.stderr}`
  const printed = JSON.parse(readFileSync(prints, 'utf8'))
  const differences = expectations(program.text)
    .filter(({ line, text }) => plain((printed[line] ?? []).join('\n')) !== plain(text))
    .map(({ line, end, text }) => `line ${end}: the page says\n    ${text}\n  and it prints\n    ${(printed[line] ?? ['(nothing)']).join('\n')}`)
  return differences.length > 0 ? differences.join('\n') : undefined
}

/** The links of a page to files of the repository that lead nowhere. */
function brokenLinks(page) {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
}

/** The tests that a page names, as `[file](path): \`title\`, \`title\``, and that are not in their files. */
function missingTests(page) {
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...line.matchAll(/\]\(([^)#\s]+)\): ((?:`[^`]+`(?:, )?)+)/g)])
    .flatMap(([, target, titles]) => {
      const text = readFileSync(join(root, dirname(page), target), 'utf8')
      return [...titles.matchAll(/`([^`]+)`/g)].filter(([, title]) => !text.includes(title)).map(([, title]) => `${target}: ${title}`)
    })
}

/** What can be run here. */
const RUN = ['js', 'console']
const blocks = { run: 0, 'by the tests of runners': 0, 'not run': 0 }

/** The blocks of a page that are neither run nor say why not. */
function silentBlocks(page) {
  return blocksOf(page)
    .filter(({ language, reason, file }) => {
      const kind = reason !== undefined ? 'not run' : file !== undefined ? 'by the tests of runners' : 'run'
      blocks[kind] += 1
      return kind === 'run' && !RUN.includes(language)
    })
    .map(({ line, language }) => `line ${line} (${language})`)
}

let passed = 0
let failed = 0
function count(name, wrong) {
  if (wrong === undefined) passed += 1
  else failed += 1
  console.log(wrong === undefined ? `ok   ${name}` : `FAIL ${name}\n  ${wrong}`)
}

try {
  writeFileSync(join(scratch, 'recorder.mjs'), RECORDER)
  mkdirSync(join(scratch, 'node_modules'))
  symlinkSync(root, join(scratch, 'node_modules', 'found-db'), 'junction')
  symlinkSync(join(root, 'node_modules', '@opentelemetry'), join(scratch, 'node_modules', '@opentelemetry'), 'junction')
  const wanted = process.argv.slice(2)
  if (wanted.length === 0) {
    const codes = spawnSync(process.execPath, ['scripts/generate_errors_page.mjs', '--check'], { cwd: root, encoding: 'utf8' })
    count('docs/errors.md: every code', codes.status === 0 ? undefined : codes.stderr)
  }
  for (const page of wanted.length > 0 ? wanted : pages) {
    const broken = brokenLinks(page)
    count(`${page}: links`, broken.length > 0 ? `lead nowhere: ${broken.join(', ')}` : undefined)
    const missing = missingTests(page)
    count(`${page}: tests`, missing.length > 0 ? `are not there: ${missing.join(', ')}` : undefined)
    const silent = silentBlocks(page)
    count(`${page}: blocks`, silent.length > 0 ? `are not run and do not say why: ${silent.join(', ')}` : undefined)
    for (const program of programsOf(page)) {
      if (program.reason !== undefined) {
        console.log(`     ${page}:${program.line}: not run: ${program.reason}`)
        continue
      }
      if (program.file !== undefined) continue
      const folder = mkdtempSync(join(scratch, 'run-'))
      count(`${page}:${program.line}`, wrongWith(program, join(folder, 'page.mjs')))
    }
    const sessions = sessionsOf(page)
    for (const { line, reason } of sessions) if (reason !== undefined) console.log(`     ${page}:${line}: not run: ${reason}`)
    const toRun = sessions.filter(({ reason }) => reason === undefined)
    for (const { line, wrong } of runSessions(toRun, mkdtempSync(join(scratch, 'session-')))) count(`${page}:${line}`, wrong)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(Object.entries(blocks).map(([kind, number]) => `${number} blocks ${kind}`).join(', '))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
