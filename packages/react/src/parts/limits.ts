// LIMIT: longer texts are shown as they are. Reading this much takes about as long as one can wait without noticing.
const maxMarkdown = 50_000

// LIMIT: reading lists and quotes inside each other takes the square of their depth. People stop at five.
const tooDeep = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){50}/m

/** False for a text that would stop the page for too long if it was read as Markdown. */
export function isReadable(text: string): boolean {
  return text.length <= maxMarkdown && !tooDeep.test(text)
}
