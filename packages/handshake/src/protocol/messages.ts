// Answers of the HTTP routes, and the requests as clients write them. Answers may carry further members.
import * as z from 'zod/mini'
import { Context, SchemaField } from './field.js'

/** Body of every refusal. */
export const ErrorAnswer = z.looseObject({ error: z.string() })
export type ErrorAnswer = z.infer<typeof ErrorAnswer>

/** What a page asks for when it creates a session. */
export const CreateSessionRequest = z.looseObject({
  mode: z.optional(z.string()),
  schema: z.optional(z.array(SchemaField)),
  context: z.optional(z.record(z.string(), z.unknown())),
  data: z.optional(z.record(z.string(), z.unknown())),
  meta: z.optional(z.record(z.string(), z.unknown())),
  sealed: z.optional(z.boolean()),
})
export type CreateSessionRequest = z.infer<typeof CreateSessionRequest>

/** Answer of creating: credentials and paths, to be appended to the base URL verbatim. */
export const SessionInfo = z.looseObject({
  sessionId: z.string(),
  token: z.string(),
  wsUrl: z.string(),
  contextUrl: z.string(),
  actionUrl: z.string(),
  diffUrl: z.string(),
  notifyUrl: z.string(),
  extendUrl: z.optional(z.string()),
  expiresIn: z.number(),
  sealed: z.optional(z.boolean()),
  claimUrl: z.optional(z.string()),
  codeExpiresIn: z.optional(z.number()),
})
export type SessionInfo = z.infer<typeof SessionInfo>

const state = {
  sessionId: z.string(),
  mode: z.nullish(z.string()),
  meta: z.record(z.string(), z.unknown()),
  /** Seconds. */
  expiresIn: z.number(),
  /**
   * Head of the session's log: a socket opened with `?after=<seq>` continues from this answer. Our server sends it as
   * the header `X-Handshake-Seq`, and our client puts it here.
   */
  seq: z.optional(z.int()),
}

/** State of a form. */
export const FormContextAnswer = z.looseObject({
  ...state,
  schema: z.array(SchemaField),
  context: Context,
  missing: z.array(z.string()),
})
export type FormContextAnswer = z.infer<typeof FormContextAnswer>

/** State of a session in a mode without a schema. */
export const DataContextAnswer = z.looseObject({ ...state, data: z.record(z.string(), z.unknown()) })
export type DataContextAnswer = z.infer<typeof DataContextAnswer>

/** Answer of `GET context`. */
export const ContextAnswer = z.union([FormContextAnswer, DataContextAnswer])
export type ContextAnswer = z.infer<typeof ContextAnswer>

/** One write of a batch. */
export const Action = z.looseObject({
  type: z.optional(z.literal('set')),
  key: z.string(),
  value: z.optional(z.unknown()),
})
export type Action = z.infer<typeof Action>

/** A batch of writes. */
export const ActionBody = z.looseObject({
  actions: z.optional(z.array(Action)),
  stream: z.optional(z.boolean()),
  intervalMs: z.optional(z.number()),
})
export type ActionBody = z.infer<typeof ActionBody>

/** Why one action was not applied. */
export const ActionErrorEntry = z.union([
  z.looseObject({ key: z.string(), msg: z.string() }),
  z.looseObject({ action: z.unknown(), msg: z.string() }),
])

/** Report of a batch. `missing` and `context` exist for forms only. */
export const ActionAnswer = z.looseObject({
  ok: z.literal(true),
  applied: z.array(z.string()),
  rejected: z.array(z.string()),
  errors: z.array(ActionErrorEntry),
  missing: z.optional(z.array(z.string())),
  context: z.optional(Context),
  broadcast: z.optional(
    z.looseObject({ clients: z.number(), actionMessages: z.number(), doneMessages: z.number() }),
  ),
})
export type ActionAnswer = z.infer<typeof ActionAnswer>

