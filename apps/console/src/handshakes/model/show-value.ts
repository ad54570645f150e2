/** A value as text for people. Never markup: agents and users wrote it. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}

/** At most `limit` characters, on one line; what was cut is an ellipsis. */
export function shorten(text: string, limit: number): string {
  // A character that people see can take several units; a value can be long, so only its beginning is looked at.
  const line = text
    .slice(0, 16 * limit)
    .replace(/\s+/gu, ' ')
    .trim()
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment)
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`
}
