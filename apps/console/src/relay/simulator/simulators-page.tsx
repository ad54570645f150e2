import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../ui/empty-state.js'
import { useBots } from '../live/use-relay.js'
import { botName, botTitle, isSim } from '../model/bot.js'
import { LiveHeader } from '../parts/live-header.js'
import { Queried } from '../parts/queried.js'
import { AddBot } from '../platforms/add-bot.js'
import { HealthBadge } from '../platforms/health-badge.js'

/** The simulated bots: one chooses with which to chat. */
export function SimulatorsPage() {
  const bots = useBots()
  return (
    <>
      <LiveHeader
        title="Simulator"
        lead="Chat platforms that live in this server. Chat there as several people, with the agents that are behind their bots."
      >
        <AddBot driver="sim" label="Add a simulated bot" />
      </LiveHeader>
      <Queried query={bots}>
        {(found) => {
          const simulated = found.filter(isSim)
          if (simulated.length === 0)
            return (
              <EmptyState title="No simulated bots yet.">
                Add one, enrol a gateway, and try everything without an account on any platform.
              </EmptyState>
            )
          return (
            <ul aria-label="Simulated bots" className="card divide-y divide-line">
              {simulated.map((bot) => (
                <li
                  key={botName(bot)}
                  data-testid="simulator"
                  className="relative flex flex-wrap items-center gap-x-2.5 gap-y-1 px-5 py-4 hover:bg-sunken"
                >
                  <Link
                    to="/simulator/$platform/$botId/chat"
                    params={{ platform: bot.platform, botId: bot.botId }}
                    className="min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
                  >
                    {botTitle(bot)}
                  </Link>
                  <HealthBadge bot={bot} />
                  <span className="hint font-mono text-xs [overflow-wrap:anywhere]">{botName(bot)}</span>
                </li>
              ))}
            </ul>
          )
        }}
      </Queried>
    </>
  )
}
