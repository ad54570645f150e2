/** True for a text of the format, loosely; a format that is unknown here fits everything. */
export function isFormat(format: string, text: string): boolean {
  if (format === 'email') return text.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(text)
  if (format === 'date') return isDate(text)
  if (format === 'uri') return /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text)
  return true
}

/** `2026-02-28`, and a day that the calendar has. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
