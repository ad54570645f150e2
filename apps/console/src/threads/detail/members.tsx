import type { ThreadMember } from '@parley/threads/protocol'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { Avatar } from '../avatar.js'
import { AddMember } from './add-member.js'
import type { RoomView } from './room-view.js'
import { Section } from './section.js'

/** Who is in the room, and who of them is there. */
export function Members({ view }: { view: RoomView }) {
  const { members, online } = view
  return (
    <Section
      title={`Members (${members.length})`}
      action={<AddMember thread={view.thread} members={members} />}
    >
      <ul className="divide-y divide-line">
        {members.map((member) => (
          <Row
            key={member.identity_id}
            member={member}
            view={view}
            isOnline={online.includes(member.identity_id)}
          />
        ))}
      </ul>
    </Section>
  )
}

type RowProps = { member: ThreadMember; view: RoomView; isOnline: boolean }

function Row({ member: { identity_id, identity }, view, isOnline }: RowProps) {
  const { selfId, actions } = view
  const name = identity.name || identity_id
  const isSelf = identity_id === selfId
  return (
    <li
      data-testid="member"
      data-id={identity_id}
      data-online={isOnline}
      className="flex items-center gap-2.5 py-2 pr-2 pl-4"
    >
      <Avatar identity={identity} isOnline={isOnline} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" title={name}>
          {name}
          {isSelf && <span className="font-normal text-soft"> (you)</span>}
          {isOnline && <span className="sr-only">, online</span>}
        </p>
        <p className="hint truncate" title={identity_id}>
          {kinds[identity.role]} · <span className="font-mono text-xs">{identity_id}</span>
        </p>
      </div>
      {actions && (
        <ConfirmButton
          label={isSelf ? 'Leave' : 'Remove'}
          name={isSelf ? 'Leave the room' : `Remove ${name}`}
          className="btn btn-quiet min-h-8 px-2 text-[0.8125rem]"
          title={isSelf ? 'Leave this room?' : `Remove ${name}?`}
          lead={
            isSelf
              ? 'You see no more of it until you join again.'
              : 'They see no more of it. What they said stays.'
          }
          confirm={isSelf ? 'Leave' : 'Remove'}
          act={() => actions.removeMember(identity_id)}
        />
      )}
    </li>
  )
}

const kinds = { user: 'Person', assistant: 'Assistant', system: 'System' }
