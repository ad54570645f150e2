/** One line of `filesystem.changed` (section 6); `path` is relative to the workspace. */
export type FileChange = { path: string; type: 'added' | 'modified' | 'deleted' }

/** What changed within 300 ms; `truncated` when there was more than is told. */
export type ChangeBatch = { changes: FileChange[]; truncated?: true }

/** Changes of one batch, and characters of their paths. */
const maxChanges = 1_000
const maxChars = 256 * 1024

/** Gathers changes: one for each path, whatever happened to it in between. */
export type Gathered = {
  add(change: FileChange): void
  /** Something changed that nobody can name any more. */
  missed(): void
  /** What was gathered, and nothing is any more; undefined when there was nothing. */
  take(): ChangeBatch | undefined
}

export function gatherChanges(): Gathered {
  let changes = new Map<string, FileChange['type']>()
  let chars = 0
  let truncated = false
  const isFull = (path: string) => changes.size >= maxChanges || chars + path.length > maxChars
  return {
    add: ({ path, type }) => {
      if (!changes.has(path) && isFull(path)) truncated = true
      else {
        if (!changes.has(path)) chars += path.length
        put(changes, path, type)
      }
    },
    missed: () => {
      truncated = true
    },
    take: () => {
      if (changes.size === 0 && !truncated) return undefined
      const batch = [...changes].map(([path, type]) => ({ path, type }))
      const taken = { changes: batch, ...(truncated && { truncated: true as const }) }
      changes = new Map()
      chars = 0
      truncated = false
      return taken
    },
  }
}

function put(changes: Map<string, FileChange['type']>, path: string, now: FileChange['type']): void {
  const before = changes.get(path)
  if (before === 'added' && now === 'deleted') changes.delete(path)
  else if (before === 'added') changes.set(path, 'added')
  else if (before === 'deleted' && now === 'added') changes.set(path, 'modified')
  else changes.set(path, now)
}

/** True for a path inside a directory of others' code, by whole names: `.github` is not `.git`. */
export function isUnwatched(path: string): boolean {
  return path.split('/').some((segment) => segment === 'node_modules' || segment === '.git')
}
