// Times of a wire. Inside they are whole microseconds since 1970.
import type { Micros } from '../ids/brand.js'

/** Writes microseconds as UTC text of fixed width: `2026-04-01T10:00:00.123456Z`. */
export function toIsoTime(micros: Micros): string {
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`
}

const date = String.raw`(\d{4})-(\d{2})-(\d{2})`
const clock = String.raw`(\d{2}):(\d{2}):(\d{2})(?:\.(\d{0,9}))?`
// OUTSIDE: a `+` that was not percent-encoded in a query arrives as a space.
const offset = String.raw`(?:z|([+\- ])(\d{2}):?(\d{2}))?`
const instant = new RegExp(`^${date}[t ]${clock}${offset}$`, 'i')

/**
 * Reads an instant as whole microseconds, or undefined when the text is none. Takes 0 to 9 fraction digits (those past
 * the sixth are cut off: no position of ours is finer), `Z`, `±hh:mm`, `±hhmm`, and no offset, which means UTC.
 */
export function fromIsoTime(text: string): Micros | undefined {
  const match = instant.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as SixNumbers
  const shift = offsetMinutes(match[8], Number(match[9]), Number(match[10]))
  const midnight = dayMillis(year, month, day)
  if (shift === undefined || midnight === undefined) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const seconds = midnight / 1000 + (hour * 60 + minute - shift) * 60 + second
  const fraction = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6))
  return clamp(seconds * 1_000_000 + fraction)
}

type SixNumbers = [number, number, number, number, number, number]

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

// Far years are clamped to what a number holds exactly.
function clamp(micros: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, micros))
}
