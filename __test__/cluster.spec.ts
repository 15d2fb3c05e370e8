// A cluster that cannot be reached: nothing waits for ever, and the client library's thread ends with the process. The
// client library is a stand-in; one that answers nothing at all is the worst that a real one can be.

import test from 'ava'

import { fakeCluster, unix } from './fake_cluster.js'
import { packageUrl, runIn, runPlain } from './support.js'

const onUnix = unix ? test : test.skip

/**
 * For programs: notes in `order` when so many milliseconds are over. Timers come in the order of their times however
 * slow the machine is, and this one after all that others of about its time have led to.
 */
const NOTE = `
    const order = []
    const note = (what, milliseconds) =>
      setTimeout(() => setImmediate(() => setImmediate(() => order.push(what))), milliseconds).unref()`

onUnix('an unreachable cluster opens, and a timeout ends what waits for it', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const ended = await runIn(
    environment,
    `
    ${NOTE}
    const file = ${JSON.stringify(file)}
    const db = await found.open(file)
    // The body that waits for something else keeps no process alive, nor does its timeout.
    const alive = setInterval(() => {}, 1000)
    note('early', 300)
    note('late', 1500)
    const told = (error) => error.code + ' ' + error.message.includes('not answered yet') + ' ' + error.message.includes(file)
    const run = (body) => found.transactional(db, body, { timeout: 500 }).catch(told)
    const inBody = run((tx) => found.get(tx, 'a'))
    const inCommit = run((tx) => found.set(tx, 'a', '1'))
    const inRange = run((tx) => found.all(found.query(tx, 'a', 'b')))
    const elsewhere = run(() => new Promise(() => {}))
    console.log(await Promise.all([inBody, inCommit, inRange, elsewhere]), ...order)
    clearInterval(alive)`,
  )
  t.deepEqual(ended.errors, '')
  t.is(ended.code, 0)
  t.true(ended.output.endsWith('] early'), ended.output)
  t.is(ended.output.match(/transaction_timed_out true true/g)?.length, 4, ended.output)
})

onUnix('one attempt at an unreachable cluster ends at its timeout too', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const ended = await runIn(
    environment,
    `
    const db = await found.open(${JSON.stringify(file)})
    const tx = await found.transaction(db, { timeout: 100 })
    await found.get(tx, 'a').catch((error) => console.log(error.code))
    await found.commit(tx).catch((error) => console.log(error.code))
    const again = await found.transaction(db, { timeout: 100 })
    found.reset(again)
    const waiting = found.get(again, 'a').catch((error) => error.code)
    await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 600))])
    await found.close(db)
    console.log(await waiting)`,
  )
  const output = 'transaction_timed_out\ntransaction_timed_out\nFOUND_CLOSED'
  t.deepEqual(ended, { code: 0, killedBy: null, output, errors: '' })
})

onUnix("the database's default timeout ends what waits for an unreachable cluster as well", async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const ended = await runIn(
    environment,
    `
    const db = await found.open(${JSON.stringify(file)}, { transaction_timeout: 100 })
    await found.transactional(db, (tx) => found.get(tx, 'a')).catch((error) => console.log(error.code))
    const tx = await found.transaction(db)
    await found.get(tx, 'a').catch((error) => console.log(error.code))
    const patient = found.transactional(db, (tx) => found.get(tx, 'a'), { timeout: 0 })
    const patientLater = found.transactional(db, (tx) => {
      found.setOption(tx, 'timeout', 0)
      return found.get(tx, 'a')
    })
    const waiting = [patient, patientLater].map((promise) => promise.catch((error) => error.code))
    await Promise.race([...waiting, new Promise((resolve) => setTimeout(resolve, 600))])
    await found.close(db)
    console.log(...(await Promise.all(waiting)))`,
  )
  const output = 'transaction_timed_out\ntransaction_timed_out\nFOUND_CLOSED FOUND_CLOSED'
  t.deepEqual(ended, { code: 0, killedBy: null, output, errors: '' })
})

onUnix('a cluster that does not answer is told of once, with its file and its coordinators', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const program = `
    const { patience } = await import(new URL('lib/contact.js', ${JSON.stringify(packageUrl)}).href)
    patience.milliseconds = 50
    const warnings = []
    process.on('warning', (warning) => warnings.push(warning))
    const db = await found.open(${JSON.stringify(file)})
    // Nobody asks for anything yet.
    await new Promise((resolve) => setTimeout(resolve, 200))
    console.log(warnings.length)
    const waiting = found.transactional(db, (tx) => found.get(tx, 'a')).catch(() => {})
    await new Promise((resolve) => process.once('warning', resolve))
    const more = found.transactional(db, (tx) => found.get(tx, 'a')).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    console.log(warnings.length, warnings[0].code, warnings[0].message)
    await found.close(db)
    await Promise.all([waiting, more])`
  const ended = await runIn(environment, program)
  t.is(ended.code, 0, ended.errors)
  t.regex(ended.output, /^0\n1 FOUND_NO_CONTACT no contact with the cluster of .*fdb\.cluster/)
  t.true(ended.output.includes(file) && ended.output.includes('whose coordinators are 127.0.0.1:4500'), ended.output)
  t.is(ended.errors.match(/\[FOUND_NO_CONTACT\]/g)?.length, 1, ended.errors)
  const silenced = await runIn({ ...environment, NODE_OPTIONS: '--disable-warning=FOUND_NO_CONTACT' }, program)
  t.deepEqual(silenced, { ...ended, output: silenced.output, errors: '' })
})

