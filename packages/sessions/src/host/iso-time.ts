/** Makes ISO texts of times in milliseconds. Keeps the last one: many events come in one millisecond. */
export function isoTexts(): (ms: number) => string {
  let last = { ms: Number.NaN, text: '' }
  return (ms) => {
    if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() }
    return last.text
  }
}
