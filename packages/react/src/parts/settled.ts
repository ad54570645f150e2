/**
 * Splits a text that is still growing into what no further word can change, as good as one can tell, and the rest. WHY:
 * every word reads the whole text anew otherwise, and a long answer gets slower with every line.
 */
export function settledPart(text: string): [settled: string, rest: string] {
  let at = 0
  let settled = 0
  let isInFence = false
  let isAfterBlank = false
  for (const line of text.split('\n')) {
    // A paragraph or a heading at the margin, after a blank line, belongs to nothing that began before it.
    if (isAfterBlank && !isInFence && /^[\p{L}#]/u.test(line)) settled = at
    if (/^\s*(?:```|~~~)/.test(line)) isInFence = !isInFence
    isAfterBlank = line.trim() === ''
    at += line.length + 1
  }
  return [text.slice(0, settled), text.slice(settled)]
}
