import { type Ground, openGround } from '@parley/kernel/ground'
import { onTestFinished } from 'vitest'
import type { MessageEvent, OutboundResult, PassthroughWire } from '../../protocol/index.js'
import type { BotRow, InstanceKey } from '../../store/port.js'
import { createBuffers } from '../buffers/index.js'
import type { Media, OpenBot, RelayDeps } from '../deps.js'
import { type FakeBot, type FakeBotOptions, fakeBot } from '../fake-bot.test.support.js'
import { createLinks, type Links } from '../links/index.js'
import { newInstance } from '../new-instance.js'
import { openDeps } from '../rooms.test.support.js'
import { createVault } from '../vault/vault.js'
import { createInbound, type Inbound, type InboundParts } from './index.js'
import { botStream } from './received.js'

export const instance = (name: string): InstanceKey => ({ tenant: name[0]!, instanceId: name })

export type Frame = { type: string; bufferId: string; event: MessageEvent; forward: PassthroughWire }
export type Decided = {
  reason: string
  outcomes: { tenant: string; instanceId: string; isDelivered: boolean; reason: string }[]
}

/** The way in on a ground, with a bot that is open. An instance's tenant is the first letter of its name. */
export type TestInbound = {
  deps: RelayDeps & { faults: unknown[] }
  bot: FakeBot
  open: OpenBot
  inbound: Inbound
  sink: ReturnType<Inbound['sinkOf']>
  links: Links
  said: { chatId: string; content: string }[]
  seen: { chatId: string; messageId: string }[]
  poked: InstanceKey[]
  stored: { to: Parameters<Media['store']>[1]; filename: string }[]
  /** Instances of tenants that front the bot. */
  add(...names: string[]): Promise<void>
  /** Makes somebody the owner of an instance. */
  bind(userId: string, name: string): Promise<void>
  remove(name: string): Promise<void>
  frames(name: string): Promise<Frame[]>
  events(name: string): Promise<MessageEvent[]>
  decisions(): Promise<Decided[]>
}

export type InboundTestOptions = {
  ground?: Ground
  bot?: FakeBotOptions
  row?: Partial<BotRow>
  parts?: Partial<InboundParts>
}

export async function openInbound(options: InboundTestOptions = {}): Promise<TestInbound> {
  const ground = options.ground ?? (await openGround())
  if (!options.ground) onTestFinished(() => ground.close())
  const deps = await openDeps(ground)
  const bot = fakeBot(options.bot)
  const open: OpenBot = { row: { ...rowOf(bot), ...options.row }, bot, health: () => ({ state: 'well' }) }
  const links = createLinks(deps)
  const poked: InstanceKey[] = []
  const kept = partsOf()
  const buffers = createBuffers(deps, { waker: { wake: (keys) => void poked.push(...keys) } })
  const parts: InboundParts = {
    bots: { get: () => open },
    buffers,
    vault: createVault(deps),
    links,
    ...kept.parts,
    ...options.parts,
  }
  const inbound = createInbound(deps, parts)
  const { store } = deps
  const commit = async (...ops: Parameters<typeof ground.log.commit>[0]['ops'][number][]) =>
    void (await ground.log.commit({ ops, appends: [] }))

  const frames = async (name: string): Promise<Frame[]> => {
    const row = await store.instances.find(instance(name))
    const { events } = await ground.log.read(row?.stream ?? streamOf(name), { after: 0 })
    return events.map(({ body }) => JSON.parse(body))
  }
  return {
    deps,
    bot,
    open,
    inbound,
    sink: inbound.sinkOf(bot.identity),
    links,
    poked,
    ...kept,
    add: async (...names) => {
      const at = ground.clock.micros()
      for (const name of names) {
        const key = instance(name)
        await commit(
          store.instances.insert(instanceRow(key, at)),
          store.bots.provision(key.tenant, bot.identity, at),
        )
      }
    },
    bind: async (userId, name) => {
      const person = { platform: bot.identity.platform, userId }
      await links.link(instance(name), person, { kind: 'system', id: 'test' })
    },
    remove: (name) => commit(...store.instances.remove(instance(name))),
    frames,
    events: async (name) => (await frames(name)).map(({ event }) => event),
    decisions: async () => {
      const { events } = await ground.log.read(botStream(bot.identity), { after: 0 })
      return events.map(({ body }) => JSON.parse(body))
    },
  }
}

function partsOf() {
  const said: TestInbound['said'] = []
  const seen: TestInbound['seen'] = []
  const stored: TestInbound['stored'] = []
  const parts: Pick<InboundParts, 'media' | 'outbound'> = {
    media: {
      store: async ({ filename, bytes }, to) => {
        stored.push({ to, filename })
        return { id: `media${stored.length}`, size: (bytes as Uint8Array).length }
      },
      urlOf: (id) => `https://relay.test/relay/media/${id}`,
    },
    outbound: {
      say: async (_bot, chatId, content): Promise<OutboundResult> => {
        said.push({ chatId, content })
        return { success: true }
      },
      seen: async (_bot, chatId, messageId) => void seen.push({ chatId, messageId }),
    },
  }
  return { said, seen, stored, parts }
}

const streamOf = (name: string) => `relay-inbox:${name}`

const rowOf = ({ identity }: FakeBot): BotRow => ({
  ...identity,
  driver: 'fake',
  label: 'Fake',
  username: null,
  settings: {},
  sealed: null,
  tenants: null,
  isEnabled: true,
  createdAt: 0,
})

const instanceRow = (key: InstanceKey, createdAt: number) =>
  newInstance(key, streamOf(key.instanceId), createdAt)
