// Times of the wire. Inside they are whole microseconds since 1970, as a number.
import { fromIsoTime } from '@parley/kernel/wire'

/** Writes microseconds as UTC text of fixed width: `2026-06-23T02:22:00.123456Z`. */
export { toIsoTime as toTimestamp } from '@parley/kernel/wire'

/** What this contract's times have not: small letters, and a point without digits. */
const isForeign = /[tz]|\.(?!\d)/

/**
 * Reads an instant as whole microseconds, or undefined when the text is none. Takes `T` or a space between date
 * and time, 0 to 9 fraction digits, `Z`, `±hh:mm`, `±hhmm`, no offset (UTC), and a space where a `+` stood.
 *
 * Digits past the sixth are cut off, not rounded: a change is whole microseconds, so "strictly later than
 * …123456.7" is the same set of changes as "strictly later than …123456". Far years are clamped to what a
 * number holds exactly.
 */
export function parseSince(text: string): number | undefined {
  return isForeign.test(text) ? undefined : fromIsoTime(text)
}
