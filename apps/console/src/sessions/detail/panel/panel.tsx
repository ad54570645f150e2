import type { SessionSnapshot } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { lazy, Suspense, useState } from 'react'
import { Loading } from '../../../ui/loading.js'
import { FilesPane } from './files/files-pane.js'
import { GitPane } from './git/git-pane.js'
import { InfoPane } from './info-pane.js'
import { type Pane, PaneTabs } from './panes.js'
import { useFreshWorkspace } from './use-workspace.js'

// Terminals bring their emulator along.
const TerminalsPane = lazy(() => import('./terminals/terminals-pane.js'))

type PanelProps = {
  state: SessionSnapshot
  session: Session
  panes: readonly Pane[]
  /** `talk` where the conversation has the whole screen: beside it stands the first of the others. */
  pane: Pane
  onPane: (pane: Pane) => void
}

/** What the agent works on. */
export function Panel({ state, session, panes, pane, onPane }: PanelProps) {
  useFreshWorkspace(session.id, state)
  const beside = panes.filter((one) => one !== 'talk')
  const shown = pane === 'talk' ? beside[0]! : pane
  const [file, setFile] = useState<string | undefined>(undefined)
  const openFile = (path: string) => {
    setFile(path)
    onPane('files')
  }
  return (
    <>
      <div className="max-lg:hidden">
        <PaneTabs panes={beside} chosen={shown} onChoose={onPane} label="Workspace" />
      </div>
      <div role="tabpanel" aria-label={shown} className="pane" data-testid={`pane-${shown}`}>
        {shown === 'files' && <FilesPane session={session} file={file} onFile={setFile} />}
        {shown === 'git' && <GitPane session={session} onFile={openFile} />}
        {shown === 'terminals' && (
          <Suspense fallback={<Loading rows={3} />}>
            <TerminalsPane session={session} isEnded={state.status === 'ended'} />
          </Suspense>
        )}
        {shown === 'info' && <InfoPane state={state} session={session} />}
      </div>
    </>
  )
}
