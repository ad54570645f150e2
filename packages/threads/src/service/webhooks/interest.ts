// Which events an endpoint gets.
import { tenantMatches } from '../../protocol/index.js'
import type { TenantMap } from '../../store/port.js'
import type { WebhookRow } from '../../store/webhooks/port.js'

/** Every type. */
export const allTypes = '*'

type Interest = Pick<WebhookRow, 'tenant' | 'threadId' | 'eventTypes'>

export const wantsType = ({ eventTypes }: Interest, type: string): boolean =>
  eventTypes.includes(allTypes) || eventTypes.includes(type)

/** True when the endpoint gets events of a thread with this tenant. */
export function seesThread(endpoint: Interest, threadId: string, threadTenant: TenantMap): boolean {
  const { tenant, threadId: only } = endpoint
  if (only !== null && only !== threadId) return false
  return tenant === null || tenantMatches(threadTenant, tenant)
}
