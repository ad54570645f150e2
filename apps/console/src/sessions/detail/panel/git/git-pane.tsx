import type { Session } from '@parley/sessions/protocol'
import { useMemo, useState } from 'react'
import { BranchIcon, ChevronIcon } from '../../../../ui/icons.js'
import { Loading } from '../../../../ui/loading.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import type { ChangedFile } from '../../../model/git-status.js'
import { type FilePatch, parsePatch } from '../../../model/patch.js'
import { joinPath, relativeTo } from '../../../model/paths.js'
import { DiffView } from '../../diff-view.js'
import { Letter } from '../files/tree.js'
import { useFolder, useGitPatch, useGitStatus } from '../use-workspace.js'
import { Branches, Commits, Worktrees } from './git-lists.js'

type GitPaneProps = { session: Session; onFile: (path: string) => void }

/** What git knows of the session's directory. */
export function GitPane({ session, onFile }: GitPaneProps) {
  const { id } = session
  const status = useGitStatus(id)
  const top = useFolder(id, '', false)
  const patch = useGitPatch(id, status.data !== undefined)
  const files = useMemo(() => parsePatch(patch.data?.patch ?? ''), [patch.data])
  const root = status.data?.root ?? top.data?.gitPath
  const cwd = top.data?.root ?? session.cwd
  if (top.data && top.data.gitPath === undefined && status.error)
    return <p className="hint px-2 py-3">This directory is in no git repository.</p>
  if (status.error) return <ProblemNotice error={status.error} retry={() => void status.refetch()} />
  if (!status.data) return <Loading rows={4} />
  const { branch, files: changed, truncated } = status.data
  return (
    <>
      <p className="flex items-center gap-2 px-1 pb-2 text-sm" data-testid="branch">
        <BranchIcon />
        <span className="min-w-0 truncate font-medium">{branch ?? 'No branch is checked out'}</span>
        <span className="hint ml-auto shrink-0">
          {changed.length === 0 ? 'Nothing changed' : `${changed.length} changed`}
        </span>
      </p>
      {changed.length > 0 && (
        <ul className="git-files" data-testid="changes">
          {changed.map((file) => (
            <Changed
              key={file.path}
              file={file}
              patches={patch.data && files.filter(({ path }) => path === file.path)}
              open={() => onFile(cwd && root ? relativeTo(cwd, joinPath(root, file.path)) : file.path)}
            />
          ))}
        </ul>
      )}
      {(truncated || patch.data?.truncated) && <p className="hint px-2 py-2">Not all of it is shown.</p>}
      {patch.error && <ProblemNotice error={patch.error} />}
      <div className="mt-4 flex flex-col border-t border-line pt-2">
        <Commits id={id} />
        <Branches id={id} />
        <Worktrees id={id} />
      </div>
    </>
  )
}

type ChangedProps = {
  file: ChangedFile
  /** Undefined until they are read. */
  patches: readonly FilePatch[] | undefined
  open: () => void
}

function Changed({ file: { path, from, letter }, patches, open }: ChangedProps) {
  const [isOpen, setIsOpen] = useState(false)
  // Of what git does not know there is no difference.
  const hasPatch = letter !== '?'
  return (
    <li>
      <button
        type="button"
        className="tree-row px-1.5"
        aria-expanded={hasPatch ? isOpen : undefined}
        onClick={() => (hasPatch ? setIsOpen(!isOpen) : open())}
      >
        <span className="tree-chevron" data-open={isOpen} data-empty={!hasPatch}>
          <ChevronIcon />
        </span>
        <span className="path-end min-w-0 flex-1" title={from ? `${from} → ${path}` : path}>
          <bdi>{path}</bdi>
        </span>
        <Letter letter={letter} />
      </button>
      {isOpen && (
        <div className="pb-2">
          {patches === undefined && <p className="hint px-2 py-1">Loading…</p>}
          {patches?.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: staged ones first, then the others
            <DiffView key={at} rows={one.rows} />
          ))}
          {letter !== 'D' && (
            <button type="button" className="link mt-1 px-1 text-xs" onClick={open}>
              Open the file
            </button>
          )}
        </div>
      )}
    </li>
  )
}
