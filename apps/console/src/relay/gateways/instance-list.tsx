import type { InstanceView } from '@parley/relay/protocol'
import type { ReactNode } from 'react'
import { Moment } from '../../ui/time.js'
import { botName } from '../model/bot.js'
import { count, fileSize } from '../model/words.js'
import { TenantChip } from '../parts/tenant-chip.js'

type InstanceListProps = { instances: readonly InstanceView[]; showsTenant?: boolean }

/** Agents: where each is, and what waits for it. */
export function InstanceList({ instances, showsTenant = false }: InstanceListProps) {
  if (instances.length === 0)
    return <p className="card px-5 py-4 text-sm text-soft">None yet. One comes with its first gateway.</p>
  return (
    <ul aria-label="Agents" className="card divide-y divide-line">
      {instances.map((instance) => (
        <Row
          key={`${instance.tenant} ${instance.instanceId}`}
          instance={instance}
          showsTenant={showsTenant}
        />
      ))}
    </ul>
  )
}

function Row({ instance, showsTenant }: { instance: InstanceView; showsTenant: boolean }) {
  const { tenant, instanceId, displayName, state, buffer, wakeUrl, pokedAt, owners, bots } = instance
  return (
    <li data-testid="instance" data-instance={instanceId} data-state={state} className="px-5 py-4">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="font-medium [overflow-wrap:anywhere]">{displayName ?? instanceId}</span>
        <span className={`badge ${state === 'live' ? 'badge-accent' : ''}`}>
          {state === 'live' ? 'Live' : 'Asleep'}
        </span>
        {showsTenant && <TenantChip tenant={tenant} />}
        {displayName && <span className="hint font-mono text-xs [overflow-wrap:anywhere]">{instanceId}</span>}
      </p>
      <dl className="mt-2.5 grid grid-cols-2 gap-x-6 gap-y-2.5 text-sm sm:grid-cols-3 lg:grid-cols-[10rem_9rem_8rem_minmax(0,1fr)]">
        <Part name="Waits">
          <span
            data-testid="buffer"
            data-entries={buffer.entries}
            className={buffer.entries > 0 ? 'font-medium text-edited' : ''}
          >
            {buffer.entries === 0
              ? 'nothing'
              : `${count(buffer.entries, 'message')}, ${fileSize(buffer.bytes)}`}
          </span>
          {buffer.oldestAt && (
            <span className="hint block">
              since <Moment iso={buffer.oldestAt} />
            </span>
          )}
        </Part>
        <Part name="Dropped">
          <span className={buffer.dropped > 0 ? 'font-medium text-danger' : ''}>
            {buffer.dropped === 0 ? 'none' : count(buffer.dropped, 'message')}
          </span>
        </Part>
        <Part name="Linked to it">{owners === 0 ? 'nobody' : count(owners, 'person', 'people')}</Part>
        <Part name="Behind">
          {bots.length === 0 ? (
            'no bot'
          ) : (
            <span className="font-mono text-xs leading-5">{bots.map(botName).join(', ')}</span>
          )}
        </Part>
      </dl>
      {wakeUrl && (
        <p className="hint mt-2 [overflow-wrap:anywhere]">
          Woken by <span className="font-mono text-xs">{wakeUrl}</span>
          {pokedAt && (
            <>
              , last <Moment iso={pokedAt} />
            </>
          )}
        </p>
      )}
    </li>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 [overflow-wrap:anywhere]">
      <dt className="hint">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
