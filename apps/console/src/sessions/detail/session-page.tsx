import type { LiveSession } from '@parley/sessions/client'
import { useParams } from '@tanstack/react-router'
import { BackLink } from '../../ui/back-link.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { asProblem } from '../client/problems.js'
import { SessionView } from './session-view.js'
import { useLiveSession, useSnapshot } from './use-live-session.js'
import '../../styles/sessions/index.css'

/** One session: what its agent does, and what one can tell it. */
export function SessionPage() {
  const { id } = useParams({ from: '/shell/sessions/$id' })
  const live = useLiveSession(id)
  return live ? <Opened key={id} live={live} /> : <Loading rows={5} />
}

function Opened({ live }: { live: LiveSession }) {
  const state = useSnapshot(live)
  const { session, status, error } = state
  if (status === 'gone') return <Unknown />
  if (session) return <SessionView live={live} state={state} session={session} />
  if (status === 'refused')
    return (
      <>
        <BackLink to="/sessions">Sessions</BackLink>
        <ProblemNotice error={asProblem(error)} />
      </>
    )
  return <Loading rows={5} />
}

function Unknown() {
  return (
    <>
      <BackLink to="/sessions">Sessions</BackLink>
      <EmptyState title="No such session.">It was never there, or it is not yours to see.</EmptyState>
    </>
  )
}
