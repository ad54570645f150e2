// Bodies of requests over HTTP. Members that a body need not have may be null; members that nobody knows are ignored,
// except in drafts and identities. Every parser throws `threads.invalid_request` or `threads.payload_too_large`.

import type { JsonObject } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { type DraftOptions, EventDraft, eventDraftSchema } from './draft.js'
import { Identity } from './identity.js'
import { defaultLimits, lengths } from './limits.js'
import { type ContentPart, contentSchema } from './parts.js'
import { readAs } from './read.js'
import { metadataObject, nameText, orElse, orNull, whole } from './shapes.js'
import { type TenantScope, tenantSchema } from './tenant.js'

/** A thread that is to be created. */
export type CreateThread = { tenant?: TenantScope; metadata?: JsonObject }

const threadMembers = z.object({
  tenant: z.nullish(tenantSchema()),
  metadata: z.nullish(metadataObject()),
})

/** Reads the body of `POST /threads`. */
export function parseCreateThread(body: unknown): Required<CreateThread> {
  const { tenant, metadata } = readAs(threadMembers, body, 'body')
  return { tenant: tenant ?? {}, metadata: metadata ?? {} }
}

/** Reads the body of `PATCH /threads/:id`: only what is to be replaced is there. */
export function parseThreadPatch(body: unknown): CreateThread {
  const { tenant, metadata } = readAs(threadMembers, body, 'body')
  return { ...(tenant && { tenant }), ...(metadata && { metadata }) }
}

/** Somebody who is to become a member. */
export type AddMember = { identity: Identity; role: string }

const addMember = z.object({
  identity: Identity,
  role: orElse(nameText(lengths.role), () => 'member'),
})

/** Reads the body of `POST /threads/:id/members`. The role is `member` when it says none. */
export function parseAddMember(body: unknown): AddMember {
  return readAs(addMember, body, 'body')
}

/** Which assistants are to run. */
export type Invocation = {
  /** Each once, in the order asked. */
  assistantIds: string[]
  idempotencyKey?: string
  /** What happens where one runs already: that run is answered, one more follows it, or nothing is started at all. */
  ifActive: 'return' | 'queue' | 'refuse'
}

const invocation = z.object({
  assistant_ids: z.array(nameText(lengths.id)).check(z.minLength(1), z.maxLength(defaultLimits.assistants)),
  idempotency_key: z.nullish(nameText(lengths.idempotencyKey)),
  if_active: orElse<Invocation['ifActive']>(z.enum(['return', 'queue', 'refuse']), () => 'return'),
})

/** Reads the body of `POST /threads/:id/invocations`. */
export function parseInvocation(body: unknown): Invocation {
  const { assistant_ids, idempotency_key, if_active } = readAs(invocation, body, 'body')
  return {
    assistantIds: [...new Set(assistant_ids)],
    ...(idempotency_key && { idempotencyKey: idempotency_key }),
    ifActive: if_active,
  }
}

/** What the users of a server may send in parts. */
export type ContentOptions = Pick<DraftOptions, 'urlSchemes'>

/** Reads the body of `POST /threads/:id/messages`. It stays in the shape of the wire. */
export function parseEventDraft(body: unknown, options: ContentOptions = {}): EventDraft {
  return readAs(draftSchemaFor(options), body, 'body')
}

/** New content of a message. */
export type MessageEdit = { content: ContentPart[] }

/** Reads the body of `PATCH /threads/:id/events/:event_id`. */
export function parseMessageEdit(body: unknown, options: ContentOptions = {}): MessageEdit {
  return readAs(schemasFor(options).edit, body, 'body')
}

/** How far somebody has read. */
export type ReadMark = { seq: number }

const readMark = z.object({ seq: whole })

/** Reads the body of `POST /threads/:id/read`. */
export function parseReadMark(body: unknown): ReadMark {
  return readAs(readMark, body, 'body')
}

/** Why somebody approves or rejects a call of a tool. */
export type Verdict = { reason: string | null }

const verdict = z.object({ reason: orNull(z.string().check(z.maxLength(lengths.reason))) })

/** Reads the body of `POST /threads/:id/tool-calls/:call_id/approve` and of its twin `reject`. */
export function parseVerdict(body: unknown): Verdict {
  return readAs(verdict, body, 'body')
}

type ContentSchemas = { draft: z.ZodMiniType<EventDraft>; edit: z.ZodMiniType<MessageEdit> }

const plain: ContentSchemas = { draft: EventDraft, edit: z.object({ content: contentSchema() }) }

// A server gives the same list with every message; its schemas are made once.
const made = new WeakMap<readonly string[], ContentSchemas>()

/** The schema of drafts that fits the options; the same one for the same list of schemes. */
export function draftSchemaFor(options: ContentOptions): z.ZodMiniType<EventDraft> {
  return schemasFor(options).draft
}

function schemasFor({ urlSchemes }: ContentOptions): ContentSchemas {
  if (!urlSchemes || urlSchemes.length === 0) return plain
  const known = made.get(urlSchemes)
  if (known) return known
  const edit = z.object({ content: contentSchema({ urlSchemes }) })
  const schemas = { draft: eventDraftSchema({ urlSchemes }), edit }
  made.set(urlSchemes, schemas)
  return schemas
}
