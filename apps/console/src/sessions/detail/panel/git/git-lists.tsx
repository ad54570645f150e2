import { type ReactNode, useState } from 'react'
import { ChevronIcon } from '../../../../ui/icons.js'
import { Loading } from '../../../../ui/loading.js'
import { ProblemNotice } from '../../../../ui/problem-notice.js'
import { Moment } from '../../../../ui/time.js'
import { sessionsClient } from '../../../client/sessions-client.js'
import { useGit } from '../use-workspace.js'

export function Commits({ id }: { id: string }) {
  return (
    <GitList id={id} title="Commits" read={() => sessionsClient().fetchSessionGitCommits(id, { limit: 30 })}>
      {({ commits }) =>
        commits.map(({ sha, shortSha, message, authorName, date }) => (
          <li key={sha} className="git-line">
            <code className="text-xs text-soft">{shortSha}</code>
            <span className="min-w-0 flex-1 truncate" title={message}>
              {message}
            </span>
            <span className="hint max-w-32 shrink-0 truncate" title={authorName}>
              <Moment iso={date} />
            </span>
          </li>
        ))
      }
    </GitList>
  )
}

export function Branches({ id }: { id: string }) {
  return (
    <GitList id={id} title="Branches" read={() => sessionsClient().fetchSessionGitBranches(id)}>
      {({ branches }) =>
        branches.map(({ name, sha, current, remote }) => (
          <li key={`${name} ${remote}`} className="git-line">
            <span className={`min-w-0 flex-1 truncate ${current ? 'font-medium' : ''}`}>{name}</span>
            {current && <span className="badge badge-accent">here</span>}
            {remote && <span className="badge">remote</span>}
            <code className="text-xs text-soft">{sha.slice(0, 7)}</code>
          </li>
        ))
      }
    </GitList>
  )
}

export function Worktrees({ id }: { id: string }) {
  return (
    <GitList id={id} title="Worktrees" read={() => sessionsClient().fetchSessionGitWorktrees(id)}>
      {({ worktrees }) =>
        worktrees.map(({ path, branch, detached, sha }) => (
          <li key={path} className="git-line">
            <span className="path-end min-w-0 flex-1 font-mono text-xs" title={path}>
              <bdi>{path}</bdi>
            </span>
            <span className="badge badge-agent max-w-36 truncate">{detached ? sha.slice(0, 7) : branch}</span>
          </li>
        ))
      }
    </GitList>
  )
}

type GitListProps<T> = {
  id: string
  title: string
  read: () => Promise<T>
  children: (data: T) => ReactNode
}

/** Read when somebody opens it. */
function GitList<T>({ id, title, read, children }: GitListProps<T>) {
  const [isOpen, setIsOpen] = useState(false)
  const { data, error } = useGit(id, title, read, isOpen)
  return (
    <section>
      <h3>
        <button
          type="button"
          className="tree-row px-1.5 font-medium"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <span className="tree-chevron" data-open={isOpen}>
            <ChevronIcon />
          </span>
          {title}
        </button>
      </h3>
      {isOpen && error && <ProblemNotice error={error} />}
      {isOpen && !error && !data && <Loading rows={2} />}
      {isOpen && data && <ul className="pb-2">{children(data)}</ul>}
    </section>
  )
}
