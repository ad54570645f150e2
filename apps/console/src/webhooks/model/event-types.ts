import type { ThreadEventType } from '@parley/threads/protocol'

/** What a webhook can be told of, in the order in which people look for it. A record: none can be forgotten. */
const all: Record<ThreadEventType, true> = {
  message: true,
  'message.edited': true,
  'message.deleted': true,
  reasoning: true,
  'tool.call': true,
  'tool.approved': true,
  'tool.rejected': true,
  'tool.expired': true,
  'tool.result': true,
  'form.expired': true,
  'thread.created': true,
  'thread.member_added': true,
  'thread.member_removed': true,
  'thread.tenant_changed': true,
  'run.started': true,
  'run.completed': true,
  'run.failed': true,
  'run.cancelled': true,
}

export const eventTypes: readonly string[] = Object.keys(all)
