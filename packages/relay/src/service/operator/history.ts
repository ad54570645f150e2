import type { StreamId } from '@parley/kernel/ids'
import type { Log, StoredEvent } from '@parley/kernel/log'
import { toIsoTime } from '@parley/kernel/wire'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import { changesStream } from '../changes.js'
import { botStream, type Received } from '../inbound/received.js'
import type { ChangeView, DecisionView, RelayOperator, Within } from '../port.js'
import { isAlone, isUsable } from './bots.js'
import type { Work } from './parts.js'
import { isSeen, readLimit, seenBy } from './within.js'

const newest = { usual: 100, most: 500 }
/** Events that are read together, and how many of one stream are looked through for those that may be seen. */
const [atOnce, mostRead] = [500, 10_000]

export function historyOperations(
  work: Work,
): Pick<RelayOperator, 'listDecisions' | 'listChanges' | 'listConversations'> {
  const { store, ground } = work
  return {
    listDecisions: async (within, { limit }) => {
      const most = readLimit(limit, newest)
      const bots = (await store.bots.list()).filter((bot) => isUsable(within, bot))
      const all: DecisionView[] = []
      for (const bot of bots) {
        const toView = (event: StoredEvent) => toDecision(within, bot, event)
        all.push(...(await latest(ground.log, botStream(bot), most, toView)))
      }
      // The times have one width, so they sort as texts.
      return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, most)
    },

    listChanges: async (within, { limit }) =>
      await latest(ground.log, changesStream, readLimit(limit, newest), (event) => toChange(within, event)),

    listConversations: async (within, { limit }) => {
      const rows = await store.routing.listConversations({
        ...seenBy(within),
        limit: readLimit(limit, newest),
      })
      return rows.map((row) => ({
        platform: row.platform,
        botId: row.botId,
        tenant: row.tenant,
        instanceId: row.instanceId,
        chatId: row.chatId,
        chatType: row.chatType,
        chatName: row.chatName,
        userId: row.userId,
        lastSeenAt: toIsoTime(row.lastSeenAt),
      }))
    },
  }
}

/** The latest events of a stream that have a view, the latest first. */
async function latest<View>(
  log: Log,
  stream: StreamId,
  most: number,
  toView: (event: StoredEvent) => View | undefined,
): Promise<View[]> {
  const views: View[] = []
  let before: number | undefined
  for (let read = 0; read < mostRead && views.length < most; read += atOnce) {
    const events = await log.last(stream, { limit: atOnce, ...(before !== undefined && { before }) })
    views.push(...events.toReversed().flatMap((event) => toView(event) ?? []))
    if (events.length < atOnce) break
    before = events[0]!.seq
  }
  return views.slice(0, most)
}

type StoredReceived = Omit<Received, 'dedupe' | 'outcomes'> & Pick<DecisionView, 'outcomes'>

/** Undefined for what concerns only others. A message that concerned no instance is known to who has the bot alone. */
function toDecision(within: Within, bot: BotRow, event: StoredEvent): DecisionView | undefined {
  const body = bodyOf<StoredReceived>(event, 'relay.received')
  if (!body) return undefined
  const outcomes = body.outcomes.filter(({ tenant }) => isSeen(within, tenant))
  const isOthers = body.outcomes.length > 0 || !isAlone(within, bot)
  if (outcomes.length === 0 && isOthers) return undefined
  const { chatId, messageId, userId } = body
  const { platform, botId }: BotIdentity = bot
  return {
    platform,
    botId,
    at: toIsoTime(event.at),
    chatId,
    messageId,
    userId,
    outcomes,
    reason: reasonOf(within, body, outcomes),
  }
}

/** The reason of the whole tells what others got: with a tenant it is that of the tenant's own. */
function reasonOf({ tenant }: Within, body: StoredReceived, outcomes: DecisionView['outcomes']): string {
  if (tenant === undefined) return body.reason
  const own = outcomes.find(({ isDelivered }) => isDelivered) ?? outcomes[0]
  return own?.reason ?? body.reason
}

function toChange(within: Within, event: StoredEvent): ChangeView | undefined {
  const body = bodyOf<{ tenant: string | null } & Record<string, unknown>>(event)
  if (!body) return undefined
  const { tenant, ...detail } = body
  if (within.tenant !== undefined && tenant !== within.tenant) return undefined
  const { kind, id } = event.actor
  return { at: toIsoTime(event.at), type: event.type, tenant, by: `${kind}:${id}`, detail }
}

/** Undefined for other types, and for what was erased. The cast: nothing but the plane writes its streams. */
function bodyOf<Body>(event: StoredEvent, type = event.type): Body | undefined {
  return event.type === type ? ((JSON.parse(event.body) as Body | null) ?? undefined) : undefined
}
