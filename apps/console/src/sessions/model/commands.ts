import type { SessionCommand } from '@parley/sessions/protocol'

const most = 8

/** Commands that begin with what is being written; none once it is more than the name of one. */
export function suggestions(text: string, commands: readonly SessionCommand[]): readonly SessionCommand[] {
  const written = /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase()
  if (written === undefined) return []
  return commands.filter(({ name }) => name.toLowerCase().startsWith(written)).slice(0, most)
}

/** A list with one entry moved by some places; the same list when it can't go there. */
export function moved<T>(list: readonly T[], from: number, by: number): readonly T[] {
  const to = from + by
  if (to < 0 || to >= list.length || from < 0 || from >= list.length) return list
  const rest = list.toSpliced(from, 1)
  return rest.toSpliced(to, 0, list[from]!)
}
