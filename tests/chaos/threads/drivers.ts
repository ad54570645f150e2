import type { Random } from '../../fuzz/random.js'
import { randomFrom } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'
import { type Asker, ask, succeeded } from './ask.js'
import type { Acknowledged, Invoked } from './evidence.js'
import { Follower } from './follower.js'
import { cancel, invoke } from './invoker.js'
import { write } from './writer.js'

/** Who opens rooms and looks at them in the end. */
export const owner = 'owner'

const writersARoom = 3
const assistants = ['echo', 'slow']

/** A room, and what its people were told. */
export type Room = {
  threadId: string
  writers: readonly string[]
  acknowledged: Acknowledged[]
  invoked: Invoked[]
}

/** Opens a room with its writers and assistants. */
export async function openRoom(asker: Asker, index: number): Promise<Room> {
  const post = async <T>(path: string, body: object) =>
    succeeded<T>(await ask(asker, { who: owner, method: 'POST', path, body }))
  const { id: threadId } = await post<{ id: string }>('/threads', {})
  const writers = Array.from({ length: writersARoom }, (_, n) => `writer-${index}-${n}`)
  const people = [...writers, ...followerNames].map((id) => ({ role: 'user', id, name: id }))
  const members = [...people, ...assistants.map((id) => ({ role: 'assistant', id, name: id }))]
  for (const identity of members) await post(`/threads/${threadId}/members`, { identity })
  return { threadId, writers, acknowledged: [], invoked: [] }
}

const followerNames = ['follower-0', 'follower-1', 'follower-polling']

/** One at each place over WebSocket, and one by long polling. */
export const openFollowers = (nodes: Nodes, rooms: readonly Room[]): Follower[] =>
  followerNames.map((name, place) => {
    const transport = name === 'follower-polling' ? 'polling' : 'websocket'
    const threadIds = rooms.map(({ threadId }) => threadId)
    return new Follower({ nodes, name, place: place % 2, transport, threadIds })
  })

/** Everybody who changes something in a room, each with dice of their own. Rejects when one is refused. */
export function drive(nodes: Nodes, room: Room, random: Random, signal: AbortSignal): Promise<unknown> {
  const { threadId, writers } = room
  const own = () => ({ nodes, threadId, random: randomFrom(random.below(2 ** 31)) })
  const writing = writers.map((name) =>
    write({ ...own(), name, onAcknowledged: (one) => void room.acknowledged.push(one) }, signal),
  )
  const invoking = invoke({ ...own(), name: owner, onInvoked: (one) => void room.invoked.push(one) }, signal)
  const cancelling = cancel({ ...own(), name: owner }, signal)
  return Promise.all([...writing, invoking, cancelling])
}
