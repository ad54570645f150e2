import type { LiveSession, SessionSnapshot } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { useState } from 'react'
import { useTitle } from '../../ui/page-header.js'
import { titleOf } from '../model/session-list.js'
import { Dock } from './compose/dock.js'
import { EndNotice } from './end-notice.js'
import { Panel } from './panel/panel.js'
import { type Pane, PaneTabs, panesOf } from './panel/panes.js'
import { DecisionsProvider, LiveProvider, TerminalsProvider } from './session-context.js'
import { SessionHeader } from './session-header.js'
import { Timeline } from './timeline/timeline.js'
import { useDecisions } from './use-decisions.js'

type SessionViewProps = { live: LiveSession; state: SessionSnapshot; session: Session }

/** The conversation with the agent, and beside it what the agent works on. */
export function SessionView({ live, state, session }: SessionViewProps) {
  const [pane, setPane] = useState<Pane>('talk')
  const [hasPanel, setHasPanel] = useState(true)
  const decisions = useDecisions(live.id, state.timeline)
  const title = state.title?.trim() || titleOf(session)
  useTitle(title)
  const isEnded = state.status === 'ended'
  const panes = panesOf({ isEnded, hasTerminals: state.terminals.length > 0 })
  const shown = panes.includes(pane) ? pane : 'talk'
  return (
    <LiveProvider value={live}>
      <TerminalsProvider value={state.terminals}>
        <DecisionsProvider value={decisions}>
          <div className="session" data-pane={shown} data-panel={hasPanel} data-status={state.status}>
            <SessionHeader
              state={state}
              session={session}
              title={title}
              hasPanel={hasPanel}
              onPanel={() => setHasPanel(!hasPanel)}
            />
            <div className="session-tabs lg:hidden">
              <PaneTabs panes={panes} chosen={shown} onChoose={setPane} label="Parts of this session" />
            </div>
            <div className="session-main">
              <section aria-label="Conversation" className="session-talk card">
                <Timeline state={state} />
                {isEnded ? <EndNotice ended={state.ended ?? {}} /> : <Dock state={state} />}
              </section>
              <aside aria-label="Workspace" className="session-side card">
                <Panel state={state} session={session} panes={panes} pane={shown} onPane={setPane} />
              </aside>
            </div>
          </div>
        </DecisionsProvider>
      </TerminalsProvider>
    </LiveProvider>
  )
}
