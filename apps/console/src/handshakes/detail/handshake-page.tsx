import { Tabs } from '@base-ui/react/tabs'
import { useParams } from '@tanstack/react-router'
import { Problem } from '../../api/problem.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Audit } from './audit.js'
import { BackLink } from './back-link.js'
import { HandshakeHeader } from './handshake-header.js'
import { LiveView } from './live-view.js'
import { useHandshake } from './use-handshake.js'

const tab =
  '-mb-px border-b-2 border-transparent px-1 py-2.5 text-sm font-medium text-soft hover:text-ink data-active:border-accent data-active:text-ink'

/** One handshake: its head, its fields and events as they happen, its audit trail. */
export function HandshakePage() {
  const { id } = useParams({ from: '/shell/handshakes/$id' })
  const handshake = useHandshake(id)

  if (handshake.error instanceof Problem && handshake.error.status === 404) return <Unknown />
  if (!handshake.data)
    return handshake.error ? (
      <ProblemNotice error={handshake.error} retry={() => void handshake.refetch()} />
    ) : (
      <Loading rows={5} />
    )
  return (
    <>
      <HandshakeHeader handshake={handshake.data} />
      {handshake.error && (
        <div className="mb-4">
          <ProblemNotice error={handshake.error} retry={() => void handshake.refetch()} />
        </div>
      )}
      <Tabs.Root defaultValue="live">
        <Tabs.List className="mb-5 flex gap-5 border-b border-line">
          <Tabs.Tab value="live" className={tab}>
            Fields and events
          </Tabs.Tab>
          <Tabs.Tab value="audit" className={tab}>
            Audit
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="live" keepMounted>
          <LiveView key={id} handshake={handshake.data} />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <Audit id={id} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  )
}

function Unknown() {
  return (
    <>
      <BackLink />
      <EmptyState title="No such handshake.">It was removed, or it is not yours to see.</EmptyState>
    </>
  )
}
