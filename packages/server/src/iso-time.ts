/** Microseconds as ISO 8601 with milliseconds. */
export const toIsoTime = (micros: number): string => new Date(micros / 1000).toISOString()
