/**
 * What to say where the native module cannot be loaded. The generated loader tries one file after the other and, whatever
 * the reason, blames npm; this tells what was looked for on this machine, what came of it and what to do.
 */

/** The chain of causes that the loader gives has one link for each file it tried. */
const CAUSES_MAX = 20

interface Report {
  header?: { glibcVersionRuntime?: string }
}

/** The C library of this process, which decides which package is the right one on Linux. */
function libc(): string {
  if (process.platform !== 'linux') return ''
  const report = process.report?.getReport() as Report | undefined
  const glibc = report?.header?.glibcVersionRuntime
  return glibc === undefined ? 'musl' : `glibc ${glibc}`
}

/** The package with the native module for this machine. */
function packageName(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `found-db-linux-${arch}-${libc() === 'musl' ? 'musl' : 'gnu'}`
  return `found-db-${platform}-${arch}${platform === 'win32' ? '-msvc' : ''}`
}

/**
 * The error of a native module that could not be loaded: `code` is FOUND_NO_NATIVE_MODULE, `cause` what the loader threw.
 *
 * @internal
 */
export function loadFailure(thrown: unknown): Error {
  const reasons: string[] = []
  let next = thrown instanceof Error ? thrown.cause : undefined
  for (let depth = 0; depth < CAUSES_MAX && next instanceof Error; depth++) {
    reasons.unshift(next.message)
    next = next.cause
  }
  if (reasons.length === 0) reasons.push(thrown instanceof Error ? thrown.message : String(thrown))
  // A file that is not there says so; any other reason is why a file that is there is of no use.
  const broken = reasons.map((reason) => reason.split('\n')[0] as string).filter((reason) => !isAbsent(reason))
  const machine = [process.platform, process.arch, libc(), `node ${process.version}`].filter((part) => part !== '')
  const wanted = packageName()
  const what =
    broken.length === 0
      ? `the package ${wanted} is not installed: install found-db again on this machine, with optional dependencies ` +
        `(no --omit=optional), and with a lock file that was not made for another platform only; ` +
        `if there is no such package, build found-db from its repository`
      : `a file for it was found and could not be loaded: ${broken.join('; ')}: ` +
        `it is damaged, for another machine, or wants a newer system (the package for this one is ${wanted})`
  const error = new Error(`found-db has no native module for this process (${machine.join(', ')}): ${what}`, {
    cause: thrown,
  })
  return Object.assign(error, { code: 'FOUND_NO_NATIVE_MODULE' })
}

function isAbsent(reason: string): boolean {
  return reason.startsWith('Cannot find module') || reason.startsWith('Unsupported')
}
