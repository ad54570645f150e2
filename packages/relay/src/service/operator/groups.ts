/** Rows by a name of theirs, in their order. */
export function groupBy<Row>(rows: readonly Row[], name: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(name(row))
    if (group) group.push(row)
    else groups.set(name(row), [row])
  }
  return groups
}

/** How many rows have a name. */
export function countBy<Row>(rows: readonly Row[], name: (row: Row) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(name(row), (counts.get(name(row)) ?? 0) + 1)
  return counts
}
