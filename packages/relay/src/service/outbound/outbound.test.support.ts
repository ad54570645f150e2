import type { Op } from '@parley/kernel/db'
import { type Ground, openGround } from '@parley/kernel/ground'
import type { Clock } from '@parley/kernel/ids'
import { onTestFinished } from 'vitest'
import type { BotIdentity, OutboundAction, OutboundResult } from '../../protocol/index.js'
import type { BotRow, ConversationRow, InstanceKey, ReceiptRow } from '../../store/port.js'
import type { Bots, GatewayLink, Media, OpenBot, RelayDeps } from '../deps.js'
import { type FakeBot, type FakeBotOptions, fakeBot } from '../fake-bot.test.support.js'
import { newInstance } from '../new-instance.js'
import { openDeps } from '../rooms.test.support.js'
import { createVault } from '../vault/vault.js'
import { createOutbound, type OutboundService } from './outbound.js'

/** An instance's tenant is the first letter of its name. */
export const instance = (name: string): InstanceKey => ({ tenant: name[0]!, instanceId: name })

export type TestOutbound = {
  deps: RelayDeps & { faults: unknown[] }
  /** The first of the bots. */
  bot: FakeBot
  outbound: OutboundService
  vault: ReturnType<typeof createVault>
  /** An action of an instance's gateway, on a link of its own. */
  ask(name: string, action: unknown, more?: Asking): Promise<OutboundResult>
  link(name: string, advertised?: readonly BotIdentity[]): GatewayLink
  /** Makes an instance one that got messages of a chat. */
  heard(name: string, chatId: string, more?: Partial<ConversationRow>): Promise<void>
  commit(...ops: Op[]): Promise<void>
  /** In the order in which they were asked for. */
  receipts(): Promise<ReceiptRow[]>
  /** Another connector on the same data, as after a crash: the one before is left as it is. */
  again(bots?: readonly FakeBot[]): Promise<TestOutbound>
}
export type Asking = {
  link?: GatewayLink
  requestId?: string
  target?: { platform?: string; botId?: string }
}

export type OutboundTestOptions = {
  ground?: Ground
  clock?: Clock
  bot?: FakeBotOptions
  bots?: readonly FakeBot[]
  media?: Pick<Media, 'fetchSource'>
  openActions?: number
}

/** The way out, for gateways `gw-a1`, `gw-a2` and `gw-b1` of three instances. Every one of them has heard of chat `c-<name>`. */
export async function openOutbound(options: OutboundTestOptions = {}): Promise<TestOutbound> {
  const ground = options.ground ?? (await openGround(options.clock && { clock: options.clock }))
  if (!options.ground) onTestFinished(() => ground.close())
  const limits = options.openActions === undefined ? {} : { limits: { openActions: options.openActions } }
  const deps = await openDeps(ground, limits)
  const bots = options.bots ?? [fakeBot(options.bot)]
  const test = opened(deps, bots, options)
  if (!(await deps.store.gateways.find('gw-a1'))) await fill(test)
  return test
}

function opened(
  deps: TestOutbound['deps'],
  bots: readonly FakeBot[],
  options: OutboundTestOptions,
): TestOutbound {
  const { ground, store } = deps
  const vault = createVault(deps)
  const media = { ...noMedia, ...options.media }
  const outbound = createOutbound(deps, { bots: botsOf(bots), vault, media })
  const [bot] = bots
  if (!bot) throw new Error('a bot is needed')
  let requests = 0
  const commit = async (...ops: Op[]) => {
    const { outcome } = await ground.log.commit({ ops, appends: [] })
    if (outcome !== 'committed') throw new Error(`the unit was ${outcome}`)
  }
  const link = (name: string, advertised = bots.map(({ identity }) => identity)): GatewayLink => ({
    id: `link-${name}-${++requests}`,
    gateway: { ...instance(name), gatewayId: `gw-${name}` },
    advertised,
    isOpen: true,
    isCongested: false,
    send: () => undefined,
    drained: async () => undefined,
    close: () => undefined,
  })
  return {
    deps,
    bot,
    outbound,
    vault,
    link,
    commit,
    ask: (name, action, more = {}) => {
      const { requestId = `r${++requests}`, target = {} } = more
      return outbound.perform(more.link ?? link(name), { requestId, action, target })
    },
    heard: (name, chatId, more) => commit(...store.routing.remember(conversation(bot, name, chatId, more))),
    receipts: async () => (await store.receipts.list({ limit: 500 })).toSorted(byRequest),
    again: (others = bots) => openOutbound({ ...options, ground, bots: others }),
  }
}

