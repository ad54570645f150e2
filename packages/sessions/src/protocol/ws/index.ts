// Types of the contract's `/ws`: the per-session socket (sections 3.1 and 14.7).

import type { PermissionResponseBody } from '../session.js'

/** What happened, as every door sends it. */
export type WireEvent = { type: string; data: Record<string, unknown>; timestamp: string }

export type WsEventMessage = { type: 'event'; timestamp: string; event: WireEvent }
export type WsConnectedMessage = { type: 'connected'; sessionId: string }
export type WsErrorMessage = { type: 'error'; message: string }
export type WsServerMessage = WsEventMessage | WsConnectedMessage | WsErrorMessage

export type WsPromptAction = { action: 'prompt'; text: string }
export type WsPermissionRespondAction = {
  action: 'permission.respond'
  requestId: string
  body: PermissionResponseBody
}
export type WsCancelAction = { action: 'cancel'; queueId?: string }
export type WsTerminateAction = { action: 'terminate' }
export type WsPingAction = { action: 'ping' }
export type WsQueueReorderAction = { action: 'queue.reorder'; order: string[] }
export type WsQueueClearAction = { action: 'queue.clear' }
export type WsQueuePauseAction = { action: 'queue.pause' }
export type WsQueueResumeAction = { action: 'queue.resume' }
export type WsControlMessage =
  | WsPromptAction
  | WsPermissionRespondAction
  | WsCancelAction
  | WsTerminateAction
  | WsPingAction
  | WsQueueReorderAction
  | WsQueueClearAction
  | WsQueuePauseAction
  | WsQueueResumeAction
