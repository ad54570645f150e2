import { EmptyState } from '../../ui/empty-state.js'
import { useBots } from '../live/use-relay.js'
import { botName } from '../model/bot.js'
import { LiveHeader } from '../parts/live-header.js'
import { Queried } from '../parts/queried.js'
import { AddBot } from './add-bot.js'
import { BotRow } from './bot-row.js'

/** The bots that this server holds. */
export function PlatformsPage() {
  const bots = useBots()
  return (
    <>
      <LiveHeader
        title="Platforms"
        lead="Bots on chat platforms. This server holds their credentials; agents behind them never see one."
      >
        <AddBot />
      </LiveHeader>
      <Queried query={bots}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="No bots yet.">
              Add one with its credential. Without an account, add a simulated one and chat with it here.
            </EmptyState>
          ) : (
            <ul aria-label="Bots" className="card divide-y divide-line">
              {found.map((bot) => (
                <BotRow key={botName(bot)} bot={bot} />
              ))}
            </ul>
          )
        }
      </Queried>
    </>
  )
}