async function fill({ deps, bot, commit, heard }: TestOutbound): Promise<void> {
  const { gateways, instances } = deps.store
  for (const name of ['a1', 'a2', 'b1']) {
    const key = instance(name)
    await commit(
      instances.insert({ ...newInstance(key, `relay-inbox:${name}`, 0), displayName: `Agent ${name}` }),
      gateways.insert({
        ...key,
        gatewayId: `gw-${name}`,
        secrets: [],
        createdAt: 0,
        revokedAt: null,
        lastSeenAt: null,
      }),
    )
    bot.chats.set(`c-${name}`, { scopeId: `s-${name[0]}` })
    await heard(name, `c-${name}`)
  }
}

// Ids of one millisecond have no order.
const byRequest = (x: ReceiptRow, y: ReceiptRow): number =>
  x.createdAt - y.createdAt || Number(x.requestId.slice(1)) - Number(y.requestId.slice(1))

const conversation = (
  { identity }: FakeBot,
  name: string,
  chatId: string,
  more: Partial<ConversationRow> = {},
): ConversationRow => ({
  ...instance(name),
  ...identity,
  chatId,
  userId: `u-${name}`,
  chatType: 'group',
  chatName: null,
  scopeId: null,
  threadId: null,
  sessionKey: `session ${name} ${chatId}`,
  lastSeenAt: 0,
  ...more,
})

function botsOf(bots: readonly FakeBot[]): Pick<Bots, 'get'> {
  const all = bots.map((bot): OpenBot => ({ row: rowOf(bot), bot, health: () => ({ state: 'well' }) }))
  return {
    get: ({ platform, botId }) => all.find(({ row }) => row.platform === platform && row.botId === botId),
  }
}

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

const noMedia: Pick<Media, 'fetchSource'> = {
  fetchSource: async () => ({ bytes: new Uint8Array([1, 2, 3]), mime: 'image/png', filename: 'log.png' }),
}

/** One good action of each op, in a chat. */
export const actionsIn = (chatId: string): OutboundAction[] => [
  { op: 'send', chat_id: chatId, content: 'hello', reply_to: null, metadata: {} },
  { op: 'edit', chat_id: chatId, message_id: 'm1', content: 'better', metadata: {} },
  { op: 'typing', chat_id: chatId, metadata: {} },
  { op: 'get_chat_info', chat_id: chatId },
  {
    op: 'send_media',
    chat_id: chatId,
    media_kind: 'image',
    source_url: 'https://files.test/log.png',
    content: 'the log',
    metadata: {},
  },
  {
    op: 'prompt',
    chat_id: chatId,
    prompt_kind: 'approval',
    prompt_id: 'a1b2c3.0f3e9d77',
    content: 'Run it?',
    options: [
      { id: 'once', label: 'Approve once', style: 'success' },
      { id: 'deny', label: 'Deny', style: 'danger' },
    ],
    timeout_s: 3_600,
    metadata: {},
  },
  { op: 'react', chat_id: chatId, message_id: 'm1', emoji: '👀', remove: false, metadata: {} },
  { op: 'thread_create', chat_id: chatId, thread_name: '  a \n  plan ', metadata: {} },
  { op: 'delete', chat_id: chatId, message_id: 'm1', metadata: {} },
]

export const aSend = (chatId: string, content = 'hello') => ({ op: 'send', chat_id: chatId, content })

/** An answer that is given when the test says so. */
export function later<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
