// Rows for the cases, and a store opened anew for each of them.
import type { Op } from '@parley/kernel/db'
import type { Log, UnitResult } from '@parley/kernel/log'
import { afterEach, beforeEach } from 'vitest'
import type {
  BindingRow,
  BotRow,
  ConversationRow,
  EntryDraft,
  GatewayRow,
  InstanceKey,
  InstanceRow,
  PromptRow,
  ReceiptRow,
  RelayStore,
} from '../port.js'

/** A store on an empty ground with its tables; the suite closes it. `again` is another one on the same data. */
export type RelayStoreSubject = {
  open(): Promise<{ store: RelayStore; again: RelayStore; log: Log; close(): Promise<void> }>
}

/** What a case works with. `store` is another one in each case. */
export type Bench = {
  readonly store: RelayStore
  readonly again: RelayStore
  /** Commits the statements as one unit. */
  commit(...ops: (Op | Op[])[]): Promise<UnitResult>
  outcome(...ops: (Op | Op[])[]): Promise<UnitResult['outcome']>
  /** How many of the statements, each a unit of its own and all at once, were committed. */
  winners(ops: readonly Op[]): Promise<number>
}

export const second = 1_000_000
export const start = 1_767_225_600 * second
/** Text that databases and escapes handle in ways of their own. */
export const odd = 'Ñ 🙂 \u0000 \ud800 \\u0000 \\ \udc00'

export function bench(subject: RelayStoreSubject): Bench {
  let opened: Awaited<ReturnType<RelayStoreSubject['open']>>
  beforeEach(async () => {
    opened = await subject.open()
  })
  afterEach(() => opened.close())

  const commit = (...ops: (Op | Op[])[]) => opened.log.commit({ ops: ops.flat(), appends: [] })
  const outcome = async (...ops: (Op | Op[])[]) => (await commit(...ops)).outcome
  return {
    get store() {
      return opened.store
    },
    get again() {
      return opened.again
    },
    commit,
    outcome,
    winners: async (ops) => {
      const outcomes = await Promise.all(ops.map((op) => outcome(op)))
      return outcomes.filter((one) => one === 'committed').length
    },
  }
}

/** The instance that most cases are about: its names are odd. */
export const ours: InstanceKey = { tenant: `org ${odd}`, instanceId: `i ${odd}` }
/** Another one of the same tenant. */
export const sibling: InstanceKey = { ...ours, instanceId: 'sibling' }
/** One with the same id in another tenant. */
export const foreign: InstanceKey = { tenant: 'other', instanceId: ours.instanceId }
export const bot = { platform: 'telegram', botId: `7 ${odd}` }
export const otherBot = { platform: 'discord', botId: '8' }
export const person = { platform: 'telegram', userId: `u ${odd}` }

export const botOf = (over: Partial<BotRow> = {}): BotRow => ({
  ...bot,
  driver: 'sim',
  label: odd,
  username: null,
  settings: { text: odd },
  sealed: null,
  tenants: null,
  isEnabled: true,
  createdAt: start,
  ...over,
})

export const gatewayOf = (gatewayId: string, over: Partial<GatewayRow> = {}): GatewayRow => ({
  ...ours,
  gatewayId,
  secrets: [{ sealed: `sealed ${gatewayId}`, createdAt: start, validUntil: null }],
  createdAt: start,
  revokedAt: null,
  lastSeenAt: null,
  ...over,
})

export const instanceOf = (over: Partial<InstanceRow> = {}): InstanceRow => ({
  ...ours,
  stream: 'relay-instance:1',
  displayName: null,
  wakeUrl: null,
  state: 'vacant',
  node: null,
  epoch: 0,
  liveUntil: null,
  pokedAt: null,
  ackedAt: null,
  appended: 0,
  dropped: 0,
  createdAt: start,
  ...over,
})

export const entryOf = (bufferId: string, over: Partial<EntryDraft> = {}): EntryDraft => ({
  ...ours,
  bufferId,
  kind: 'inbound',
  bytes: 10,
  createdAt: start,
  expiresAt: start + 60 * second,
  ...over,
})

export const bindingOf = (over: Partial<BindingRow> = {}): BindingRow => ({
  ...ours,
  ...person,
  linkedAt: start,
  dmDefaultAt: null,
  ...over,
})

export const conversationOf = (over: Partial<ConversationRow> = {}): ConversationRow => ({
  ...ours,
  ...bot,
  chatId: `c ${odd}`,
  userId: person.userId,
  chatType: 'dm',
  chatName: odd,
  scopeId: null,
  threadId: null,
  sessionKey: `key ${odd}`,
  lastSeenAt: start,
  ...over,
})

export const promptOf = (promptId: string, over: Partial<PromptRow> = {}): PromptRow => ({
  ...ours,
  ...bot,
  promptId,
  chatId: 'c1',
  messageId: null,
  options: [{ id: 'yes', label: odd, style: 'primary' }],
  rung: 'text',
  createdAt: start,
  expiresAt: start + 60 * second,
  ...over,
})

export const receiptOf = (id: string, over: Partial<ReceiptRow> = {}): ReceiptRow => ({
  ...ours,
  ...bot,
  id,
  gatewayId: `gw ${odd}`,
  requestId: odd,
  op: 'send',
  chatId: `c ${odd}`,
  action: JSON.stringify({ op: 'send', content: odd }),
  state: 'queued',
  node: 'n1',
  attempts: 0,
  messageId: null,
  rung: null,
  error: null,
  createdAt: start,
  updatedAt: start,
  ...over,
})
