// Types of the contract's `/ws/channels`: the channel socket (sections 3.2 and 14.8).

import type { PermissionResponseBody } from '../session.js'
import type { WireEvent } from './index.js'

/** `agents`, `session:ID`, `session:ID:fs`, `terminals:TID` … (section 3.2.2). */
export type Channel = string

export type WsChannelConnectedMessage = { type: 'connected'; connectionId: string }
/** Comes after the replay of the channel. `truncated`: events after `since` are gone. */
export type WsSubscribedMessage = { type: 'subscribed'; channel: Channel; truncated?: boolean }
export type WsUnsubscribedMessage = { type: 'unsubscribed'; channel: Channel }
export type WsChannelEventMessage = {
  type: 'event'
  channel: Channel
  sessionId: string
  agentId: string
  seq: number
  event: WireEvent
}
/** What the wire really holds: events of terminals of a runtime have no session. */
export type WsAnyChannelEventMessage = Omit<WsChannelEventMessage, 'sessionId' | 'agentId'> & {
  sessionId?: string
  agentId?: string
}
export type WsSessionCreatedMessage = { type: 'session.created'; sessionId: string; agentId: string }
export type WsSessionTerminatedMessage = { type: 'session.terminated'; sessionId: string; agentId: string }
export type WsChannelErrorMessage = { type: 'error'; message: string; channel?: Channel }
export type WsPongMessage = { type: 'pong' }
export type WsChannelServerMessage =
  | WsChannelConnectedMessage
  | WsSubscribedMessage
  | WsUnsubscribedMessage
  | WsChannelEventMessage
  | WsSessionCreatedMessage
  | WsSessionTerminatedMessage
  | WsChannelErrorMessage
  | WsPongMessage

export type WsSubscribeAction = { action: 'subscribe'; channel: Channel; since?: number }
export type WsUnsubscribeAction = { action: 'unsubscribe'; channel: Channel }
export type WsChannelPromptAction = { action: 'prompt'; sessionId: string; text: string }
export type WsChannelPermissionRespondAction = {
  action: 'permission.respond'
  sessionId: string
  requestId: string
  body: PermissionResponseBody
}
export type WsChannelCancelAction = { action: 'cancel'; sessionId: string; queueId?: string }
export type WsChannelTerminateAction = { action: 'terminate'; sessionId: string }
export type WsChannelQueueReorderAction = { action: 'queue.reorder'; sessionId: string; order: string[] }
export type WsChannelQueueClearAction = { action: 'queue.clear'; sessionId: string }
export type WsChannelQueuePauseAction = { action: 'queue.pause'; sessionId: string }
export type WsChannelQueueResumeAction = { action: 'queue.resume'; sessionId: string }
export type WsChannelPingAction = { action: 'ping' }
export type WsChannelTerminalCreateAction = {
  action: 'terminal.create'
  sessionId?: string
  /** The program, without arguments; default `/bin/sh`. */
  data?: string
  cols?: number
  rows?: number
}
export type WsChannelTerminalInputAction = { action: 'terminal.input'; terminalId: string; data: string }
export type WsChannelTerminalResizeAction = {
  action: 'terminal.resize'
  terminalId: string
  cols: number
  rows: number
}
export type WsChannelTerminalKillAction = { action: 'terminal.kill'; terminalId: string }
export type WsChannelFsSnapshotAction = { action: 'fs.snapshot'; sessionId: string; path?: string }
export type WsChannelFilePreviewAction = { action: 'file.preview'; sessionId: string; path: string }
export type WsChannelControlMessage =
  | WsSubscribeAction
  | WsUnsubscribeAction
  | WsChannelPromptAction
  | WsChannelPermissionRespondAction
  | WsChannelCancelAction
  | WsChannelTerminateAction
  | WsChannelQueueReorderAction
  | WsChannelQueueClearAction
  | WsChannelQueuePauseAction
  | WsChannelQueueResumeAction
  | WsChannelPingAction
  | WsChannelTerminalCreateAction
  | WsChannelTerminalInputAction
  | WsChannelTerminalResizeAction
  | WsChannelTerminalKillAction
  | WsChannelFsSnapshotAction
  | WsChannelFilePreviewAction
