// Payloads that a server pushes, beside events, threads and runs: members that this version does not know are kept.
import * as z from 'zod/mini'
import { RunError } from './events.js'
import { ReceivedIdentity } from './identity.js'
import { keeping, orNull, whole } from './shapes.js'

const thread_id = z.string()

/** `members:updated`: who is in the thread now. These are identities, not member records. */
export const MembersUpdated = keeping({ thread_id, members: z.array(ReceivedIdentity) })
export type MembersUpdated = z.infer<typeof MembersUpdated>

/** `thread:deleted`. */
export const ThreadDeleted = keeping({ thread_id })
export type ThreadDeleted = z.infer<typeof ThreadDeleted>

/** `thread:left`: this socket gets nothing more of the thread. */
export const ThreadLeft = keeping({ thread_id, reason: z.enum(['removed', 'tenant_changed', 'deleted']) })
export type ThreadLeft = z.infer<typeof ThreadLeft>

/** `stream:start`: an assistant begins to write what will be the event `event_id`. */
export const StreamStart = keeping({
  event_id: z.string(),
  thread_id,
  run_id: z.string(),
  target_type: z.enum(['message', 'reasoning']),
  author: ReceivedIdentity,
})
export type StreamStart = z.infer<typeof StreamStart>

/**
 * `stream:delta`: from `offset` on (in units of a JavaScript string) the text is `text`. Whoever comes late gets
 * `stream:start` and one delta from 0; whoever was there cuts its text at `offset` and appends.
 */
export const StreamDelta = keeping({ event_id: z.string(), thread_id, text: z.string(), offset: whole })
export type StreamDelta = z.infer<typeof StreamDelta>

/** `stream:end`: without an error the stored event follows, else nothing does. */
export const StreamEnd = keeping({ event_id: z.string(), thread_id, error: orNull(RunError) })
export type StreamEnd = z.infer<typeof StreamEnd>

/** `presence:updated`: ids of the members with a socket in the thread. */
export const PresenceUpdated = keeping({ thread_id, online: z.array(z.string()) })
export type PresenceUpdated = z.infer<typeof PresenceUpdated>

/** `typing`: somebody writes. Forget it at `until` (ISO-8601), or when a message of theirs comes. */
export const Typing = keeping({ thread_id, identity_id: z.string(), until: z.string() })
export type Typing = z.infer<typeof Typing>

/** `read:updated`: somebody has read up to `seq`. */
export const ReadUpdated = keeping({ thread_id, identity_id: z.string(), seq: whole })
export type ReadUpdated = z.infer<typeof ReadUpdated>
