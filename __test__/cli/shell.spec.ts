// The shell without a terminal: scripts.

import { join } from 'node:path'

import test, { type ExecutionContext } from 'ava'

import { pack } from '../../index.js'
import { folder } from '../support.js'
import { fill, rowsOf, runFound, type Ran } from './support.js'

/** Runs a script on a new database; the numbers of versions are taken out. */
async function runScript(
  t: ExecutionContext,
  lines: string[],
  ...options: string[]
): Promise<Ran & { target: string }> {
  const target = `file:${join(await folder(t), 'a.db')}`
  await fill(target, [])
  const ran = await runFound([target, ...options], { input: `${lines.join('\n')}\n` })
  return { ...ran, output: ran.output.replace(/version \d+/g, 'version N'), target }
}

test('reads, writes and atomic operations, each a transaction of its own', async (t) => {
  const { code, output, errors, target } = await runScript(t, [
    '# people',
    "set ('user', 1) Ada; set ('user', 2) '{\"name\": \"Alan\"}'",
    "get ('user', 2); get ('user', 3)",
    "getrange ('user',) * 1",
    "getrangekeys ('user',)",
    'getrange "" * 5 reverse',
    "getkey gt ('user', 1); getkey lt ('user', 2) -1",
    'add counter 5; add counter -2; get counter int; get counter',
    'bitor counter 8/1; bitand counter 9/1; bitxor counter 1/1; get counter int',
    'max counter 7/1; min counter 3/1; get counter int',
    'bytemax word b; bytemax word a; bytemin word aa; get word',
    'appendiffits word !; get word',
    'compareandclear word x; compareandclear word aa!; get word',
    "clear ('user', 1); clearrange ('user',) *; count",
    'clearrange a z; count; getrange ""',
  ])
  const committed = (times: number): string => '(committed at version N)\n'.repeat(times)
  t.is(errors, '')
  t.is(code, 0)
  t.is(
    output,
    [
      committed(2),
      '{"name": "Alan"}\n(not found)\n',
      "('user', 1) = Ada\n(limited to 1, there are more)\n",
      "('user', 1)\n('user', 2)\n",
      '(\'user\', 2) = {"name": "Alan"}\n(\'user\', 1) = Ada\n',
      "('user', 2)\n\n",
      committed(2),
      '3\n\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00\n',
      committed(3),
      '8/1\n',
      committed(2),
      '3/1\n',
      committed(3),
      'aa\n',
      committed(1),
      'aa!\n',
      committed(2),
      '(not found)\n',
      committed(2),
      '1\n',
      committed(1),
      '0\n(no keys)\n',
    ].join(''),
  )
  t.deepEqual(await rowsOf(target), [])
})

test('versionstamps', async (t) => {
  const { code, output } = await runScript(t, [
    "setversionstampedkey ('log', versionstamp(), 'a') first",
    'setversionstampedvalue latest (versionstamp(7),)',
    "getrange ('log',); get latest",
  ])
  t.is(code, 0)
  t.regex(
    output,
    /^\(.*\)\n\(.*\)\n\('log', versionstamp\('[0-9a-f]{20}0000'\), 'a'\) = first\n\(versionstamp\('[0-9a-f]{20}0007'\),\)\n$/,
  )
})

test('a transaction of several commands: committed, reset, rolled back', async (t) => {
  const { code, output, target } = await runScript(
    t,
    [
      'begin',
      'set a 1',
      'get a',
      'reset',
      'get a',
      'set b 2',
      'commit',
      'begin',
      'clear b',
      'count',
      'rollback',
      'begin',
      'commit',
    ],
    '--echo',
  )
  t.is(code, 0)
  t.is(
    output,
    [
      'found> begin\n(transaction started)',
      'found*> set a 1',
      'found*> get a\n1',
      'found*> reset\n(transaction reset)',
      'found*> get a\n(not found)',
      'found*> set b 2',
      'found*> commit\n(committed at version N)',
      'found> begin\n(transaction started)',
      'found*> clear b',
      'found*> count\n0',
      'found*> rollback\n(transaction rolled back)',
      'found> begin\n(transaction started)',
      'found*> commit\n(nothing to commit)\n',
    ].join('\n'),
  )
  t.deepEqual(await rowsOf(target), [[Buffer.from('b'), Buffer.from('2')]])
})

test('a line that fails ends the script, with its number', async (t) => {
  const { code, output, errors, target } = await runScript(t, ['set a 1', '', 'gett a; set a 2', 'set a 3'])
  t.deepEqual([code, errors], [1, 'found: line 3: there is no command gett; did you mean get?\n'])
  t.is(output, '(committed at version N)\n')
  t.deepEqual(await rowsOf(target), [[Buffer.from('a'), Buffer.from('1')]])
})

