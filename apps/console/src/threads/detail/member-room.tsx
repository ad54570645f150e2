import { Thread, ThreadsProvider } from '@parley/react'
import type { UserIdentity } from '@parley/threads/protocol'
import { useRef } from 'react'
import { Loading } from '../../ui/loading.js'
import { useRoomClient } from '../client/room-client.js'
import { LiveRoom } from './live-room.js'
import { components, labels } from './looks.js'
import type { RoomDetail } from './use-room.js'

type MemberRoomProps = { room: RoomDetail; identity: UserIdentity; openAgain: () => void }

/** A room from inside. Needs a key: it opens one connection, for the identity of the first time. */
export function MemberRoom({ room, identity, openAgain }: MemberRoomProps) {
  // Read when a message is sent.
  const recipients = useRef<readonly string[]>([])
  const client = useRoomClient(identity, () => recipients.current)
  if (!client) return <Loading rows={5} />
  return (
    <ThreadsProvider client={client} identityId={identity.id}>
      <Thread.Root threadId={room.thread.id} labels={labels} components={components}>
        <LiveRoom room={room} identity={identity} recipients={recipients} openAgain={openAgain} />
      </Thread.Root>
    </ThreadsProvider>
  )
}
