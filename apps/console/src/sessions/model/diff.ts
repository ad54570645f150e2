// Differences between texts as rows that people read.

/** `gap`: unchanged lines that are left out. Numbers count from 1. */
export type DiffRow =
  | { readonly kind: 'same'; readonly text: string; readonly old: number; readonly now: number }
  | { readonly kind: 'removed'; readonly text: string; readonly old: number }
  | { readonly kind: 'added'; readonly text: string; readonly now: number }
  | { readonly kind: 'gap'; readonly text: string }

/** Lines that stay around a change. */
const context = 3
// LIMIT: comparing costs the product of both lengths; larger changes are shown as all old, then all new.
const maxCells = 4_000_000

/** What became of a text; `null` for one that was not there. */
export function diffTexts(oldText: string | null, newText: string): DiffRow[] {
  const old = oldText === null ? [] : linesOf(oldText)
  const now = linesOf(newText)
  const head = commonStart(old, now)
  const tail = commonEnd(old, now, head)
  const rows = [
    ...old.slice(0, head).map((text, at): DiffRow => ({ kind: 'same', text, old: at + 1, now: at + 1 })),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail), head),
    ...old.slice(old.length - tail).map((text, at): DiffRow => {
      return { kind: 'same', text, old: old.length - tail + at + 1, now: now.length - tail + at + 1 }
    }),
  ]
  return withGaps(rows)
}

export function countChanges(rows: readonly DiffRow[]): { added: number; removed: number } {
  return {
    added: rows.filter(({ kind }) => kind === 'added').length,
    removed: rows.filter(({ kind }) => kind === 'removed').length,
  }
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

function commonStart(old: readonly string[], now: readonly string[]): number {
  let count = 0
  while (count < old.length && count < now.length && old[count] === now[count]) count += 1
  return count
}

function commonEnd(old: readonly string[], now: readonly string[], head: number): number {
  const most = Math.min(old.length, now.length) - head
  let count = 0
  while (count < most && old[old.length - 1 - count] === now[now.length - 1 - count]) count += 1
  return count
}

/** The rows between what is common, by the longest common subsequence. */
function middle(old: readonly string[], now: readonly string[], offset: number): DiffRow[] {
  const removed = (at: number): DiffRow => ({ kind: 'removed', text: old[at]!, old: offset + at + 1 })
  const added = (at: number): DiffRow => ({ kind: 'added', text: now[at]!, now: offset + at + 1 })
  if ((old.length + 1) * (now.length + 1) > maxCells)
    return [...old.map((_, at) => removed(at)), ...now.map((_, at) => added(at))]
  const width = now.length + 1
  const lengths = commonLengths(old, now)
  const rows: DiffRow[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      rows.push({ kind: 'same', text: old[i]!, old: offset + i + 1, now: offset + j + 1 })
      i += 1
      j += 1
    } else if (
      i < old.length &&
      (j >= now.length || lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    )
      rows.push(removed(i++))
    else rows.push(added(j++))
  }
  return rows
}

/** At `i * width + j`: how long the longest common subsequence of what follows is. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === now[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
  return lengths
}

function withGaps(rows: readonly DiffRow[]): DiffRow[] {
  const isNear = new Uint8Array(rows.length)
  for (const [at, { kind }] of rows.entries())
    if (kind !== 'same') isNear.fill(1, Math.max(0, at - context), at + context + 1)
  const shown: DiffRow[] = []
  let skipped = 0
  for (const [at, row] of rows.entries()) {
    if (isNear[at] === 1) {
      if (skipped > 0) shown.push(gap(skipped))
      skipped = 0
      shown.push(row)
    } else skipped += 1
  }
  return skipped > 0 && shown.length > 0 ? [...shown, gap(skipped)] : shown
}

const gap = (count: number): DiffRow => ({
  kind: 'gap',
  text: count === 1 ? '1 unchanged line' : `${count.toLocaleString()} unchanged lines`,
})
