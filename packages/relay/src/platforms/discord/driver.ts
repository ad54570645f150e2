import * as z from 'zod'
import { relayErrors } from '../../errors.js'
import type { PlatformDriver } from '../port.js'
import { discordApiBase } from './api.js'
import { openDiscord } from './bot.js'
import { isId } from './objects.js'

const withoutSlash = (url: string) => url.replace(/\/+$/, '')
const Settings = z.object({
  /** For bots whose application has another id than their user. Default: Discord is asked. */
  applicationId: z.string().refine(isId).optional(),
  /** Where the API is, without its version. */
  apiBase: z
    .url({ protocol: /^https?$/ })
    .transform(withoutSlash)
    .default(discordApiBase),
  /** Default: what Discord names. */
  gatewayUrl: z.url({ protocol: /^wss?$/ }).optional(),
})

/** Discord, with a bot's token of its developer portal. Settings: `applicationId`, `apiBase`, `gatewayUrl`. */
export function discordDriver(): PlatformDriver {
  return {
    name: 'discord',
    platform: 'discord',
    credentials: [
      { name: 'token', about: 'The bot’s token, of the page Bot of its application' },
      {
        name: 'publicKey',
        about:
          'The application’s public key, 64 hexadecimal characters; without it commands and presses are refused',
        isOptional: true,
      },
    ],
    tenantSettings: ['applicationId'],
    open: (options) => {
      const settings = Settings.safeParse(options.settings)
      if (!settings.success) {
        const path = settings.error.issues[0]?.path.join('.')
        throw relayErrors.invalidRequest({ message: `settings.${path} does not fit` })
      }
      const { token = '', publicKey = '' } = options.credentials
      if (!/^[\x21-\x7e]{1,256}$/.test(token))
        throw relayErrors.invalidRequest({ message: 'credentials.token must be a text without spaces' })
      if (!/^([0-9a-f]{64})?$/i.test(publicKey))
        throw relayErrors.invalidRequest({
          message: 'credentials.publicKey must be 64 hexadecimal characters',
        })
      const credentials = { token, publicKey: publicKey.toLowerCase() || undefined }
      return openDiscord(options, credentials, settings.data)
    },
  }
}