/** Who made a change; `agent` is the agent in a mode without a schema. */
export const ChangeBy = z.enum(['ai', 'user', 'user_edit', 'agent', 'empty'])

/** One change of a field. */
export const Change = z.looseObject({
  key: z.string(),
  from: z.unknown(),
  to: z.unknown(),
  by: ChangeBy,
  at: z.string(),
  seq: z.optional(z.int()),
})
export type Change = z.infer<typeof Change>

/** Answer of `GET diff`, oldest first. `truncated`: dropped changes may have matched. */
export const DiffAnswer = z.looseObject({
  sessionId: z.string(),
  since: z.string(),
  changes: z.array(Change),
  nextSince: z.optional(z.string()),
  truncated: z.optional(z.boolean()),
})
export type DiffAnswer = z.infer<typeof DiffAnswer>

/** Body of a user edit over HTTP. */
export const NotifyBody = z.looseObject({ key: z.string(), value: z.optional(z.unknown()) })
export type NotifyBody = z.infer<typeof NotifyBody>

/** Answer of a user edit. */
export const NotifyAnswer = z.looseObject({ ok: z.literal(true) })
export type NotifyAnswer = z.infer<typeof NotifyAnswer>

/** Body of `extend`. */
export const ExtendBody = z.looseObject({ extraSeconds: z.optional(z.union([z.number(), z.string()])) })
export type ExtendBody = z.infer<typeof ExtendBody>

/** Answer of `extend`: seconds granted and seconds that remain. */
export const ExtendAnswer = z.looseObject({
  ok: z.literal(true),
  extended: z.number(),
  expiresIn: z.number(),
})
export type ExtendAnswer = z.infer<typeof ExtendAnswer>

/** Body of `claim`. */
export const ClaimBody = z.looseObject({
  nonce: z.optional(z.string()),
  label: z.optional(z.string()),
  agent: z.optional(z.string()),
})
export type ClaimBody = z.infer<typeof ClaimBody>

/** Answer of `claim`: from now on only `agentToken` opens the agent's routes. */
export const ClaimAnswer = z.looseObject({
  ok: z.optional(z.literal(true)),
  agentToken: z.string(),
  claimId: z.optional(z.string()),
  expiresIn: z.number(),
  contextUrl: z.optional(z.string()),
  actionUrl: z.optional(z.string()),
  diffUrl: z.optional(z.string()),
  extendUrl: z.optional(z.string()),
})
export type ClaimAnswer = z.infer<typeof ClaimAnswer>

/** Answer of `DELETE session`. */
export const RevokeAnswer = z.looseObject({ ok: z.literal(true), revoked: z.literal(true) })
export type RevokeAnswer = z.infer<typeof RevokeAnswer>

/** One step of a session's life. Never holds a token. */
export const AuditRecord = z.looseObject({
  at: z.string(),
  kind: z.string(),
  sessionId: z.string(),
  actor: z.looseObject({ kind: z.enum(['agent', 'browser', 'server']), id: z.nullish(z.string()) }),
  /** Hash of the caller's address. */
  remote: z.nullish(z.string()),
  detail: z.optional(z.unknown()),
})
export type AuditRecord = z.infer<typeof AuditRecord>

/** Answer of `GET audit`. */
export const AuditAnswer = z.looseObject({ records: z.array(AuditRecord) })
export type AuditAnswer = z.infer<typeof AuditAnswer>

/** Answer of `GET prompt`. */
export const PromptAnswer = z.looseObject({ prompt: z.string() })
export type PromptAnswer = z.infer<typeof PromptAnswer>

/** Answer of `GET /.well-known/handshake-prompt`. */
export const WellKnownAnswer = z.looseObject({
  hpp: z.array(z.string()),
  prefix: z.string(),
  wsPrefix: z.string(),
  features: z.array(z.string()),
})
export type WellKnownAnswer = z.infer<typeof WellKnownAnswer>
