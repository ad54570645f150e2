// Payloads of socket events from clients. Every parser throws `threads.invalid_request` or
// `threads.payload_too_large`, also for a payload that is no object.
import * as z from 'zod/mini'
import { eventCursorSchema } from './cursors.js'
import type { EventDraft } from './draft.js'
import { lengths } from './limits.js'
import type { EventCursor } from './objects.js'
import { readAs } from './read.js'
import {
  type ContentOptions,
  draftSchemaFor,
  type Invocation,
  parseInvocation,
  parseReadMark,
  type ReadMark,
} from './requests.js'
import { nameText } from './shapes.js'

const id = nameText(lengths.id)
const ofThread = z.object({ thread_id: id })
const ofRun = z.object({ run_id: id })

/** The thread that a payload is about. Also what `thread:leave` and `typing` carry. */
export function parseThreadPayload(payload: unknown): { threadId: string } {
  return { threadId: readAs(ofThread, payload, 'payload').thread_id }
}

/** Whom to follow, and after which place; without one there is no replay. */
export type JoinPayload = { threadId: string; since?: EventCursor }

const join = z.object({ thread_id: id, since: z.nullish(eventCursorSchema) })

/** Reads the payload of `thread:join`. */
export function parseJoinPayload(payload: unknown): JoinPayload {
  const { thread_id, since } = readAs(join, payload, 'payload')
  return { threadId: thread_id, ...(since && { since }) }
}

/** Reads the payload of `message:send`. */
export function parseSendPayload(
  payload: unknown,
  options: ContentOptions = {},
): { threadId: string; draft: EventDraft } {
  const { threadId } = parseThreadPayload(payload)
  return { threadId, draft: readAs(z.object({ draft: draftSchemaFor(options) }), payload, 'payload').draft }
}

/** Reads the payload of `assistant:invoke`. */
export function parseInvokePayload(payload: unknown): Invocation & { threadId: string } {
  return { ...parseThreadPayload(payload), ...parseInvocation(payload) }
}

/** Reads the payload of `run:cancel`. */
export function parseCancelPayload(payload: unknown): { runId: string } {
  return { runId: readAs(ofRun, payload, 'payload').run_id }
}

/** Reads the payload of `thread:read`. */
export function parseReadPayload(payload: unknown): ReadMark & { threadId: string } {
  return { ...parseThreadPayload(payload), ...parseReadMark(payload) }
}
