import { ConfirmButton } from '../../ui/confirm-button.js'
import { CopyButton } from '../../ui/copy-button.js'
import { Fact } from '../../ui/fact.js'
import { Moment } from '../../ui/time.js'
import { tenantEntries } from '../model/tenant.js'
import type { RoomView } from './room-view.js'
import { Section } from './section.js'

/** What the server knows of the room itself. */
export function RoomDetails({ view: { thread, actions } }: { view: RoomView }) {
  const { id, tenant, metadata, created_at } = thread
  return (
    <Section title="Details">
      <dl className="flex flex-col gap-3 px-4 py-3">
        <Fact name="Id">
          <span className="flex items-center gap-2">
            <code className="truncate font-mono text-xs" title={id}>
              {id}
            </code>
            <CopyButton text={id} label="Copy id" className="link shrink-0 text-xs" />
          </span>
        </Fact>
        <Fact name="Tenant">{tenantEntries(tenant).join(', ') || 'none: public'}</Fact>
        <Fact name="Created">
          <Moment iso={created_at} />
        </Fact>
        <Fact name="Metadata">
          {Object.keys(metadata).length === 0 ? (
            'none'
          ) : (
            <pre className="code-block max-h-48 text-xs">{JSON.stringify(metadata, null, 2)}</pre>
          )}
        </Fact>
      </dl>
      {actions && (
        <div className="border-t border-line px-4 py-3">
          <ConfirmButton
            label="Delete room"
            className="btn btn-danger-quiet w-full"
            title="Delete this room?"
            lead="Everything said in it is gone, for everybody. This cannot be undone."
            confirm="Delete room"
            act={actions.deleteRoom}
          />
        </div>
      )}
    </Section>
  )
}
