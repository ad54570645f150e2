import type { SessionSnapshot } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { Link } from '@tanstack/react-router'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { BackIcon, PanelIcon } from '../../ui/icons.js'
import { told } from '../client/problems.js'
import { SessionBadge } from './session-badge.js'
import { useLive } from './session-context.js'

type SessionHeaderProps = {
  state: SessionSnapshot
  session: Session
  title: string
  hasPanel: boolean
  onPanel: () => void
}

/** What the session is called, how it stands, and the way out of it. */
export function SessionHeader({ state, session, title, hasPanel, onPanel }: SessionHeaderProps) {
  const live = useLive()
  const { agentName, cwd } = session
  return (
    <header className="session-header">
      <Link to="/sessions" className="btn btn-quiet btn-icon -ml-2 shrink-0" aria-label="All sessions">
        <BackIcon />
      </Link>
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2.5">
          <h1 className="min-w-0 truncate text-base" title={title}>
            {title}
          </h1>
          <SessionBadge state={state} />
        </div>
        <p className="hint flex min-w-0 gap-x-2">
          <span className="shrink-0">{agentName}</span>
          {cwd && (
            <span className="path-end min-w-0 font-mono text-xs leading-5" title={cwd}>
              <bdi>{cwd}</bdi>
            </span>
          )}
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-1.5">
        {state.status !== 'ended' && (
          <ConfirmButton
            label="End"
            name="End this session"
            className="btn btn-quiet px-2.5"
            title="End this session?"
            lead="Its agent is ended, with everything it started. What was said stays readable."
            confirm="End session"
            act={() => told(live.terminate())}
          />
        )}
        <button
          type="button"
          className="btn btn-quiet btn-icon max-lg:hidden"
          aria-label="Workspace panel"
          aria-pressed={hasPanel}
          onClick={onPanel}
        >
          <PanelIcon />
        </button>
      </div>
    </header>
  )
}
