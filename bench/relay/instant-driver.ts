// A platform that does nothing but answer at once: what is measured is the connector, and no simulator.
import type { EdgeRequest, PlatformBot, PlatformDriver, PlatformSink } from '@parley/relay'
import { botId, platform } from './frames.js'

export type PlatformMessage = Parameters<PlatformSink['message']>[0]

/** The driver, and where what its platform "delivers" goes in. */
export type Instant = { driver: PlatformDriver; started: Promise<PlatformSink> }

/** More than can be sent: rates are counted, and refuse nobody. */
const unlimited = { calls: 1_000_000_000, perMs: 1 }

export function instantPlatform(): Instant {
  let onStart: (sink: PlatformSink) => void = () => {}
  const started = new Promise<PlatformSink>((resolve) => {
    onStart = resolve
  })
  const driver: PlatformDriver = {
    name: 'instant',
    platform,
    credentials: [],
    open: () => instantBot((sink) => onStart(sink)),
  }
  return { driver, started }
}

function instantBot(onStart: (sink: PlatformSink) => void): PlatformBot {
  let sent = 0
  return {
    descriptor: {
      contract_version: 1,
      platform,
      label: 'Instant',
      max_message_length: 4_096,
      supports_draft_streaming: false,
      supports_edit: true,
      supports_threads: true,
      markdown_dialect: 'plain',
      len_unit: 'chars',
    },
    limits: {
      messageLength: 4_096,
      captionLength: 1_024,
      promptButtons: 8,
      buttonLabel: 64,
      mediaBytes: 1_000_000,
      chatRate: unlimited,
      botRate: unlimited,
      commands: 100,
    },
    perform: async () => ({ outcome: 'done', messageId: String(1_000_000_000 + ++sent) }),
    chatInfo: async () => undefined,
    canView: async () => 'yes',
    isIn: async () => 'unknown',
    isDirect: async () => 'unknown',
    start: async (sink) => onStart(sink),
    edge: takeWebhook,
    check: async () => ({ botId, username: 'instant' }),
    stop: async () => {},
  }
}

/** What a webhook brings: the least that a driver does with one. */
export type Webhook = { id: string; chatId: string; userId: string; text: string }

async function takeWebhook({ body }: EdgeRequest, sink: PlatformSink) {
  // The cast: the benchmark's own client posts these.
  const { id, chatId, userId, text } = JSON.parse(new TextDecoder().decode(body)) as Webhook
  await sink.message(messageOf(id, { chatId, userId, text }))
  return { status: 200, body: '' }
}

/** A message in a group, as a driver hands it in. */
export function messageOf(id: string, { chatId, userId, text }: Omit<Webhook, 'id'>): PlatformMessage {
  return {
    dedupe: id,
    messageId: id,
    text,
    messageType: 'text',
    chat: {
      id: chatId,
      type: 'group',
      name: 'A chat',
      topic: null,
      scopeId: null,
      threadId: null,
      parentId: null,
    },
    author: { id: userId, name: 'Ada', isBot: false, isSelf: false },
    addressesBot: false,
    isEdit: false,
    media: [],
    sentAt: Date.now(),
  }
}
