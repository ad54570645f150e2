import type { FileSystemEntry } from '@parley/sessions/protocol'
import { ChevronIcon, FileIcon, FolderIcon } from '../../../../ui/icons.js'
import { Loading } from '../../../../ui/loading.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import { type ChangedFile, wordOf } from '../../../model/git-status.js'
import { joinPath } from '../../../model/paths.js'
import { useFolder } from '../use-workspace.js'

type Shared = {
  id: string
  changed: ReadonlyMap<string, ChangedFile>
  showAll: boolean
  expanded: ReadonlySet<string>
  onExpanded: (expanded: ReadonlySet<string>) => void
  onOpen: (path: string) => void
}

type TreeProps = Shared & { top: ReturnType<typeof useFolder>; onShowAll: (showAll: boolean) => void }

/** Directories open when they are asked for; each is read then. */
export function Tree({ top, onShowAll, ...shared }: TreeProps) {
  if (top.error) return <ProblemNotice error={top.error} retry={() => void top.refetch()} />
  if (!top.data) return <Loading rows={5} />
  return (
    <>
      <ul className="tree" data-testid="tree" aria-label="Files">
        <Entries {...shared} path="" entries={top.data.entries} depth={0} />
      </ul>
      {top.data.entries.length === 0 && <p className="hint px-2 py-3">This directory is empty.</p>}
      {top.data.truncated && <p className="hint px-2 py-2">There is more in here than can be listed.</p>}
      <label className="hint mt-auto flex w-fit items-center gap-1.5 px-2 pt-3">
        <input
          type="checkbox"
          className="accent-accent"
          checked={shared.showAll}
          onChange={(event) => onShowAll(event.target.checked)}
        />
        Show hidden and ignored files
      </label>
    </>
  )
}

type EntriesProps = Shared & { path: string; entries: readonly FileSystemEntry[]; depth: number }

function Entries({ path, entries, depth, ...shared }: EntriesProps) {
  const sorted = [
    ...entries.filter(({ type }) => type === 'directory'),
    ...entries.filter(({ type }) => type !== 'directory'),
  ]
  return sorted.map((entry) => {
    const full = joinPath(path, entry.path)
    return entry.type === 'directory' ? (
      <Folder key={entry.path} {...shared} entry={entry} path={full} depth={depth} />
    ) : (
      <File key={entry.path} {...shared} name={entry.path} path={full} depth={depth} />
    )
  })
}

type FolderProps = Shared & { entry: FileSystemEntry; path: string; depth: number }

function Folder({ entry, path, depth, ...shared }: FolderProps) {
  const { expanded, onExpanded, changed } = shared
  const isOpen = expanded.has(path)
  const isChanged = changed.has(path) || Array.from(changed.keys()).some((one) => one.startsWith(`${path}/`))
  const toggle = () => {
    const next = new Set(expanded)
    if (!next.delete(path)) next.add(path)
    onExpanded(next)
  }
  return (
    <li>
      <button
        type="button"
        className="tree-row"
        aria-expanded={isOpen}
        data-depth={depth}
        style={{ paddingLeft: indent(depth) }}
        onClick={toggle}
      >
        <span className="tree-chevron" data-open={isOpen}>
          <ChevronIcon />
        </span>
        <FolderIcon />
        <span className="min-w-0 flex-1 truncate">{entry.path}</span>
        {entry.git && <span className="badge badge-agent max-w-28 truncate">{entry.git.branch}</span>}
        {isChanged && <span className="tree-dot" title="Something in here is changed" />}
      </button>
      {isOpen && <Inside {...shared} path={path} depth={depth + 1} />}
    </li>
  )
}

function Inside({ path, depth, ...shared }: Shared & { path: string; depth: number }) {
  const { data, error } = useFolder(shared.id, path, shared.showAll)
  if (error) return <ProblemNotice error={error} />
  if (!data) return null
  return (
    <ul>
      <Entries {...shared} path={path} entries={data.entries} depth={depth} />
      {data.entries.length === 0 && (
        <li className="hint py-1" style={{ paddingLeft: indent(depth + 1) }}>
          Empty
        </li>
      )}
    </ul>
  )
}

function File({
  name,
  path,
  depth,
  changed,
  onOpen,
}: Shared & { name: string; path: string; depth: number }) {
  const change = changed.get(path)
  return (
    <li>
      <button
        type="button"
        className="tree-row"
        data-changed={change?.letter}
        style={{ paddingLeft: indent(depth, besideChevron) }}
        onClick={() => onOpen(path)}
      >
        <FileIcon />
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {change && <Letter letter={change.letter} />}
      </button>
    </li>
  )
}

/** How a file is changed, in one letter. */
export function Letter({ letter }: { letter: string }) {
  return (
    <span className="git-letter" data-letter={letter} title={wordOf(letter)}>
      <span aria-hidden="true">{letter}</span>
      <span className="sr-only">{wordOf(letter)}</span>
    </span>
  )
}

/** In rem: a file's icon stands below those of directories. */
const besideChevron = 1.625

const indent = (depth: number, more = 0): string => `${0.375 + depth * 0.875 + more}rem`
