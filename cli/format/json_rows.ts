/**
 * Rows as JSON objects, one a line: what `--json` prints, and what is exported and imported as JSON lines.
 *
 * The names tell the form: `key` and `value` are in the form `text`, `key_hex` or `value_base64` in the one they name.
 * So a line says all that is needed to read it.
 */

import type { Row } from '../../index.js'

import { FORMS, read, show, type Form, type Role } from './forms.js'
import { TextError } from './text_error.js'

/** The forms of keys and of values. */
export interface Forms {
  readonly key: Form
  readonly value: Form
}

/** The name that bytes have in JSON in a form. */
export function fieldName(role: Role, form: Form): string {
  return form === 'text' ? role : `${role}_${form}`
}

/** The JSON of a key, and of a value if there is one. */
export function printRow(key: Buffer, value: Buffer | undefined, forms: Forms): string {
  const fields: Record<string, string> = { [fieldName('key', forms.key)]: show(key, forms.key, 'key') }
  if (value !== undefined) fields[fieldName('value', forms.value)] = show(value, forms.value, 'value')
  return JSON.stringify(fields)
}

/**
 * The row that a line of JSON tells.
 *
 * @throws TextError that says what is wrong
 */
export function readRow(line: string): Row {
  const fields = parseObject(line)
  const row: Row = [field(fields, 'key'), field(fields, 'value')]
  const [unknown] = Object.keys(fields)
  if (unknown !== undefined) throw new TextError(`there is no field ${JSON.stringify(unknown)}`)
  return row
}

function parseObject(line: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    throw new TextError(`not JSON: ${(error as Error).message}`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TextError('not a JSON object')
  return parsed as Record<string, unknown>
}

/** Takes the one field of a role out of the object. */
function field(fields: Record<string, unknown>, role: Role): Buffer {
  const given = FORMS.filter((form) => Object.hasOwn(fields, fieldName(role, form)))
  const [form, another] = given
  if (form === undefined) throw new TextError(`there is no ${role}`)
  if (another !== undefined) throw new TextError(`there is more than one ${role}`)
  const name = fieldName(role, form)
  const text = fields[name]
  if (typeof text !== 'string') throw new TextError(`${name} is not a text`)
  delete fields[name]
  try {
    return read(text, form)
  } catch (error) {
    if (error instanceof TextError) throw new TextError(`${name}: ${error.message}`)
    throw error
  }
}
