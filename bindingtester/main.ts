/**
 * The stack tester of FoundationDB's binding tester, for this package:
 *
 *     npm run bindingtester -- PREFIX API_VERSION [CLUSTER_FILE]
 *
 * Runs the instructions stored under the tuple (PREFIX,) and ends with 0 if all of them, and those of the threads they
 * started, could be run. CLUSTER_FILE is any target that `open` takes.
 */

import * as found from '../index.js'
import { Session } from './session.js'

/** The one API version that this package speaks. */
const API_VERSION = 730

const [prefix, version, target] = process.argv.slice(2)
if (prefix === undefined || version === undefined) {
  console.error('usage: npm run bindingtester -- PREFIX API_VERSION [CLUSTER_FILE]')
  process.exit(2)
}
if (Number(version) !== API_VERSION) {
  console.error(`API version ${version}: only ${API_VERSION} is supported`)
  process.exit(2)
}

const db = await found.open(target)
try {
  await new Session(db).run(Buffer.from(prefix))
} finally {
  await found.close(db)
}
