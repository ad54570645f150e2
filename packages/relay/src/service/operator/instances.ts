import type { Micros } from '@parley/kernel/ids'
import { toIsoTime } from '@parley/kernel/wire'
import type { BotIdentity } from '../../protocol/index.js'
import type { BufferDepth, InstanceKey, InstanceRow } from '../../store/port.js'
import type { InstanceView, RelayOperator, TenantView, Within } from '../port.js'
import { countBy, groupBy } from './groups.js'
import type { Work } from './parts.js'
import { seenBy, timeOrNull } from './within.js'

export function instanceOperations(work: Work): Pick<RelayOperator, 'listInstances' | 'listTenants'> {
  return {
    listInstances: (within) => listInstances(work, within),
    listTenants: (within) => listTenants(work, within),
  }
}

/** An instance's name in this process. */
export const nameOf = ({ tenant, instanceId }: InstanceKey): string => JSON.stringify([tenant, instanceId])

/** Takes events now: one whose node has not said so in time does not. */
export const isLive = ({ state, liveUntil }: InstanceRow, now: Micros): boolean =>
  state === 'live' && liveUntil !== null && liveUntil > now

async function read({ store }: Work, within: Within) {
  const seen = seenBy(within)
  const [instances, depths, links, fronts, gateways] = await Promise.all([
    store.instances.list(seen),
    store.entries.depths(seen),
    store.links.list(seen),
    store.bots.listFronts(seen),
    store.gateways.list(seen),
  ])
  return { instances, depths, links, fronts, gateways }
}

const noDepth: BufferDepth = { entries: 0, bytes: 0, oldestAt: null }
const toBot = ({ platform, botId }: BotIdentity): BotIdentity => ({ platform, botId })

async function listInstances(work: Work, within: Within): Promise<InstanceView[]> {
  const { instances, depths, links, fronts } = await read(work, within)
  const now = work.ground.clock.micros()
  const depthOf = new Map(depths.map((depth) => [nameOf(depth), depth]))
  const owners = countBy(links, nameOf)
  const botsOf = groupBy(fronts, ({ tenant }) => tenant)
  return instances.map((row) => {
    const { entries, bytes, oldestAt } = depthOf.get(nameOf(row)) ?? noDepth
    const live = isLive(row, now)
    return {
      tenant: row.tenant,
      instanceId: row.instanceId,
      displayName: row.displayName,
      wakeUrl: row.wakeUrl,
      state: live ? 'live' : 'idle',
      node: live ? row.node : null,
      bots: (botsOf.get(row.tenant) ?? []).map(toBot),
      owners: owners.get(nameOf(row)) ?? 0,
      buffer: { entries, bytes, oldestAt: timeOrNull(oldestAt), dropped: row.dropped },
      pokedAt: timeOrNull(row.pokedAt),
      createdAt: toIsoTime(row.createdAt),
    }
  })
}

async function listTenants(work: Work, within: Within): Promise<TenantView[]> {
  const { instances, depths, links, fronts, gateways } = await read(work, within)
  const tenantOf = ({ tenant }: { tenant: string }) => tenant
  const known = [instances, links, fronts, gateways].flatMap((rows) => rows.map(tenantOf))
  const counts = {
    instances: countBy(instances, tenantOf),
    gateways: countBy(
      gateways.filter(({ revokedAt }) => revokedAt === null),
      tenantOf,
    ),
    links: countBy(links, tenantOf),
  }
  const pending = new Map<string, number>()
  for (const { tenant, entries } of depths) pending.set(tenant, (pending.get(tenant) ?? 0) + entries)
  const botsOf = groupBy(fronts, tenantOf)
  return [...new Set(known)].sort().map((tenant) => ({
    tenant,
    instances: counts.instances.get(tenant) ?? 0,
    gateways: counts.gateways.get(tenant) ?? 0,
    links: counts.links.get(tenant) ?? 0,
    pending: pending.get(tenant) ?? 0,
    bots: (botsOf.get(tenant) ?? []).map(toBot),
  }))
}
