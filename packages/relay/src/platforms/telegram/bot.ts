import { telegramGroupRate, telegramLimits } from '../limits.js'
import type { OpenBotOptions, PlatformBot, PlatformSink } from '../port.js'
import { perform } from './act.js'
import { telegramApi } from './api.js'
import type { Telegram } from './bot-context.js'
import { telegramDescriptor } from './capabilities.js'
import { poll } from './polling.js'
import { createReads } from './reads.js'
import { Topics } from './topics.js'
import { answerCall, setWebhook, webhookSecret } from './webhook.js'

export type TelegramSettings = { apiRoot: string; webhookUrl?: string }

/** Opens one bot. Asks nothing of Telegram yet. */
export function openTelegram(
  options: OpenBotOptions,
  token: string,
  settings: TelegramSettings,
): PlatformBot {
  const { platform, botId, label, clock, onFault } = options
  const calls = telegramApi(token, settings.apiRoot)
  const end = new AbortController()
  const telegram: Telegram = {
    ...calls,
    identity: { platform, botId: botId || (token.split(':')[0] ?? '') },
    clock,
    topics: new Topics(),
    username: askOnce(async () => (await calls.api.getMe()).username),
    onFault,
  }
  const secret = options.credentials.webhookSecret || webhookSecret(token)
  let polling: Promise<void> | undefined

  const start = async (sink: PlatformSink): Promise<void> => {
    const { webhookUrl } = settings
    await setWebhook(telegram, webhookUrl === undefined ? undefined : { url: webhookUrl, secret })
    sink.health({ state: 'well' })
    if (webhookUrl === undefined) polling ??= poll(telegram, sink, end.signal)
  }

  return {
    descriptor: telegramDescriptor(label),
    limits: telegramLimits,
    rateOf: (chatId) => (chatId.startsWith('-') ? telegramGroupRate : telegramLimits.chatRate),
    perform: (action, { signal }) => perform(telegram, action, signal),
    ...createReads(telegram),
    start,
    edge: async (request, sink) =>
      end.signal.aborted ? { status: 503 } : await answerCall(telegram, secret, request, sink),
    stop: async () => {
      end.abort()
      await polling
    },
  }
}

/** The first answer for good; a failure is asked again. Rejects with nothing of what Telegram or the network said. */
function askOnce(ask: () => Promise<string>): () => Promise<string> {
  let answer: Promise<string> | undefined
  return () => {
    answer ??= ask().catch(() => {
      answer = undefined
      throw new Error('Telegram does not say what the bot is called')
    })
    return answer
  }
}
