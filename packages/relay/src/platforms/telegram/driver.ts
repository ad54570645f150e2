import * as z from 'zod'
import { relayErrors } from '../../errors.js'
import type { PlatformDriver } from '../port.js'
import { telegramRoot } from './api.js'
import { openTelegram } from './bot.js'

const HttpUrl = z.url({ protocol: /^https?$/ })
const Settings = z.object({
  /** Another Bot API server: https://github.com/tdlib/telegram-bot-api. Default: Telegram's. */
  apiRoot: HttpUrl.transform((url) => url.replace(/\/+$/, '')).default(telegramRoot),
  /** Where Telegram calls: the bot's edge under the connector's public address. Default: it is asked for updates instead. */
  webhookUrl: HttpUrl.optional(),
})

/** Telegram, with a bot's token of @BotFather. Settings: `apiRoot`, `webhookUrl`. */
export function telegramDriver(): PlatformDriver {
  return {
    name: 'telegram',
    platform: 'telegram',
    credentials: [
      { name: 'token', about: 'The bot’s token, as @BotFather gives it' },
      {
        name: 'webhookSecret',
        about: 'What Telegram’s calls prove themselves by; made from the token when it is left out',
        isOptional: true,
      },
    ],
    tenantSettings: ['webhookUrl'],
    open: (options) => {
      const settings = Settings.safeParse(options.settings)
      if (!settings.success) {
        const path = settings.error.issues[0]?.path.join('.')
        throw relayErrors.invalidRequest({ message: `settings.${path} does not fit` })
      }
      const { token = '', webhookSecret = '' } = options.credentials
      if (!/^\d{1,20}:[\w-]{1,128}$/.test(token))
        throw relayErrors.invalidRequest({ message: 'credentials.token must be digits, a colon and a text' })
      if (!/^[\w-]{0,256}$/.test(webhookSecret))
        throw relayErrors.invalidRequest({
          message: 'credentials.webhookSecret must be A-Z, a-z, 0-9, _ and -',
        })
      return openTelegram(options, token, settings.data)
    },
  }
}
