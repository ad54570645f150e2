import type { DecisionView } from '@parley/relay/protocol'
import { EmptyState } from '../../ui/empty-state.js'
import { Moment } from '../../ui/time.js'
import { useDecisions } from '../live/use-relay.js'
import { botName } from '../model/bot.js'
import { reasonWords } from '../model/words.js'
import { Queried } from '../parts/queried.js'
import { TenantChip } from '../parts/tenant-chip.js'

/** What bots got, the latest first. */
export function DecisionList({ tenant }: { tenant: string }) {
  const decisions = useDecisions(tenant)
  return (
    <Queried query={decisions}>
      {(found) =>
        found.length === 0 ? (
          <EmptyState title="No message came yet.">One decision comes with each.</EmptyState>
        ) : (
          <ol aria-label="Decisions" className="card divide-y divide-line">
            {found.map((decision) => (
              <Row key={`${botName(decision)} ${decision.at} ${decision.messageId}`} decision={decision} />
            ))}
          </ol>
        )
      }
    </Queried>
  )
}

function Row({ decision }: { decision: DecisionView }) {
  const { at, chatId, userId, outcomes, reason } = decision
  const isDelivered = outcomes.some((outcome) => outcome.isDelivered)
  return (
    <li data-testid="decision" data-delivered={isDelivered} className="px-5 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="flex min-w-0 flex-1 basis-52 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className={`badge ${isDelivered ? 'badge-accent' : ''}`}>
            {isDelivered ? 'Delivered' : 'To nobody'}
          </span>
          <span>
            from <span className="font-mono text-xs font-medium [overflow-wrap:anywhere]">{userId}</span>
          </span>
          <span className="hint font-mono text-xs [overflow-wrap:anywhere]" title="Bot and chat">
            {botName(decision)} · {chatId}
          </span>
        </p>
        <p className="hint">
          <Moment iso={at} />
        </p>
      </div>
      {outcomes.length === 0 ? (
        <p className="mt-1 text-soft">{sentence(reason)}</p>
      ) : (
        <ul className="mt-1.5 flex flex-col gap-1">
          {outcomes.map((outcome) => (
            <li
              key={`${outcome.tenant} ${outcome.instanceId}`}
              className="flex flex-wrap items-center gap-x-2 gap-y-0.5"
            >
              <TenantChip tenant={outcome.tenant} />
              <span className="font-medium [overflow-wrap:anywhere]">{outcome.instanceId}</span>
              <span className={outcome.isDelivered ? 'text-accent' : 'text-soft'}>
                {outcome.isDelivered ? 'got it' : 'did not get it'}: {reasonWords(outcome.reason)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function sentence(reason: string): string {
  const words = reasonWords(reason)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
