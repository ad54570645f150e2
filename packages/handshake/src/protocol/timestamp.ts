// Times of the wire. Inside they are whole microseconds since 1970, as a number.

/** Writes microseconds as UTC text of fixed width: `2026-06-23T02:22:00.123456Z`. */
export function toTimestamp(micros: number): string {
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`
}

const date = String.raw`(\d{4})-(\d{2})-(\d{2})`
const time = String.raw`(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?`
// OUTSIDE: a `+` that was not percent-encoded in a query arrives as a space.
const offset = String.raw`(?:Z|([+\- ])(\d{2}):?(\d{2}))?`
const instant = new RegExp(`^${date}[T ]${time}${offset}$`)

/**
 * Reads an instant as whole microseconds, or undefined when the text is none. Takes `T` or a space between date
 * and time, 0 to 9 fraction digits, `Z`, `±hh:mm`, `±hhmm`, no offset (UTC), and a space where a `+` stood.
 *
 * Digits past the sixth are cut off, not rounded: a change is whole microseconds, so "strictly later than
 * …123456.7" is the same set of changes as "strictly later than …123456". Far years are clamped to what a
 * number holds exactly.
 */
export function parseSince(text: string): number | undefined {
  const match = instant.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const shift = offsetMinutes(match[8], Number(match[9]), Number(match[10]))
  if (shift === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  const midnight = dayMillis(year, month, day)
  if (midnight === undefined) return undefined
  const seconds = midnight / 1000 + (hour * 60 + minute - shift) * 60 + second
  const fraction = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6))
  return clamp(seconds * 1_000_000 + fraction)
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (sign === undefined) return 0
  if (hours > 23 || minutes > 59) return undefined
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes)
}

/** Milliseconds of midnight UTC, or undefined for a day that no calendar has. */
function dayMillis(year: number, month: number, day: number): number | undefined {
  const at = new Date(0)
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  at.setUTCFullYear(year, month - 1, day)
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.getTime() : undefined
}

function clamp(micros: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, micros))
}
