import type { BotView } from '@parley/relay/protocol'
import { healthOf } from '../model/bot.js'

/** Whether a bot takes messages in. */
export function HealthBadge({ bot }: { bot: BotView }) {
  const { text, className } = healthOf(bot)
  return (
    <span
      data-testid="health"
      data-state={bot.isEnabled ? bot.health.state : 'off'}
      className={`badge ${className}`}
    >
      {text}
    </span>
  )
}
