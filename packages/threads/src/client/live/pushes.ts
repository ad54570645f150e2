import type { FrameHandlers } from '../socket/frames.js'
import { isOver } from './run-list.js'
import type { ThreadState } from './state.js'
import type { Sync } from './sync.js'

export type PushParts = {
  state: ThreadState
  sync: Sync
  /** Asks for the records of the members. */
  readMembers(): void
}

/** What a thread does with what the server pushes. */
export function createPushHandlers({ state, sync, readMembers }: PushParts): FrameHandlers {
  const { log, streams } = state
  return {
    event: (event) => {
      // What comes before the first look is in it.
      if (!sync.isLoaded || sync.isOver) return
      state.applied(log.push(event))
      if (log.isBehind) sync.wake()
    },
    'thread:updated': (thread) => state.takeThread(thread),
    // Identities only: the records have to be asked for.
    'members:updated': () => readMembers(),
    'run:updated': (run) => {
      state.runs.take(run)
      if (isOver(run)) streams.forgetRun(run.id)
      state.changed()
    },
    'thread:deleted': () => sync.end('gone'),
    'thread:left': () => sync.end('gone'),
    'stream:start': (frame) => {
      if (log.hasId(frame.event_id)) return
      streams.start(frame)
      state.changed()
    },
    'stream:delta': (frame) => {
      streams.delta(frame)
      state.changed()
    },
    'stream:end': (frame) => {
      streams.end(frame)
      state.changed()
    },
    'presence:updated': ({ online }) => state.takeOnline(online),
    typing: (frame) => state.typists.take(frame),
    'read:updated': ({ identity_id, seq }) => state.takeRead(identity_id, seq),
  }
}
