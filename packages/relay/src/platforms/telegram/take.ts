import type { Update } from 'grammy/types'
import type { PlatformSink } from '../port.js'
import type { Telegram } from './bot-context.js'
import { toPlatformMessage } from './receive.js'

/** Brings one update to the sink. Rejects when it was not stored, and with nothing that holds the token. */
export async function take(telegram: Telegram, update: Update, sink: PlatformSink): Promise<void> {
  const message = await toPlatformMessage(telegram, update)
  if (message) await sink.message(message)
  const query = update.callback_query
  // Ends the button's waiting sign. Too late, or twice: that harms nobody.
  if (query) await telegram.api.answerCallbackQuery(query.id).catch(() => {})
}
