import type { ControlProps } from './field-input.js'
import type { TextField } from './schema.js'
import { toLocalTime } from './values.js'

const inputTypes = new Map([
  ['email', 'email'],
  ['uri', 'url'],
  ['url', 'url'],
  ['date', 'date'],
  ['date-time', 'datetime-local'],
])

// From this many characters on an answer has lines.
const longText = 200

/**
 * A line of text, or several. WHY no `pattern`: it comes from whoever asks, and an expression that never ends would stop
 * the page of whoever answers. It is shown as a hint, and the server checks it.
 */
export function TextInput({ field, id, name, hint }: ControlProps<TextField>) {
  const common = {
    id,
    name,
    'aria-describedby': hint,
    required: field.isRequired,
    minLength: size(field.minLength),
    maxLength: size(field.maxLength),
  }
  const isLong = field.format === 'multiline' || (field.maxLength ?? 0) > longText
  if (isLong && !inputTypes.has(field.format ?? ''))
    return <textarea {...common} defaultValue={field.initial} />
  const isTime = field.format === 'date-time'
  const initial = isTime ? toLocalTime(field.initial ?? '') : field.initial
  return <input {...common} type={inputTypes.get(field.format ?? '') ?? 'text'} defaultValue={initial} />
}

// A browser throws for a negative length.
function size(length: number | undefined): number | undefined {
  return length !== undefined && Number.isInteger(length) && length >= 0 && length < 2 ** 31
    ? length
    : undefined
}
