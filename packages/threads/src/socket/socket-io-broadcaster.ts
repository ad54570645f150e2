import type { Server } from 'socket.io'
import { serverEvents } from '../protocol/index.js'
import type { Broadcaster } from '../service/broadcaster.js'

/**
 * A broadcaster for a Socket.IO server that the application owns: the contract's frames go to the rooms `thread:<id>` of the
 * thread's namespace. The application lets sockets in, and says with `socket.data.identity = {id}` whose they are, so that
 * whoever is removed can be sent away. With an adapter between several servers it reaches all of them.
 */
export function socketIoBroadcaster(io: Pick<Server, 'of'>): Broadcaster {
  const roomOf = (threadId: string, namespace: string) => io.of(namespace).in(`thread:${threadId}`)
  return {
    broadcastEvent: (event, { namespace }) => {
      roomOf(event.thread_id, namespace).emit(serverEvents.event, event)
    },
    broadcastThreadUpdated: (thread, { namespace }) => {
      roomOf(thread.id, namespace).emit(serverEvents.threadUpdated, thread)
    },
    broadcastMembersUpdated: (threadId, members, { namespace }) => {
      roomOf(threadId, namespace).emit(serverEvents.membersUpdated, { thread_id: threadId, members })
    },
    broadcastRunUpdated: (run, { namespace }) => {
      roomOf(run.thread_id, namespace).emit(serverEvents.runUpdated, run)
    },
    broadcastThreadDeleted: (threadId, { namespace }) => {
      const room = roomOf(threadId, namespace)
      room.emit(serverEvents.threadDeleted, { thread_id: threadId })
      room.emit(serverEvents.threadLeft, { thread_id: threadId, reason: 'deleted' })
      room.socketsLeave(`thread:${threadId}`)
    },
    evict: async (threadId, identityId, reason, { namespace }) => {
      for (const socket of await roomOf(threadId, namespace).fetchSockets()) {
        if (socket.data?.identity?.id !== identityId) continue
        socket.emit(serverEvents.threadLeft, { thread_id: threadId, reason })
        socket.leave(`thread:${threadId}`)
      }
    },
  }
}
