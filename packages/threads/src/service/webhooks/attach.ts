// Puts deliveries into the unit of the events that cause them.
import type { Op } from '@parley/kernel/db'
import type { Outbox } from '@parley/kernel/delivery'
import type { Ids } from '@parley/kernel/ids'
import type { Append, Draft, Unit } from '@parley/kernel/log'
import type { TenantMap } from '../../store/port.js'
import type { WebhookRow, WebhookStore } from '../../store/webhooks/port.js'
import { enqueueOps } from './enqueue.js'
import { seesThread, wantsType } from './interest.js'
import type { WebhookRegistry } from './registry.js'

type AttachDeps = {
  ids: Ids
  store: WebhookStore
  outbox: Outbox
  registry: WebhookRegistry
  maxAgeMs: number
}

type WithId = Draft & { id: string }

/**
 * The unit with a delivery for each of its events and each endpoint that gets it. WHY: what is asked first is one row, the
 * version of the endpoints and the tenant of the thread: an endpoint that was there when the commit began is served,
 * whatever this node remembers.
 */
export async function attachDeliveries(deps: AttachDeps, unit: Unit): Promise<Unit> {
  const threadIds = new Set(unit.appends.flatMap(({ stream }) => threadOf(stream) ?? []))
  if (threadIds.size === 0) return unit
  const looks = await Promise.all([...threadIds].map(async (id) => ({ id, ...(await deps.store.look(id)) })))
  const endpoints = await deps.registry.at(Math.max(...looks.map(({ version }) => version)))
  if (endpoints.length === 0) return unit

  const tenants = new Map(looks.map(({ id, tenant }) => [id, tenant]))
  const ops: Op[] = []
  const appends = unit.appends.map((append): Append => {
    const threadId = threadOf(append.stream)
    if (threadId === undefined) return append
    const drafts = append.drafts.map((draft): WithId => ({ ...draft, id: draft.id ?? deps.ids.next('evt') }))
    for (const draft of drafts) {
      const tenant = tenantAfter(draft, tenants.get(threadId))
      tenants.set(threadId, tenant)
      if (tenant) ops.push(...opsOf(deps, endpoints, { threadId, tenant, draft }))
    }
    return { ...append, drafts }
  })
  return ops.length === 0 ? unit : { ops: [...unit.ops, ...ops], appends }
}

type Happening = { threadId: string; tenant: TenantMap; draft: WithId }

function opsOf(
  { outbox, maxAgeMs }: AttachDeps,
  endpoints: readonly WebhookRow[],
  { threadId, tenant, draft: { id, type } }: Happening,
): Op[] {
  const those = endpoints.filter((one) => wantsType(one, type) && seesThread(one, threadId, tenant))
  return those.flatMap((endpoint) =>
    enqueueOps(
      outbox,
      { endpoint_id: endpoint.id, thread_id: threadId, event_id: id, event_type: type },
      maxAgeMs,
    ),
  )
}

const threadOf = (stream: string): string | undefined =>
  stream.startsWith('thread:') ? stream.slice('thread:'.length) : undefined

/** The thread's tenant once an event has happened. Two kinds of event say it themselves: no row has it yet. */
function tenantAfter({ type, body }: Draft, before: TenantMap | undefined): TenantMap | undefined {
  // The casts: the plane itself made these bodies.
  if (type === 'thread.created') return (body as { thread: { tenant: TenantMap } }).thread.tenant
  if (type === 'thread.tenant_changed') return (body as { to: TenantMap }).to
  return before
}