test('with --keep-going the others are run, and the end tells', async (t) => {
  const lines = [
    'get',
    'get (a)',
    'get a octal',
    'begin',
    'begin',
    'rollback',
    'commit',
    'option on nope',
    'option on timeout',
    'getrange a b x',
    'count',
  ]
  const { code, output, errors } = await runScript(t, lines, '--keep-going')
  t.is(code, 1)
  t.deepEqual(errors.split('\n'), [
    'found: line 1: usage: get KEY [FORM]',
    "found: line 2: a is no item; a text is written in quotes, such as 'a', at character 6",
    'found: line 3: FORM: expected text, utf8, hex, base64, int',
    'found: line 5: a transaction is open already',
    'found: line 7: no transaction is open: begin opens one',
    'found: line 8: there is no option nope; help options lists them',
    'found: line 9: option timeout: takes a number',
    'found: line 10: LIMIT: expected a whole number',
    'found: 8 of 11 lines failed',
    '',
  ])
  t.is(output, '(transaction started)\n(transaction rolled back)\n0\n')
})

test('what the database refuses rolls the open transaction back', async (t) => {
  const { code, output, errors } = await runScript(
    t,
    [
      'begin',
      'set \\xff/x 1',
      'set a 1',
      'commit',
      'get a',
      'begin',
      'option on timeout 1000',
      'option',
      'rollback',
      'option',
    ],
    '--keep-going',
  )
  t.is(code, 1)
  t.regex(errors, /^found: line 4: .*\(2004\).*; the transaction is rolled back\nfound: 1 of 10 lines failed\n$/)
  t.is(
    output,
    '(transaction started)\n(not found)\n(transaction started)\n(option timeout on for this transaction)\ntimeout 1000\n(transaction rolled back)\n(no option is set)\n',
  )
})

test('a script that leaves a transaction open has failed', async (t) => {
  const { code, errors } = await runScript(t, ['begin', 'set a 1'])
  t.deepEqual([code, errors], [1, 'found: the script ended in a transaction, which was not committed\n'])
})

test('exec, exit, and a shell that only reads', async (t) => {
  const target = `file:${join(await folder(t), 'a.db')}`
  await fill(target, [['a', pack(['b', 1])]])
  const [exec, twice] = [
    await runFound([target, '--exec', 'get a; exit; get b']),
    await runFound([target, '--read-only', '--exec', 'get a; writemode; set a 1']),
  ]
  t.deepEqual([exec.code, exec.output, exec.errors], [0, "('b', 1)\n", ''])
  t.deepEqual(
    [twice.code, twice.output, twice.errors],
    [1, "('b', 1)\noff\n", 'found: line 1: the shell is read-only\n'],
  )
  const off = await runFound([target, '--keep-going'], { input: 'writemode off\nset a 1\nwritemode on\nset a 1\n' })
  t.regex(off.errors, /^found: line 2: writes are off: writemode on\n/)
  const absent = await runFound([`${target}x`, '--read-only'], { input: 'count\n' })
  t.is(absent.code, 1)
})

test('options hold for the transactions to come', async (t) => {
  const { code, output, errors } = await runScript(t, [
    'option on access_system_keys',
    'option on retry_limit 3',
    'option',
    'getrange \\xff \\xff\\xff 1',
    'option off access_system_keys; option off retry_limit; option',
  ])
  t.is(errors, '')
  t.is(code, 0)
  t.regex(output, /\naccess_system_keys\nretry_limit 3\n[^]*\(no option is set\)\n$/)
})

test('status, versions, size, help and watch', async (t) => {
  const { code, output } = await runScript(t, [
    'status',
    'getversion',
    'size',
    'help',
    'help get',
    'help keys',
    'help options',
    'set a 1',
    'watch a 1',
  ])
  t.is(code, 0)
  t.regex(output, /^database +file:.*\navailable +yes\n[^]*\n\d+\nabout \d+ bytes\n/)
  t.regex(output, /\n {2}getrange +print the keys and values from BEGIN up to END/)
  t.regex(output, /\nget KEY \[FORM\]\n\nPrint the value of a key\.\n/)
  t.regex(output, /\n {2}uuid\('0741c7a8/)
  t.regex(output, /\n {2}retry_limit NUMBER\n/)
  t.regex(output, /\(committed at version N\)\n1\n$/)
  const json = await runScript(t, ['status json'])
  t.is(
    (JSON.parse(json.output) as { client: { database_status: { available: boolean } } }).client.database_status
      .available,
    true,
  )
})

test('a database in memory, and a new file, are said to be that', async (t) => {
  const memory = await runFound(['memory:', '--exec', 'set a 1; get a'])
  t.is(memory.errors, 'found: memory: is empty, and gone when the command ends\n')
  t.regex(memory.output, /\n1\n$/)
  const path = join(await folder(t), 'new.db')
  const created = await runFound([`file:${path}`, '--exec', 'set a 1'])
  t.deepEqual([created.code, created.errors], [0, `found: ${path} is a new database\n`])
})
