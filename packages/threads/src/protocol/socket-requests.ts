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
  type MessageEdit,
  parseInvocation,
  parseMessageEdit,
  parseReadMark,
  type ReadMark,
} from './requests.js'
import { nameText } from './shapes.js'

const id = nameText(lengths.id)
const ofThread = z.object({ thread_id: id })
const ofRun = z.object({ run_id: id })
const ofToolCall = z.object({ thread_id: id, call_id: z.string().check(z.minLength(1)) })
const ofEvent = z.object({ thread_id: id, event_id: id })

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

/** The event that a payload is about: what `message:delete` carries. */
export function parseEventPayload(payload: unknown): { threadId: string; eventId: string } {
  const { thread_id, event_id } = readAs(ofEvent, payload, 'payload')
  return { threadId: thread_id, eventId: event_id }
}

/** Reads the payload of `message:edit`. */
export function parseEditPayload(
  payload: unknown,
  options: ContentOptions = {},
): MessageEdit & { threadId: string; eventId: string } {
  return { ...parseEventPayload(payload), ...parseMessageEdit(payload, options) }
}

/** Reads the payload of `assistant:invoke`. */
export function parseInvokePayload(payload: unknown): Invocation & { threadId: string } {
  return { ...parseThreadPayload(payload), ...parseInvocation(payload) }
}

/** The call of a tool that a payload is about: what `tool:approve` and `tool:reject` carry beside the reason. */
export function parseToolCallPayload(payload: unknown): { threadId: string; callId: string } {
  const { thread_id, call_id } = readAs(ofToolCall, payload, 'payload')
  return { threadId: thread_id, callId: call_id }
}

/** Reads the payload of `run:cancel`. */
export function parseCancelPayload(payload: unknown): { runId: string } {
  return { runId: readAs(ofRun, payload, 'payload').run_id }
}

/** Reads the payload of `thread:read`. */
export function parseReadPayload(payload: unknown): ReadMark & { threadId: string } {
  return { ...parseThreadPayload(payload), ...parseReadMark(payload) }
}
