import type { FileSystemEntry } from '@parley/sessions/protocol'
import { useState } from 'react'
import { FolderIcon, UpIcon } from '../../ui/icons.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { joinPath, parentOf } from '../model/paths.js'
import { useDirectory } from './use-directory.js'

type DirectoryListProps = { instance: string; path: string; onPick: (path: string) => void }

/** The directories inside of one. */
export function DirectoryList({ instance, path, onPick }: DirectoryListProps) {
  const [showAll, setShowAll] = useState(false)
  const { data, error } = useDirectory(instance, path, { showAll })
  const here = data?.path ?? data?.root ?? ''
  const folders = data?.entries.filter(({ type }) => type === 'directory') ?? []
  return (
    <div className="directory-list" data-testid="directories">
      <div className="flex items-center gap-2 border-b border-line py-1 pr-3 pl-1">
        <button
          type="button"
          className="btn btn-quiet btn-icon min-h-8 w-8 shrink-0"
          aria-label="One level up"
          disabled={here === '' || here === data?.root}
          onClick={() => onPick(parentOf(here))}
        >
          <UpIcon />
        </button>
        <span className="path-end min-w-0 flex-1 font-mono text-xs" title={here}>
          <bdi>{here}</bdi>
        </span>
        <label className="hint flex shrink-0 items-center gap-1.5">
          <input
            type="checkbox"
            className="accent-accent"
            checked={showAll}
            onChange={(event) => setShowAll(event.target.checked)}
          />
          Hidden
        </label>
      </div>
      {error ? (
        <div className="p-2">
          <ProblemNotice error={error} />
          {path !== '' && (
            <button type="button" className="btn mt-2" onClick={() => onPick('')}>
              Back to the start
            </button>
          )}
        </div>
      ) : (
        <ul className="max-h-52 overflow-y-auto py-1">
          {folders.map((folder) => (
            <Folder key={folder.path} folder={folder} onPick={() => onPick(joinPath(here, folder.path))} />
          ))}
          {data && folders.length === 0 && <li className="hint px-3 py-2">No directories in here.</li>}
        </ul>
      )}
    </div>
  )
}

function Folder({ folder: { path, git }, onPick }: { folder: FileSystemEntry; onPick: () => void }) {
  return (
    <li>
      <button
        type="button"
        className="flex min-h-9 w-full items-center gap-2 px-3 text-left text-sm text-soft hover:bg-sunken focus-visible:-outline-offset-2"
        onClick={onPick}
      >
        <FolderIcon />
        <span className="min-w-0 flex-1 truncate text-ink">{path}</span>
        {git && <span className="badge badge-agent max-w-32 truncate">{git.branch}</span>}
      </button>
    </li>
  )
}
