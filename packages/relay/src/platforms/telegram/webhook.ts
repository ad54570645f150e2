// Telegram calls: https://core.telegram.org/bots/api#setwebhook

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { isJsonObject } from '@parley/kernel/wire'
import type { Update } from 'grammy/types'
import { relayErrors } from '../../errors.js'
import type { EdgeAnswer, EdgeRequest, PlatformSink } from '../port.js'
import type { Telegram } from './bot-context.js'
import { toFailure } from './errors.js'
import { allowedUpdates } from './receive.js'
import { take } from './take.js'

const header = 'x-telegram-bot-api-secret-token'

/** The same on every node, and known to nobody who does not have the token. */
export const webhookSecret = (token: string): string =>
  createHmac('sha256', token).update('parley webhook').digest('hex')

/** Answers a call of Telegram. What could not be stored it sends again. */
export async function answerCall(
  telegram: Telegram,
  secret: string,
  request: EdgeRequest,
  sink: PlatformSink,
): Promise<EdgeAnswer> {
  if (!isSame(request.headers.get(header) ?? '', secret)) return { status: 401 }
  if (request.method !== 'POST') return { status: 405 }
  const update = readUpdate(request.body)
  // Telegram repeats whatever is not answered well, and this would never be taken.
  if (!update) return { status: 200 }
  try {
    await take(telegram, update, sink)
    return { status: 200 }
  } catch (error) {
    telegram.onFault(error, 'telegram: an update was not stored')
    return { status: 503 }
  }
}

/** Tells Telegram where to call, or, without an address, that it is asked from now on. */
export async function setWebhook(
  { api, clean }: Telegram,
  webhook: { url: string; secret: string } | undefined,
): Promise<void> {
  try {
    if (!webhook) await api.deleteWebhook()
    else await api.setWebhook(webhook.url, { secret_token: webhook.secret, allowed_updates: allowedUpdates })
  } catch (error) {
    const failure = toFailure(error, clean)
    throw relayErrors.unavailable({ message: 'error' in failure ? failure.error : 'Telegram is busy' })
  }
}

function readUpdate(body: Uint8Array): Update | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    // Signed by Telegram: an update is what Telegram says it is.
    return isJsonObject(value) && typeof value.update_id === 'number'
      ? (value as unknown as Update)
      : undefined
  } catch {
    return undefined
  }
}

const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
