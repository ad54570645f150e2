import type { ReactNode } from 'react'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import { PageHeader } from '../../ui/page-header.js'
import { useRelayLive } from '../live/use-relay-live.js'

/** Heading of a page of the relay, which is live while it is shown. */
export function LiveHeader({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  const connection = useRelayLive()
  return (
    <PageHeader title={title} lead={lead}>
      <div className="flex flex-wrap items-center gap-3">
        <ConnectionBadge connection={connection} />
        {children}
      </div>
    </PageHeader>
  )
}
