import type { SessionSnapshot } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { useQuery } from '@tanstack/react-query'
import { readList, readNumber, readObject, readText } from '../../../api/read.js'
import { CopyButton } from '../../../ui/copy-button.js'
import { Fact } from '../../../ui/fact.js'
import { Moment } from '../../../ui/time.js'
import { told } from '../../client/problems.js'
import { sessionsClient } from '../../client/sessions-client.js'
import { commandOf } from '../../create/agent-choice.js'
import { endingOf } from '../../model/ending.js'

/** What is known of the session itself. */
export function InfoPane({ state, session }: { state: SessionSnapshot; session: Session }) {
  const { id, agentName, cwd, startedAt, lastUpdatedAt, runtime } = session
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 p-1 text-sm">
        <Fact name="Session" wide>
          <span className="flex items-center gap-2">
            <code className="truncate font-mono text-xs" title={id}>
              {id}
            </code>
            <CopyButton text={id} label="Copy id" className="link shrink-0 text-xs" />
          </span>
        </Fact>
        <Fact name="Agent">{agentName}</Fact>
        <Fact name="Runtime">{runtime ?? 'unknown'}</Fact>
        <Fact name="Command" wide>
          <code className="font-mono text-xs">{commandOf(session)}</code>
        </Fact>
        <Fact name="Directory" wide>
          <code className="font-mono text-xs">{cwd ?? 'The runtime’s own'}</code>
        </Fact>
        <Fact name="Started">
          <Moment iso={startedAt} />
        </Fact>
        <Fact name="Last change">
          <Moment iso={lastUpdatedAt} />
        </Fact>
        {state.usage && (
          <Fact name="Context" wide>
            <Usage {...state.usage} />
          </Fact>
        )}
        {state.ended && (
          <Fact name="Ended" wide>
            {endingOf(state.ended)}
          </Fact>
        )}
      </dl>
      <Deliveries id={id} />
    </>
  )
}

function Usage({ used, size }: { used: number; size: number }) {
  return (
    <span className="flex items-center gap-2 tabular-nums">
      <meter className="h-2 w-32" min={0} max={size} value={used} />
      {used.toLocaleString()} of {size.toLocaleString()} tokens
    </span>
  )
}

function Deliveries({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['sessions', 'deliveries', id],
    queryFn: async () => {
      const answer = await told(sessionsClient().fetchWebhookDeliveries(id))
      return readList(readObject(answer).deliveries).map(readObject)
    },
    retry: false,
  })
  if (!data || data.length === 0) return null
  return (
    <section className="mt-5">
      <h3 className="hint mb-1 px-1">Webhook deliveries</h3>
      <ul className="divide-y divide-line border-y border-line text-sm">
        {data.map((one) => (
          <li key={readText(one.id)} className="git-line">
            <span className="min-w-0 flex-1 truncate">{readText(one.eventType)}</span>
            <span className={`badge ${looks[readText(one.state)] ?? ''}`}>
              {words[readText(one.state)] ?? readText(one.state)}
              {readNumber(one.lastStatus) > 0 && ` ${readNumber(one.lastStatus)}`}
            </span>
            <span className="hint">
              <Moment iso={readText(one.createdAt)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const words: Readonly<Record<string, string>> = {
  waiting: 'Waiting',
  sending: 'Sending',
  sent: 'Sent',
  dead: 'Given up',
}
const looks: Readonly<Record<string, string>> = { sent: 'badge-accent', dead: 'badge-danger' }
