import type { Import } from './imports.js'

/** Groups of files (or of whatever the arrows connect) that import each other in a circle, each group sorted. */
export function cycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  return components(targets).filter(
    (group) => group.length > 1 || targets.get(group[0]!)?.includes(group[0]!),
  )
}

type Mark = { index: number; low: number; isOpen: boolean }

/** Tarjan's strongly connected components. */
function components(targets: Map<string, string[]>): string[][] {
  const marks = new Map<string, Mark>()
  const open: string[] = []
  const found: string[][] = []

  function visit(node: string): Mark {
    const mark: Mark = { index: marks.size, low: marks.size, isOpen: true }
    marks.set(node, mark)
    open.push(node)
    for (const next of targets.get(node) ?? []) {
      const seen = marks.get(next)
      if (!seen) mark.low = Math.min(mark.low, visit(next).low)
      else if (seen.isOpen) mark.low = Math.min(mark.low, seen.index)
    }
    if (mark.low === mark.index) found.push(close(node))
    return mark
  }

  function close(node: string): string[] {
    const group = open.splice(open.lastIndexOf(node))
    for (const member of group) marks.get(member)!.isOpen = false
    return group.sort()
  }

  for (const node of targets.keys()) if (!marks.has(node)) visit(node)
  return found
}
