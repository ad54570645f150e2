const padding = 'x'.repeat(200)

/** The text of a message: when it was sent in milliseconds since 1970, 17 characters, and some more. */
export const words = (): string => (performance.timeOrigin + performance.now()).toFixed(3) + padding
