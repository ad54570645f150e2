import type { NewBot, PlatformView } from '@parley/relay/protocol'
import { splitNames } from './bot.js'

/** What a person has filled in. */
export type BotFields = {
  driver: string
  /** For drivers that imitate any. */
  platform: string
  botId: string
  label: string
  tenants: string
  credentials: Readonly<Record<string, string>>
}

export const emptyFields = (driver: string): BotFields => ({
  driver,
  platform: 'telegram',
  botId: '',
  label: '',
  tenants: '',
  credentials: {},
})

/** Platforms that the simulator imitates; each has its own limits and ways. */
export const imitated = [
  { value: 'telegram', label: 'Telegram' },
  { value: 'discord', label: 'Discord' },
  { value: 'slack', label: 'Slack' },
  { value: 'sim', label: 'None: a platform of its own' },
] as const

/** The bot that the fields describe. Credentials of another driver that were filled in before stay out. */
export function botOf(fields: BotFields, platform: PlatformView): NewBot {
  const [botId, label, tenants] = [fields.botId.trim(), fields.label.trim(), splitNames(fields.tenants)]
  const filled = platform.credentials
    .map(({ name }) => [name, (fields.credentials[name] ?? '').trim()] as const)
    .filter(([, value]) => value !== '')
  return {
    driver: fields.driver,
    ...(platform.platform === null && { platform: fields.platform }),
    ...(platform.platform === null && botId !== '' && { botId }),
    ...(label !== '' && { label }),
    ...(filled.length > 0 && { credentials: Object.fromEntries(filled) }),
    ...(tenants.length > 0 && { tenants }),
  }
}