onUnix('nothing is told of a cluster that answers', async (t) => {
  const { file, environment } = await fakeCluster(t)
  const ended = await runIn(
    environment,
    `
    const { patience } = await import(new URL('lib/contact.js', ${JSON.stringify(packageUrl)}).href)
    // Longer than a busy machine needs for an answer.
    patience.milliseconds = 1000
    const db = await found.open(${JSON.stringify(file)})
    const tx = found.makeTransaction(db)
    console.log(String(await found.get(tx, 'a')))
    await new Promise((resolve) => setTimeout(resolve, 1100))`,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'fake', errors: '' })
})

onUnix('a signal ends what waits for an unreachable cluster at once', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const ended = await runIn(
    environment,
    `
    ${NOTE}
    const db = await found.open(${JSON.stringify(file)})
    const controller = new AbortController()
    const { signal } = controller
    const waiting = [
      found.transactional(db, (tx) => found.get(tx, 'a'), { signal }),
      found.transactional(db, (tx) => found.set(tx, 'a', '1'), { signal }),
      found.all(found.scan(db, 'a', 'b', { signal })),
      found.watchLoop(db, 'a', { signal }).next(),
    ].map((each) => each.catch((error) => error.message))
    setImmediate(() => {
      controller.abort(new Error('enough'))
      note('late', 0)
    })
    const alive = setInterval(() => {}, 1000)
    console.log((await Promise.all(waiting)).join(' '), ...order)
    clearInterval(alive)`,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'enough enough enough enough', errors: '' })
})

/** What reads a range, by name, in a transaction that stays open: only its own signal or its end stops the reading. */
const readings = {
  query: `found.query(tx, 'a', 'b', { signal })`,
  'a query that is limited': `found.limit(found.query(tx, 'a', 'b', { signal }), 3)`,
  scan: `found.scan(db, 'a', 'b', { signal })`,
  watchLoop: `found.watchLoop(db, 'a', { signal })`,
  'nstore.select': `found.nstore.select(tx, n, [x, 'b', 'c'], { signal })`,
  'nstore.query': `found.nstore.query(tx, n, [[x, 'b', 'c'], ['d', x, 'e']], { signal })`,
  'nstore.query, ordered': `found.nstore.query(tx, n, [[x, 'b', 'c'], ['d', x, 'e']], { reorder: true, signal })`,
  'nstore.where': `found.nstore.where(tx, n, [{ y: 'b' }], [x, y, 'c'], { signal })`,
  'nstore.where, of a query': `found.nstore.where(tx, n, found.nstore.select(tx, n, [y, 'b', 'c']), [x, y, 'c'], { signal })`,
  'eavstore.query': `found.eavstore.query(tx, found.eavstore.make('e', ['e']), 'a', 'b', { signal })`,
  'vnstore.select': `found.vnstore.select(tx, v, [x, 'b', 'c'], { signal })`,
  'vnstore.where': `found.vnstore.where(tx, v, [{ y: 'b' }], [x, y, 'c'], { signal })`,
  'a stream of a transaction': `streamed(found.bstore.createReadStream(tx, b, uid, { signal }))`,
  'a stream of a database': `streamed(found.bstore.createReadStream(db, b, uid, { signal }))`,
}

