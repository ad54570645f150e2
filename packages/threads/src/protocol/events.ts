// What a thread's log holds, as a server sends it: members that this version does not know are kept.
import * as z from 'zod/mini'
import { ReceivedIdentity } from './identity.js'
import { ReceivedPart } from './received-part.js'
import { jsonObject, keeping, orElse, orNull } from './shapes.js'
import { TenantScope } from './tenant.js'

/** Why a run failed. */
export const RunError = keeping({ code: z.string(), message: z.string() })
export type RunError = z.infer<typeof RunError>

const common = {
  id: z.string(),
  thread_id: z.string(),
  /** Position in the thread: 1, 2, 3 … */
  seq: z.int().check(z.minimum(1)),
  /** Set on everything that a run emits. */
  run_id: orNull(z.string()),
  author: ReceivedIdentity,
  /** ISO-8601; strictly increasing in a thread. */
  created_at: z.string(),
  metadata: orElse(jsonObject, () => ({})),
  /** The sender's own id. */
  client_id: orNull(z.string()),
  /** Ids of the members it is for; null means all. */
  recipients: orNull(z.array(z.string())),
}

const content = z.array(ReceivedPart)

/** Somebody said something. */
export const MessageEvent = keeping({ ...common, type: z.literal('message'), content })
export type MessageEvent = z.infer<typeof MessageEvent>

/** An assistant thought aloud. */
export const ReasoningEvent = keeping({ ...common, type: z.literal('reasoning'), content: z.string() })
export type ReasoningEvent = z.infer<typeof ReasoningEvent>

/** An assistant calls a tool. `arguments` is any JSON; absent means null. */
export const ToolCallEvent = keeping({
  ...common,
  type: z.literal('tool.call'),
  tool: keeping({ id: z.string(), name: z.string(), arguments: orNull(z.unknown()) }),
})
export type ToolCallEvent = z.infer<typeof ToolCallEvent>

const aboutTool = keeping({ id: z.string() })

/** Somebody let a tool run that needed it. `target_id` is the event of the call. */
export const ToolApprovedEvent = keeping({
  ...common,
  type: z.literal('tool.approved'),
  target_id: z.string(),
  tool: aboutTool,
  reason: orNull(z.string()),
})
export type ToolApprovedEvent = z.infer<typeof ToolApprovedEvent>

/** Somebody did not let a tool run. `target_id` is the event of the call. */
export const ToolRejectedEvent = keeping({
  ...common,
  type: z.literal('tool.rejected'),
  target_id: z.string(),
  tool: aboutTool,
  reason: orNull(z.string()),
})
export type ToolRejectedEvent = z.infer<typeof ToolRejectedEvent>

/** Nobody said in time whether a tool may run. `target_id` is the event of the call. */
export const ToolExpiredEvent = keeping({
  ...common,
  type: z.literal('tool.expired'),
  target_id: z.string(),
  tool: aboutTool,
})
export type ToolExpiredEvent = z.infer<typeof ToolExpiredEvent>

/** Nobody answered a form in time. `target_id` is the message that asked. */
export const FormExpiredEvent = keeping({
  ...common,
  type: z.literal('form.expired'),
  target_id: z.string(),
  form_id: z.string(),
})
export type FormExpiredEvent = z.infer<typeof FormExpiredEvent>

/** What a tool answered: `tool.id` is that of the call. */
export const ToolResultEvent = keeping({
  ...common,
  type: z.literal('tool.result'),
  tool: keeping({ id: z.string(), result: orNull(z.unknown()), error: orNull(jsonObject) }),
})
export type ToolResultEvent = z.infer<typeof ToolResultEvent>

/** The author corrected a message: readers show `content` in its place. */
export const MessageEditedEvent = keeping({
  ...common,
  type: z.literal('message.edited'),
  target_id: z.string(),
  content,
})
export type MessageEditedEvent = z.infer<typeof MessageEditedEvent>

