const [esc, bell] = ['\u001b', '\u0007']

/** Escape sequences of terminals: CSI, OSC up to its end, and those of two characters. */
const sequences = new RegExp(
  [
    String.raw`${esc}\[[0-?]*[ -/]*[@-~]`,
    String.raw`${esc}\][^${bell}${esc}]*(?:${bell}|${esc}\\)?`,
    String.raw`${esc}[@-Z\\-_]`,
  ].join('|'),
  'g',
)

/** What a terminal wrote, as plain lines: without colours, and with lines that were written over as they ended. */
export function plainOutput(output: string): string {
  return output
    .replace(sequences, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .join('\n')
}

/** The last lines of a text, and how many came before them. */
export function lastLines(text: string, count: number): { text: string; left: number } {
  const lines = text.replace(/\n+$/, '').split('\n')
  const left = Math.max(0, lines.length - count)
  return { text: lines.slice(left).join('\n'), left }
}
