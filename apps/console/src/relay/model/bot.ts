import type { BotIdentity, BotView } from '@parley/relay/protocol'

/** `telegram:7000000001`, as the command writes it. */
export const botName = ({ platform, botId }: BotIdentity): string => `${platform}:${botId}`

/** What people call a bot. */
export const botTitle = ({ label, username, platform, botId }: BotView): string =>
  label || username || botName({ platform, botId })

export const isSim = ({ driver }: Pick<BotView, 'driver'>): boolean => driver === 'sim'

/** What stands in a badge for a bot's health. */
export function healthOf({ isEnabled, health }: Pick<BotView, 'isEnabled' | 'health'>): {
  text: string
  className: string
} {
  if (!isEnabled) return { text: 'Off', className: '' }
  return known[health.state] ?? { text: health.state, className: 'badge-edited' }
}

const known: Readonly<Record<string, { text: string; className: string }>> = {
  well: { text: 'Well', className: 'badge-accent' },
  starting: { text: 'Starting', className: '' },
  failing: { text: 'Failing', className: 'badge-danger' },
  off: { text: 'Off', className: '' },
}

/** Names that are separated by commas or lines; undefined: none is given. */
export function splitNames(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[,\n]/)
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ]
}
