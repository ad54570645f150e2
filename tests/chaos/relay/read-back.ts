import type { Ground } from '@parley/kernel/ground'
import type { StreamId } from '@parley/kernel/ids'
import type { StoredEvent } from '@parley/kernel/log'
import { type BotIdentity, sqlRelayStore } from '@parley/relay'
import { bots } from './cast.js'
import type { Receipt, Shown, TakenIn } from './evidence.js'

const pageItems = 500

/** Reads streams as they grow: what is trimmed meanwhile was read before. */
class StreamReader {
  readonly #ground: Ground
  readonly #stream: StreamId
  readonly events: StoredEvent[] = []

  constructor(ground: Ground, stream: StreamId) {
    this.#ground = ground
    this.#stream = stream
  }

  async catchUp(): Promise<void> {
    for (;;) {
      const after = this.events.at(-1)?.seq ?? 0
      const { events } = await this.#ground.log.read(this.#stream, { after, limit: pageItems })
      this.events.push(...events)
      if (events.length < pageItems) return
    }
  }
}

const nameOf = ({ platform, botId }: BotIdentity): string => `${platform}/${botId}`

/** What a bot took in, and what its platform has. */
export const streamsOf = (ground: Ground) =>
  bots.map((bot) => ({
    ...bot,
    takenIn: new StreamReader(ground, `relay-bot:${nameOf(bot)}`),
    world: new StreamReader(ground, `relay-sim:${nameOf(bot)}`),
  }))

type Streams = ReturnType<typeof streamsOf>

type ReceivedBody = {
  chatId: string
  messageId: string
  userId: string
  outcomes: { instanceId: string; isDelivered: boolean }[]
}

/** Everything that connectors took in, bot by bot in order. */
export const takenInOf = (streams: Streams): TakenIn[] =>
  streams.flatMap(({ platform, takenIn }) =>
    takenIn.events
      .filter(({ type }) => type === 'relay.received')
      .map(({ body }) => {
        // The cast: the plane wrote it.
        const { chatId, messageId, outcomes } = JSON.parse(body) as ReceivedBody
        const deliveredTo = outcomes.filter((one) => one.isDelivered).map(({ instanceId }) => instanceId)
        return { platform, chatId, messageId, deliveredTo }
      }),
  )

type PostedBody = { message: { id: string; chatId: string; userId: string | null; text: string } }

/** Everything that the bots said, as their platforms have it. */
export const shownOf = (streams: Streams): Shown[] =>
  streams.flatMap(({ platform, world }) =>
    world.events
      .filter(({ type }) => type === 'sim.message.posted')
      .flatMap(({ seq: place, body }) => {
        // The cast: the simulator wrote it.
        const { id: messageId, chatId, userId, text } = (JSON.parse(body) as PostedBody).message
        return userId === null ? [{ platform, chatId, messageId, text, place }] : []
      }),
  )

/** Every receipt there is. */
export async function readReceipts(ground: Ground): Promise<Receipt[]> {
  const { receipts } = sqlRelayStore(ground.db)
  const all: Receipt[] = []
  for (let before: { id: string; createdAt: number } | undefined; ; ) {
    const page = await receipts.list({ limit: pageItems, ...(before && { before }) })
    for (const { id, state, instanceId, action, chatId, messageId, error } of page) {
      // The cast: the plane wrote it.
      const { content } = JSON.parse(action) as { content: string }
      all.push({ id, state, instanceId, text: content, chatId, messageId, error })
    }
    if (page.length < pageItems) return all
    before = page.at(-1)
  }
}

type Tables = { relay_entries: { buffer_id: string } }

/** What the database says of what is under way. */
export function tablesOf({ db }: Ground) {
  const { instances, entries, receipts } = sqlRelayStore(db)
  return {
    /** Ids of all entries that wait to be acknowledged. */
    bufferIds: async () => {
      const rows = await db.tables<Tables>().selectFrom('relay_entries').select('buffer_id').execute()
      return new Set(rows.map(({ buffer_id }) => buffer_id))
    },
    pending: async () => new Map((await entries.depths({})).map((one) => [one.instanceId, one.entries])),
    places: async () =>
      (await instances.list({})).map(({ instanceId, state, node, epoch, ackedAt }) => ({
        instanceId,
        state,
        node,
        epoch,
        ackedAt,
      })),
    dropped: async () => new Map((await instances.list({})).map((one) => [one.instanceId, one.dropped])),
    queued: async () => (await receipts.listQueued(null)).length,
  }
}
