/** A control sequence that was begun before is over after this much. */
const headChars = 4_096
const maxTail = 256 * 1024

const esc = '\u001b'
const color = `${esc}\\[[\\d;:]*m`
// Of an escape that is cut off at the end only the beginning is known.
const colorCutOff = `${esc}\\[?[\\d;:]*$`
const shifts = '\u000e\u000f'
const bell = '\u0007'
const above = '\u0080-\u009f'
/** Whatever does more than fill the screen: escapes but colours, the ends of texts that aren't shown, other character sets. */
const control = new RegExp(`(?!${color}|${colorCutOff})${esc}|[${bell}${shifts}${above}]`, 'g')
const colors = new RegExp(color, 'g')

/**
 * Output without the part that can't be seen any more once it has all gone by: lines that the last `lines` ones pushed out.
 * WHY: an emulator takes as long as a program to write, and a flood would wait for it.
 */
export function whatStaysSeen(text: string, lines: number): string {
  let from = 0
  for (const { index } of text.matchAll(control)) from = index
  from += headChars
  const to = lastLinesAt(text, lines)
  if (to <= from) return text
  return `${text.slice(0, from)}${colorsIn(text.slice(from, to))}\r\n${text.slice(to)}`
}

/** Where the last `lines` lines begin: after a line's end. */
function lastLinesAt(text: string, lines: number): number {
  let at = text.length
  for (let count = 0; count <= lines && at > 0; count++) at = text.lastIndexOf('\n', at - 1)
  const longest = text.length - maxTail
  return at < longest ? Math.max(0, text.indexOf('\n', longest) + 1) : Math.max(0, at + 1)
}

/** The colours that still hold at the end of a text. */
function colorsIn(text: string): string {
  const reset = Math.max(text.lastIndexOf('\u001b[0m'), text.lastIndexOf('\u001b[m'))
  return (text.slice(Math.max(0, reset)).match(colors) ?? []).join('')
}
