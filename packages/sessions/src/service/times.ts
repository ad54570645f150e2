import type { Micros } from '@parley/kernel/ids'

/** ISO-8601 in UTC with milliseconds, as every time of the wire. */
export const toWireTime = (micros: Micros): string => new Date(Math.floor(micros / 1000)).toISOString()

/** Reads any time that JavaScript's `Date` reads; undefined for what it does not. */
export function fromDateText(text: string): Micros | undefined {
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : millis * 1000
}
