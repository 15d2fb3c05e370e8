// How the demo prints.

/** One line: what was done, and what came out. */
export function say(done, result) {
  console.log(`${done.padEnd(46)} ${result}`)
}

/** Runs something and tells how long it took. */
export async function time(work) {
  const started = performance.now()
  await work()
  return `${Math.round(performance.now() - started)} ms`
}
