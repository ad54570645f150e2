import type { GitWorktree } from '@parley/sessions/protocol'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { baseName } from '../model/paths.js'
import type { NewSession } from './create-session.js'
import { useDirectory } from './use-directory.js'

export type NewWorktree = { name: string; branch?: string; newBranch?: boolean }

/** `none`: the directory as it is. */
export type WorktreeChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'existing'; readonly path: string }
  | { readonly kind: 'new'; readonly name: string; readonly branch: string; readonly isNewBranch: boolean }

export const noWorktree: WorktreeChoice = { kind: 'none' }

/** Where the session works after a choice, and what is to be made for it. */
export function chosenWorktree(cwd: string, choice: WorktreeChoice): Pick<NewSession, 'cwd' | 'worktree'> {
  if (choice.kind === 'existing') return { cwd: choice.path }
  if (choice.kind === 'none') return { cwd }
  const branch = choice.branch.trim()
  return {
    cwd,
    worktree: {
      name: choice.name.trim(),
      ...(branch !== '' && { branch, newBranch: choice.isNewBranch }),
    },
  }
}

type WorktreeFieldProps = {
  instance: string
  directory: string
  choice: WorktreeChoice
  onChoose: (choice: WorktreeChoice) => void
}

/** Whether the agent works in a working tree of its own. Not there outside of repositories. */
export function WorktreeField({ instance, directory, choice, onChoose }: WorktreeFieldProps) {
  const place = useDirectory(instance, directory)
  const isRepository = place.data?.gitPath !== undefined && !place.isPlaceholderData
  const here = place.data?.gitPath ?? ''
  const worktrees = useQuery({
    queryKey: ['sessions', 'worktrees', instance, here],
    queryFn: () => told(sessionsClient().fetchRuntimeGitWorktrees(instance, { path: here })),
    enabled: isRepository,
    retry: false,
  })
  const id = useId()
  if (!isRepository || !worktrees.data) return null
  const known = worktrees.data.worktrees.filter(({ bare }) => !bare)
  const current = known.find(({ path }) => path === here)
  const others = known.filter((one) => one !== current)
  return (
    <div>
      <label htmlFor={id} className="label">
        Worktree
      </label>
      <select
        id={id}
        className="input mt-1.5"
        value={textOf(choice)}
        onChange={({ target }) => onChoose(choiceOf(target.value))}
      >
        <option value="none">This directory{current?.branch ? ` (${current.branch})` : ''}</option>
        {others.map((one) => (
          <option key={one.path} value={`at:${one.path}`}>
            {nameOf(one)}
          </option>
        ))}
        {choice.kind === 'existing' && !others.some(({ path }) => path === choice.path) && (
          <option value={textOf(choice)}>{baseName(choice.path)}</option>
        )}
        <option value="new">New worktree…</option>
      </select>
      {choice.kind === 'new' && <NewWorktreeFields choice={choice} onChoose={onChoose} />}
    </div>
  )
}

type NewWorktreeFieldsProps = {
  choice: Extract<WorktreeChoice, { kind: 'new' }>
  onChoose: (choice: WorktreeChoice) => void
}

function NewWorktreeFields({ choice, onChoose }: NewWorktreeFieldsProps) {
  return (
    <div className="mt-3 flex flex-col gap-3 border-l-2 border-line pl-3">
      <TextField
        label="Name of the worktree"
        value={choice.name}
        onChange={(name) => onChoose({ ...choice, name })}
        required
        maxLength={100}
        placeholder="fix-login"
      />
      <TextField
        label="Branch"
        value={choice.branch}
        onChange={(branch) => onChoose({ ...choice, branch })}
        maxLength={200}
        placeholder="fix-login"
        hint="Empty: a new branch with the name of the worktree."
      />
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={choice.isNewBranch}
          onChange={(event) => onChoose({ ...choice, isNewBranch: event.target.checked })}
        />
        Make this branch
      </label>
    </div>
  )
}

const textOf = (choice: WorktreeChoice): string =>
  choice.kind === 'existing' ? `at:${choice.path}` : choice.kind

function choiceOf(value: string): WorktreeChoice {
  if (value === 'new') return { kind: 'new', name: '', branch: '', isNewBranch: true }
  return value.startsWith('at:') ? { kind: 'existing', path: value.slice(3) } : noWorktree
}

const nameOf = ({ path, branch, sha, detached }: GitWorktree): string =>
  `${baseName(path)} (${detached ? sha.slice(0, 7) : branch})`
