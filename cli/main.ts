/**
 * The `found` command.
 */

import { processContext } from './context.js'
import { runCommand } from './program.js'

process.exitCode = await runCommand(processContext(), process.argv.slice(2))
