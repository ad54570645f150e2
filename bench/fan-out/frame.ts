const text = 'x'.repeat(240)

/** Microsecond precision with always the same number of digits: all frames have the same length. */
const now = (): string => (performance.timeOrigin + performance.now()).toFixed(3)

/** The body of an event: when it was sent, in milliseconds since 1970, and some text. */
export const bodyNow = (): string => `{"at":${now()},"text":"${text}"}`

/** What a follower gets, about 300 bytes: the number of the event before its body. */
export const toFrameText = (seq: number, body: string): string =>
  `{"n":"${String(seq).padStart(10, '0')}",${body.slice(1)}`
