// Entering a thread's room, and what was missed (contract 4.4).
import type { StoredEvent } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import { type EventCursor, type JoinAnswer, parseJoinPayload, parseThreadPayload } from '../protocol/index.js'
import type { ThreadsDeps } from '../service/deps.js'
import { toWireEvent } from '../service/events.js'
import { canSee, enter } from '../service/gate.js'
import { seqAtOrBefore, toThreadPosition } from '../service/position.js'
import { forwards, take } from '../service/walk.js'
import type { SocketLimits } from './limits.js'
import type { Room } from './room.js'
import type { Rooms } from './rooms.js'
import type { Visitor } from './visitor.js'

export type JoinParts = { deps: ThreadsDeps; rooms: Rooms; limits: SocketLimits }

/** Answers `thread:join`. Joining again is harmless. */
export async function join(parts: JoinParts, visitor: Visitor, payload: unknown): Promise<JoinAnswer> {
  const { deps } = parts
  const { threadId } = parseThreadPayload(payload)
  await enter(deps, visitor.caller, threadId, 'thread.read')
  const { since } = parseJoinPayload(payload)
  const isNew = !visitor.rooms.has(threadId)
  const room = letIn(parts, visitor, threadId)
  try {
    await room.ready
    await assertStillIn(deps, visitor, threadId)
    const replay = since ? await readReplay(parts, threadId, since) : nothingMissed
    // Sent away while the log was read.
    if (!room.has(visitor)) throw threadsErrors.threadNotFound()
    // On the next turn: the answer goes out first.
    setImmediate(() => room.has(visitor) && room.joined(visitor))
    return {
      thread_id: threadId,
      replayed: replay.events.map(toWireEvent),
      replay_truncated: replay.isTruncated,
      ...(replay.isHistoryGone && { history_gone: true }),
    }
  } catch (error) {
    if (isNew) room.remove(visitor)
    throw error
  }
}

function letIn({ rooms, limits }: JoinParts, visitor: Visitor, threadId: string): Room {
  const known = visitor.rooms.get(threadId)
  if (known) return known
  if (visitor.rooms.size >= limits.threads)
    throw threadsErrors.rateLimited({ message: `a socket can follow ${limits.threads} threads` })
  // A socket that left meanwhile would stay for ever.
  if (!visitor.socket.connected) throw threadsErrors.threadNotFound()
  const room = rooms.open(visitor.socket.nsp, threadId)
  room.add(visitor)
  return room
}

/** A change between the gate and the room went past both. */
async function assertStillIn({ store }: ThreadsDeps, { caller }: Visitor, threadId: string): Promise<void> {
  const [thread, member] = await Promise.all([
    store.findThread(threadId),
    store.findMember(threadId, caller.identity.id),
  ])
  if (!thread || !canSee(caller, thread.tenant)) throw threadsErrors.threadNotFound()
  if (!member) throw threadsErrors.notAMember()
}

/** `isHistoryGone`: the log begins after the first event that was missed. */
type Replay = { events: StoredEvent[]; isTruncated: boolean; isHistoryGone: boolean }

const nothingMissed: Replay = { events: [], isTruncated: false, isHistoryGone: false }

async function readReplay(
  { deps, limits }: JoinParts,
  threadId: string,
  since: EventCursor,
): Promise<Replay> {
  const { log } = deps.ground
  const { replayCap } = deps.options
  const after = 'seq' in since ? since.seq : await seqAtOrBefore(log, threadId, toThreadPosition(since))
  let first = 0
  const missed = forwards({
    log,
    threadId,
    after,
    wanted: replayCap + 1,
    onFirst: (seq) => {
      first = seq
    },
  })
  const { events, hasMore } = await take(missed, { most: replayCap, maxChars: limits.replayChars })
  return { events, isTruncated: hasMore, isHistoryGone: first > after + 1 }
}
