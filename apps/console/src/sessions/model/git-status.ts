import { isObject, readList, readText, readTextOrNull } from '../../api/read.js'

/** What is changed of one file. */
export type ChangedFile = {
  readonly path: string
  readonly from?: string
  /** One letter, as people know it: A, M, D, R, C, T, U, or `?` for one that git does not know. */
  readonly letter: string
}

/** `branch` is null while no branch is checked out. `root`: where paths begin, when the server says. */
export type GitStatus = {
  readonly branch: string | null
  readonly files: readonly ChangedFile[]
  readonly root: string | null
  readonly truncated: boolean
}

const letters: Readonly<Record<string, string>> = {
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
export function readGitStatus(value: unknown): GitStatus {
  const body = isObject(value) ? value : {}
  const files = new Map<string, ChangedFile>()
  for (const one of readList(body.files)) {
    const file = readFile(one)
    if (file && files.get(file.path)?.letter !== 'A') files.set(file.path, file)
  }
  return {
    branch: readTextOrNull(body.branch),
    files: [...files.values()].toSorted((a, b) => a.path.localeCompare(b.path)),
    root: readTextOrNull(body.root),
    truncated: body.truncated === true,
  }
}

function readFile(value: unknown): ChangedFile | undefined {
  if (!isObject(value)) return undefined
  const { from, status, index, worktree } = value
  const path = readText(value.path)
  // Servers say it as a word, or as git's own two letters.
  const pair = [readText(worktree), readText(index)].find((one) => one.trim() !== '')
  const letter = letters[readText(status)] ?? pair ?? 'M'
  return path === '' ? undefined : { path, letter, ...(typeof from === 'string' && { from }) }
}

/** What the letter stands for. */
export function wordOf(letter: string): string {
  return Object.entries(letters).find(([, one]) => one === letter)?.[0] ?? 'changed'
}
