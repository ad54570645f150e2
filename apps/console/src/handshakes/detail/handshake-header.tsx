import { CopyButton } from '../../ui/copy-button.js'
import { Fact } from '../../ui/fact.js'
import { PageHeader } from '../../ui/page-header.js'
import { Moment, TimeLeft } from '../../ui/time.js'
import { titleOf } from '../handshake-title.js'
import type { Handshake } from '../model/handshake.js'
import { Progress } from '../progress.js'
import { StateBadge } from '../state-badge.js'
import { BackLink } from './back-link.js'
import { HandshakeActions } from './handshake-actions.js'

/** What the handshake is, how it stands, and what can be done about it. */
export function HandshakeHeader({ handshake }: { handshake: Handshake }) {
  const { id, mode, state, claimed, owner, sockets, createdAt, deadlineMs } = handshake
  return (
    <>
      <BackLink />
      <PageHeader title={titleOf(handshake)}>
        {state === 'open' && <HandshakeActions id={id} deadlineMs={deadlineMs} />}
      </PageHeader>
      <section aria-label="Summary" className="card mb-6 grid gap-x-8 gap-y-5 p-5 lg:grid-cols-[1fr_16rem]">
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 text-sm sm:grid-cols-4">
          <Fact name="State">
            <StateBadge handshake={handshake} />
          </Fact>
          <Fact name={state === 'open' ? 'Expires in' : 'Created'}>
            {state === 'open' ? <TimeLeft deadlineMs={deadlineMs} /> : <Moment iso={createdAt} />}
          </Fact>
          <Fact name="Agent">{claimed ? 'claimed the prompt' : 'has not claimed'}</Fact>
          <Fact name="Pages connected">
            <span data-testid="sockets">{sockets}</span>
          </Fact>
          <Fact name="Mode">{mode}</Fact>
          <Fact name="Owner">{owner ?? 'nobody'}</Fact>
          <Fact name="Id" wide>
            <span className="flex items-center gap-2">
              <code className="truncate font-mono text-xs">{id}</code>
              <CopyButton text={id} label="Copy id" className="link shrink-0 text-xs" />
            </span>
          </Fact>
        </dl>
        <div className="self-center">
          <Progress handshake={handshake} />
        </div>
      </section>
    </>
  )
}
