/**
 * Where this package's libfdb_c is. A FoundationDB program finds it if `directory` is in {{variable}}.
 */

import { fileURLToPath } from 'node:url'

/** The folder that the library is in. */
export const directory = fileURLToPath(new URL('.', import.meta.url))

/** The library's path. */
export const path = fileURLToPath(new URL('{{file}}', import.meta.url))

export default path
