import { Moment } from '../../ui/time.js'
import { useConversations } from '../live/use-relay.js'
import { botName } from '../model/bot.js'
import { Queried } from '../parts/queried.js'

/** Chats from which agents got messages. */
export function Conversations({ tenant }: { tenant: string }) {
  const conversations = useConversations(tenant)
  return (
    <Queried query={conversations} rows={1}>
      {(found) =>
        found.length === 0 ? (
          <p className="card px-5 py-4 text-sm text-soft">None yet.</p>
        ) : (
          <ul aria-label="Conversations" className="card divide-y divide-line">
            {found.map((one) => (
              <li
                key={JSON.stringify([botName(one), one.instanceId, one.chatId, one.userId])}
                data-testid="conversation"
                className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-5 py-3 text-sm"
              >
                <span className="font-medium [overflow-wrap:anywhere]">{one.chatName ?? one.chatId}</span>
                <span className="badge">{one.chatType}</span>
                <span className="hint font-mono text-xs [overflow-wrap:anywhere]">
                  {botName(one)} · {one.chatId}
                </span>
                <span className="hint [overflow-wrap:anywhere]">
                  {one.userId} with {one.instanceId}
                </span>
                <span className="hint ml-auto">
                  <Moment iso={one.lastSeenAt} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Queried>
  )
}
