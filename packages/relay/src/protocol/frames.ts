import type { OutboundAction, OutboundResult } from './actions.js'
import type { CapabilityDescriptor } from './descriptor.js'
import type { MessageEvent } from './message-event.js'
import type { PassthroughWire } from './passthrough.js'

/** A bot on a platform. */
export type BotIdentity = { platform: string; botId: string }

/** Frames of a gateway (contract 2.7). */
export type GatewayFrame =
  | { type: 'hello'; platform: string; botId: string; command_manifest?: unknown }
  | { type: 'outbound'; requestId: string; action: OutboundAction; platform?: string; botId?: string }
  | { type: 'interrupt'; session_key: string; reason: string | null }
  | { type: 'going_idle' }
  | { type: 'inbound_ack'; bufferId: string }

/** Frames of the connector (contract 2.7). */
export type ConnectorFrame =
  | { type: 'descriptor'; descriptor: CapabilityDescriptor }
  | { type: 'inbound'; event: MessageEvent; bufferId?: string }
  | { type: 'outbound_result'; requestId: string; result: OutboundResult }
  | { type: 'interrupt_inbound'; session_key: string; chat_id: string }
  | { type: 'passthrough_forward'; forward: PassthroughWire; bufferId?: string }
  | { type: 'going_idle_ack' }
