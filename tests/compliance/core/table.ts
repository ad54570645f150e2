import type { Report, Result } from './run.js'

/** A report for people: one line per check, details below what is not green, totals last. */
export function toTable({ results, totals, url }: Report): string {
  const width = Math.max(2, ...results.map(({ id }) => id.length))
  const lines = results.map((result) => toLine(result, width))
  const sum = `${totals.green} green, ${totals.red} red, ${totals['n/a']} n/a`
  return [...lines, '', `${url}: ${sum}`].join('\n')
}

function toLine({ id, kind, status, title, detail }: Result, width: number): string {
  const head = `${status.padEnd(5)}  ${id.padEnd(width)}  ${kind.padEnd(9)}  ${title}`
  if (!detail) return head
  const indented = detail.split('\n').map((line) => `         ${line}`)
  return [head, ...indented].join('\n')
}
