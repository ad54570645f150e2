import type { GitFileStatus, GitStatusResponse } from '@parley/sessions/protocol'

/** What is changed of one file. */
export type ChangedFile = {
  readonly path: string
  readonly from?: string
  /** One letter, as people know it: A, M, D, R, C, T, U, or `?` for one that git does not know. */
  readonly letter: string
}

/** `branch` is null while no branch is checked out. `root`: where paths begin. */
export type GitStatus = {
  readonly branch: string | null
  readonly files: readonly ChangedFile[]
  readonly root: string
  readonly truncated: boolean
}

const letters: Readonly<Record<GitFileStatus, string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  copied: 'C',
  'type-changed': 'T',
  conflicted: 'U',
  untracked: '?',
}

/** A file that is changed both in the index and outside of it is one. */
export function toGitStatus({ branch, root, files: all, truncated }: GitStatusResponse): GitStatus {
  const files = new Map<string, ChangedFile>()
  for (const { path, from, status } of all) {
    if (files.get(path)?.letter === 'A') continue
    files.set(path, { path, letter: letters[status], ...(from !== undefined && { from }) })
  }
  return {
    branch: branch === '' ? null : branch,
    files: [...files.values()].toSorted((a, b) => a.path.localeCompare(b.path)),
    root,
    truncated,
  }
}

/** What the letter stands for. */
export function wordOf(letter: string): string {
  return Object.entries(letters).find(([, one]) => one === letter)?.[0] ?? 'changed'
}
