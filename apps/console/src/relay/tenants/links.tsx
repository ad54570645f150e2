import type { LinkView } from '@parley/relay/protocol'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { Moment } from '../../ui/time.js'
import { ask } from '../client/relay-client.js'
import { useLinks, useRefreshRelay } from '../live/use-relay.js'
import { Queried } from '../parts/queried.js'

/** People of platforms and the agents that get what they write. */
export function Links({ tenant }: { tenant: string }) {
  const links = useLinks(tenant)
  return (
    <Queried query={links} rows={1}>
      {(found) =>
        found.length === 0 ? (
          <p className="card px-5 py-4 text-sm text-soft">
            Nobody is linked. A person sends the bot a code as a direct message, or you link them here.
          </p>
        ) : (
          <ul aria-label="Links" className="card divide-y divide-line">
            {found.map((link) => (
              <Row key={`${link.platform} ${link.userId}`} link={link} />
            ))}
          </ul>
        )
      }
    </Queried>
  )
}

function Row({ link }: { link: LinkView }) {
  const { platform, userId, instanceId, linkedAt, isDmDefault } = link
  const refresh = useRefreshRelay()
  const unlink = async () => {
    await ask((relay) => relay.unlink(link))
    await refresh()
  }
  return (
    <li
      data-testid="link"
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-5 py-3 text-sm"
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-mono text-[0.8125rem] font-medium [overflow-wrap:anywhere]">
            {platform}:{userId}
          </span>
          {isDmDefault && (
            <span className="badge badge-accent" title="Takes the person’s direct messages">
              direct messages
            </span>
          )}
        </p>
        <p className="hint mt-0.5 [overflow-wrap:anywhere]">
          to {instanceId}, since <Moment iso={linkedAt} />
        </p>
      </div>
      <ConfirmButton
        label="Unlink"
        name={`Unlink ${userId}`}
        title={`Unlink ${userId}?`}
        lead="What they write reaches this agent no more, until they are linked again."
        confirm="Unlink"
        act={unlink}
      />
    </li>
  )
}