/** The author took a message back: readers show it no more. */
export const MessageDeletedEvent = keeping({
  ...common,
  type: z.literal('message.deleted'),
  target_id: z.string(),
})
export type MessageDeletedEvent = z.infer<typeof MessageDeletedEvent>

/** First event of every thread. */
export const ThreadCreatedEvent = keeping({
  ...common,
  type: z.literal('thread.created'),
  thread: keeping({ id: z.string(), tenant: TenantScope }),
})
export type ThreadCreatedEvent = z.infer<typeof ThreadCreatedEvent>

/** Somebody became a member. */
export const ThreadMemberAddedEvent = keeping({
  ...common,
  type: z.literal('thread.member_added'),
  member: ReceivedIdentity,
})
export type ThreadMemberAddedEvent = z.infer<typeof ThreadMemberAddedEvent>

/** Somebody is no member any more. */
export const ThreadMemberRemovedEvent = keeping({
  ...common,
  type: z.literal('thread.member_removed'),
  member: ReceivedIdentity,
})
export type ThreadMemberRemovedEvent = z.infer<typeof ThreadMemberRemovedEvent>

/** The thread is visible to others now. */
export const ThreadTenantChangedEvent = keeping({
  ...common,
  type: z.literal('thread.tenant_changed'),
  from: TenantScope,
  to: TenantScope,
})
export type ThreadTenantChangedEvent = z.infer<typeof ThreadTenantChangedEvent>

/** An assistant set to work. */
export const RunStartedEvent = keeping({ ...common, type: z.literal('run.started') })
export type RunStartedEvent = z.infer<typeof RunStartedEvent>

/** An assistant is done. */
export const RunCompletedEvent = keeping({ ...common, type: z.literal('run.completed') })
export type RunCompletedEvent = z.infer<typeof RunCompletedEvent>

/** An assistant could not go on. */
export const RunFailedEvent = keeping({ ...common, type: z.literal('run.failed'), error: RunError })
export type RunFailedEvent = z.infer<typeof RunFailedEvent>

/** An assistant was stopped. */
export const RunCancelledEvent = keeping({ ...common, type: z.literal('run.cancelled') })
export type RunCancelledEvent = z.infer<typeof RunCancelledEvent>

const known = [
  MessageEvent,
  ReasoningEvent,
  ToolCallEvent,
  ToolApprovedEvent,
  ToolRejectedEvent,
  ToolExpiredEvent,
  ToolResultEvent,
  FormExpiredEvent,
  MessageEditedEvent,
  MessageDeletedEvent,
  ThreadCreatedEvent,
  ThreadMemberAddedEvent,
  ThreadMemberRemovedEvent,
  ThreadTenantChangedEvent,
  RunStartedEvent,
  RunCompletedEvent,
  RunFailedEvent,
  RunCancelledEvent,
] as const

/** One entry of a thread's log. `parse` refuses unknown types; `parseEvent` keeps them. */
export const ThreadEvent = z.discriminatedUnion('type', known)
export type ThreadEvent = z.infer<typeof ThreadEvent>

/** The name of a kind of event. */
export type ThreadEventType = ThreadEvent['type']

/** An event of a type that this version does not know, with everything that it came with. */
export const UnknownEvent = keeping({ ...common, type: z.string() })
export type UnknownEvent = z.infer<typeof UnknownEvent>

const knownTypes: ReadonlySet<string> = new Set(known.flatMap(({ shape }) => shape.type.def.values))

/** True for an event of a type that this version knows, so that a switch over `type` narrows. */
export function isKnownEvent(event: ThreadEvent | UnknownEvent): event is ThreadEvent {
  return knownTypes.has(event.type)
}

/** Reads an event. Unknown types and members are kept; throws for what is no event, or a broken one of a known type. */
export function parseEvent(value: unknown): ThreadEvent | UnknownEvent {
  const event = UnknownEvent.parse(value)
  return isKnownEvent(event) ? ThreadEvent.parse(value) : event
}
