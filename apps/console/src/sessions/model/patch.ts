// A patch as git prints it.

import type { DiffRow } from './diff.js'

/** What a patch says of one file. */
export type FilePatch = {
  /** As it is called now; of a removed one, as it was called. */
  readonly path: string
  readonly rows: readonly DiffRow[]
  readonly isBinary: boolean
}

/** The files of a patch, in its order. What can't be read is left out. */
export function parsePatch(patch: string): FilePatch[] {
  const parts = patch.split(/^(?=diff --git )/m)
  return parts.flatMap((part) => (part.startsWith('diff --git ') ? [parseFile(part)] : []))
}

function parseFile(part: string): FilePatch {
  const lines = part.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const first = lines.findIndex((line) => line.startsWith('@@ '))
  const head = first < 0 ? lines : lines.slice(0, first)
  return {
    path: pathOf(head),
    rows: first < 0 ? [] : rowsOf(lines.slice(first)),
    isBinary: head.some((line) => /^(Binary files|GIT binary patch)/.test(line)),
  }
}

function pathOf(head: readonly string[]): string {
  const named = (start: string) => head.find((line) => line.startsWith(start))?.slice(start.length)
  const [now, old, renamed] = [named('+++ '), named('--- '), named('rename to ')]
  const text = [now, old].find((name) => name !== undefined && name !== '/dev/null')
  if (text !== undefined) return unquoted(text.replace(/\t$/, '')).replace(/^[ab]\//, '')
  if (renamed !== undefined) return unquoted(renamed)
  return unquoted(/ (b\/.*|"b\/.*")$/.exec(head[0] ?? '')?.[1] ?? '').replace(/^b\//, '')
}

/** Git quotes names with unusual characters, bytes as octal numbers. */
function unquoted(name: string): string {
  if (!/^".*"$/.test(name)) return name
  const bytes: number[] = []
  const inner = name.slice(1, -1)
  for (const [part] of inner.matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (/^\\[0-7]{3}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8))
    else bytes.push(...new TextEncoder().encode(part.startsWith('\\') ? escaped(part[1]!) : part))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
const escaped = (letter: string): string => escapes[letter] ?? letter

function rowsOf(lines: readonly string[]): DiffRow[] {
  const rows: DiffRow[] = []
  let [old, now] = [1, 1]
  for (const line of lines) {
    const range = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line)
    const text = line.slice(1)
    if (range) {
      ;[old, now] = [Number(range[1]), Number(range[2])]
      if (rows.length > 0 || old > 1 || range[3]) rows.push({ kind: 'gap', text: range[3] || `line ${now}` })
    } else if (line.startsWith('+')) rows.push({ kind: 'added', text, now: now++ })
    else if (line.startsWith('-')) rows.push({ kind: 'removed', text, old: old++ })
    else if (line.startsWith(' ')) rows.push({ kind: 'same', text, old: old++, now: now++ })
  }
  return rows
}
