import type { TimelineItem } from '@parley/sessions/client'
import type { AskedPermission } from '@parley/sessions/protocol'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'

/** Who answered the questions of a session: read again whenever one more was answered. */
export function useDecisions(
  id: string,
  timeline: readonly TimelineItem[],
): ReadonlyMap<string, AskedPermission> {
  const settled = useMemo(
    () => timeline.filter((item) => item.kind === 'permission' && item.state !== 'open').length,
    [timeline],
  )
  const { data } = useQuery({
    queryKey: ['sessions', 'decisions', id, settled],
    queryFn: () => told(sessionsClient().fetchPermissions(id)),
    enabled: settled > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return useMemo(() => new Map(data?.map((one) => [one.requestId, one])), [data])
}