for (const [way, leave, end] of [
  ['aborted', 'controller.abort(new Error("enough"))', 'enough'],
  ['left', 'await reading.return()', 'undefined'],
] as const) {
  onUnix(`what reads a range and is ${way} while a page is awaited keeps no process alive`, async (t) => {
    const { file, environment } = await fakeCluster(t, 'SILENT')
    const ended = await runIn(
      environment,
      `
      const { native } = await import(new URL('lib/native.js', ${JSON.stringify(packageUrl)}).href)
      const db = await found.open(${JSON.stringify(file)})
      const [n, v] = [found.nstore.make('n', ['n'], 3), found.vnstore.make('v', ['v'], ['a', 'b', 'c'])]
      const [b, uid] = [found.bstore.make('b', ['b']), new found.Uuid(Buffer.alloc(16))]
      const [x, y] = [found.nstore.var('x'), found.nstore.var('y')]
      // The iterator of a stream is a generator of the language, whose return waits for its next.
      const streamed = (stream) => ({
        next: () => new Promise((resolve, reject) => {
          stream.once('error', reject).once('close', () => resolve({}))
          stream.resume()
        }),
        return: () => stream.destroy(),
      })
      const turn = () => new Promise((resolve) => setImmediate(resolve))
      const readings = { ${Object.entries(readings).map(([name, call]) => `${JSON.stringify(name)}: (tx, signal) => ${call},`).join('\n')} }
      for (const [name, begin] of Object.entries(readings)) {
        const controller = new AbortController()
        const reading = begin(found.makeTransaction(db), controller.signal)
        const next = reading.next().then(({ value }) => String(value), (error) => (error.cause ?? error).message)
        await turn()
        const before = native.waitingOperations()
        ${leave}
        console.log(name + ': ' + (await next))
        if (before !== 1) console.log(before)
        // Some end on the network's thread.
        while (native.waitingOperations() > 0) await turn()
      }`,
    )
    const output = Object.keys(readings).map((name) => `${name}: ${end}`)
    t.deepEqual(ended, { code: 0, killedBy: null, output: output.join('\n'), errors: '' })
  })
}

onUnix('a blob whose writing is aborted keeps no process alive, however much of it has come', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  for (const size of [10, 10_000_000]) {
    const ended = await runIn(
      environment,
      `
      const db = await found.open(${JSON.stringify(file)})
      const controller = new AbortController()
      const { signal } = controller
      const writing = found.bstore.write(db, found.bstore.make('b', ['b']), Buffer.alloc(${size}), { signal })
      setImmediate(() => controller.abort(new Error('enough')))
      console.log(await writing.catch((error) => error.message))`,
    )
    t.deepEqual(ended, { code: 0, killedBy: null, output: 'enough', errors: '' }, `${size} bytes`)
  }
})

onUnix('closing an unreachable cluster ends what waits for it, commits included', async (t) => {
  const { file, environment } = await fakeCluster(t, 'SILENT')
  const ended = await runIn(
    environment,
    `
    const db = await found.open(${JSON.stringify(file)})
    const waiting = [
      found.transactional(db, (tx) => found.get(tx, 'a')),
      found.transactional(db, (tx) => found.set(tx, 'a', '1')),
      found.watchLoop(db, 'a').next(),
    ].map((each) => each.catch((error) => error.code))
    // The second has come to its commit.
    await new Promise((resolve) => setImmediate(resolve))
    await found.close(db)
    console.log((await Promise.all(waiting)).join(' '))`,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'FOUND_CLOSED FOUND_CLOSED FOUND_CLOSED', errors: '' })
})

for (const [name, macros] of [
  ['that answers', ['TELL']],
  ['that is silent', ['TELL', 'SILENT']],
  ['whose network does not end', ['TELL', 'NEVER_ENDS']],
] as const) {
  onUnix(`a process that has opened a cluster ${name} stops its network and ends, however it ends`, async (t) => {
    const { file, environment } = await fakeCluster(t, ...macros)
    const open = `const db = await found.open(${JSON.stringify(file)})
      found.transactional(db, (tx) => found.get(tx, 'a')).catch(() => {})`
    for (const [way, code] of [
      ['await found.close(db)', 0],
      ['process.exit(3)', 3],
    ] as const) {
      const ended = await runIn(environment, `${open}\n${way}`)
      t.deepEqual(ended, { code, killedBy: null, output: 'network stopped', errors: '' }, way)
    }
  })
}

onUnix('a process that loads the package in a worker only stops the network as well', async (t) => {
  const { file, environment } = await fakeCluster(t, 'TELL')
  const worker = `
    import * as found from ${JSON.stringify(packageUrl)}
    const db = await found.open(${JSON.stringify(file)})
    await found.transactional(db, (tx) => found.get(tx, 'a'))`
  const ended = await runPlain(
    `
    import { Worker } from 'node:worker_threads'
    import { writeSync } from 'node:fs'
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)}))
    await new Promise((resolve) => new Worker(url).once('exit', resolve))
    writeSync(1, 'worker ended\\n')`,
    environment,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'worker ended\nnetwork stopped', errors: '' })
})

onUnix('a cluster and an embedded database serve one process', async (t) => {
  const { file, environment } = await fakeCluster(t)
  const ended = await runIn(
    environment,
    `
    const cluster = await found.open(${JSON.stringify(file)})
    const embedded = await found.open('memory:')
    await found.transactional(embedded, (tx) => found.set(tx, 'a', 'mine'))
    for (const db of [cluster, embedded]) {
      console.log(String(await found.transactional(db, (tx) => found.get(tx, 'a'))))
      await found.close(db)
    }`,
  )
  t.deepEqual(ended, { code: 0, killedBy: null, output: 'fake\nmine', errors: '' })
})
