import type { Known, PlatformBot } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { GrantRow, InstanceKey } from '../../store/port.js'
import type { OpenBot, RelayDeps } from '../deps.js'
import type { Arrival, Candidate, GateFacts, Meant, RouteFacts } from './facts.js'
import { inTime } from './in-time.js'

/** How long the platform may think about who sees a chat. */
const askMs = 2_000
/** Owners of one instance who are asked for; who has more needs one of the first. */
const maxOwners = 16

export async function loadRouteFacts(
  deps: RelayDeps,
  { row }: OpenBot,
  arrival: Arrival,
  meant?: Meant,
): Promise<RouteFacts> {
  const { platform } = row
  const isDirect = arrival.chat.type === 'dm'
  const [tenants, bindings, grant, route] = await Promise.all([
    tenantsOf(deps, row),
    deps.store.links.ofPerson({ platform, userId: arrival.author.id }),
    isDirect ? undefined : grantOf(deps, platform, arrival),
    routeOf(deps, platform, arrival),
  ])
  return {
    isDirect,
    tenants,
    bindings,
    ...(grant && { grant }),
    ...(route && { route }),
    ...(meant && { meant }),
  }
}

/** Those that have provisioned it, and that it is for. */
async function tenantsOf(
  { store }: RelayDeps,
  row: BotIdentity & { tenants: readonly string[] | null },
): Promise<ReadonlySet<string>> {
  const provisioned = await store.bots.listTenants(row)
  return new Set(provisioned.filter((tenant) => row.tenants?.includes(tenant) ?? true))
}

/** Of the chat itself, or else of the chat that a thread belongs to. A chat outside of any scope is claimed as its own scope. */
async function grantOf(
  { store }: RelayDeps,
  platform: string,
  { chat }: Arrival,
): Promise<GrantRow | undefined> {
  const chatIds = [chat.id, chat.parentId].filter((chatId) => chatId !== null)
  const grants = await Promise.all(
    chatIds.map((chatId) => store.routing.granted({ platform, scopeId: chat.scopeId ?? chatId, chatId })),
  )
  return grants.find((grant) => grant !== undefined)
}

async function routeOf(
  { store }: RelayDeps,
  platform: string,
  { chat }: Arrival,
): Promise<RouteFacts['route']> {
  const keys = [chat.id, chat.parentId, chat.scopeId].filter((key) => key !== null)
  const owners = await store.routing.ownersOf(platform, keys)
  const tenant = keys
    .map((key) => owners.find((owner) => owner.key === key))
    .find((owner) => owner !== undefined)?.tenant
  if (tenant === undefined) return undefined
  const isLinked = await store.links.has(tenant, platform)
  // Who is linked is found by the author: then nobody asks for all the instances there are.
  return { tenant, isLinked, instances: isLinked ? [] : await store.instances.list({ tenant }) }
}

/** All but `visible`, which is for the platform to say. */
export async function loadGateFacts(
  { store }: RelayDeps,
  platform: string,
  arrival: Arrival,
  { key, way }: Candidate,
): Promise<Omit<GateFacts, 'visible'>> {
  const isOwn = way === 'owner' || way === 'dm'
  const [principals, relevance] = isOwn
    ? []
    : await Promise.all([store.routing.principals(key, platform), store.routing.relevance(key, platform)])
  const { chat, author, addressesBot } = arrival
  return { chat, author, addressesBot, way, principals, relevance }
}

/** Whether a user may view the chat now. What the platform can't say in time is unknown. */
export async function askView(
  { ground }: RelayDeps,
  bot: PlatformBot,
  userId: string,
  { chat }: Arrival,
): Promise<Known> {
  const place = { chatId: chat.id, scopeId: chat.scopeId }
  // A failure's own words stay with the driver: they may hold what nobody should read.
  return await inTime(ground.clock, askMs, () => bot.canView(userId, place)).catch(() => 'unknown')
}

/** An owner of the instance who may view the chat now. */
export async function findViewer(
  deps: RelayDeps,
  { row, bot }: OpenBot,
  key: InstanceKey,
  arrival: Arrival,
): Promise<string | undefined> {
  const owners = (await deps.store.links.ofInstance(key, row.platform)).slice(0, maxOwners)
  const known = await Promise.all(owners.map(({ userId }) => askView(deps, bot, userId, arrival)))
  return owners.find((_, index) => known[index] === 'yes')?.userId
}
