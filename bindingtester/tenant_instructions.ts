/**
 * Instructions for tenants. This package has none of its own: they are made, deleted and listed with the special keys,
 * as FoundationDB has it, but none can be opened (2108, `unsupported_operation`). So there is never an active one, and
 * what is to be done on it is done on the database.
 */

import * as found from '../index.js'
import type { Instruction, Step } from './step.js'

const TENANTS = Buffer.from('\xff\xff/management/tenant/map/', 'latin1')
const RANGE_LIMITS_INVALID = 2012
const TENANT_NOT_FOUND = 2131
const TENANT_ALREADY_EXISTS = 2132
const UNSUPPORTED_OPERATION = 2108

export const tenantInstructions: Readonly<Record<string, Instruction>> = {
  TENANT_CREATE: async (step) => {
    const key = tenantKey(await step.popBytes())
    step.pushPromise(change(step, key, TENANT_ALREADY_EXISTS, (tx) => found.set(tx, key, '')))
  },
  TENANT_DELETE: async (step) => {
    const key = tenantKey(await step.popBytes())
    step.pushPromise(change(step, key, TENANT_NOT_FOUND, (tx) => found.clear(tx, key)))
  },
  TENANT_LIST: async (step) => {
    const [begin, end] = [tenantKey(await step.popBytes()), tenantKey(await step.popBytes())]
    // The limit may be any integer; the C API takes its lowest 32 bits, and refuses those below zero.
    const limit = Number(BigInt.asIntN(32, await step.popInteger()))
    if (limit < 0) throw new found.FdbError(RANGE_LIMITS_INVALID)
    const rows = await found.transactional(step.db, (tx) => {
      found.setOption(tx, 'raw_access')
      return found.all(found.query(tx, begin, end, { limit, reverse: false }))
    })
    step.push(found.pack(rows.map(([key]) => key.subarray(TENANTS.length))))
  },
  TENANT_SET_ACTIVE: async (step) => {
    await step.pop()
    throw new found.FdbError(UNSUPPORTED_OPERATION)
  },
  TENANT_CLEAR_ACTIVE: () => {},
  TENANT_GET_ID: (step) => step.answer('NO_ACTIVE_TENANT'),
}

function tenantKey(name: Buffer): Buffer {
  return Buffer.concat([TENANTS, name])
}

/**
 * Creates or deletes a tenant. The database takes creating one that is there, and deleting one that is not, for done,
 * so it is looked for first; once, as a further attempt may see what the one before has done.
 */
function change(
  step: Step,
  key: Buffer,
  refusal: typeof TENANT_NOT_FOUND | typeof TENANT_ALREADY_EXISTS,
  write: (tx: found.Transaction) => void,
): Promise<void> {
  let looked = false
  return found.transactional(step.db, async (tx) => {
    found.setOption(tx, 'special_key_space_enable_writes')
    if (!looked) {
      const exists = (await found.get(tx, key)) !== undefined
      if (exists === (refusal === TENANT_ALREADY_EXISTS)) throw new found.FdbError(refusal)
      looked = true
    }
    write(tx)
  })
}
