// The gateway's half of the contract as an interface (contract 13.1 to 13.6). Checked by structure: no class to inherit from.

import type {
  CapabilityDescriptor,
  ChatInfo,
  FollowUpAction,
  MessageEvent,
  OutboundAction,
  OutboundResult,
  PassthroughForward,
} from '../protocol/index.js'

/** One delivery of an entry. `bufferId` only when the connector buffered it: then it comes again until it is acked. */
export type Delivery = {
  readonly bufferId?: string
  /** Resolves when the acknowledgement was written, or dropped for want of a connection: then the entry comes again. */
  ack(): Promise<void>
  /** Lets the next event of the chat be handled before this handler has returned. For handlers that keep order themselves. */
  release?(): void
}

/**
 * Called with each event, those of one chat one after another in the order of arrival. When it resolves, the entry is
 * acked; when it rejects, it is not, and comes again.
 */
export type InboundHandler = (event: MessageEvent, delivery: Delivery) => Promise<void>

/** Called with each forward; acks it itself, after it has taken it. */
export type PassthroughHandler = (
  forward: PassthroughForward,
  bufferId: string | undefined,
  delivery: Delivery,
) => Promise<void>

/** Called when the turn of a session is to be cancelled. An unknown key is nothing to do. */
export type InterruptHandler = (sessionKey: string, chatId: string) => Promise<void> | void

/** `disabled`: the connector has revoked this gateway; it is not dialled any more. */
export type TransportState =
  | { state: 'idle' | 'connecting' | 'open' | 'connected' | 'dormant' | 'closed' }
  /** `retryInMs`: until the next dial. */
  | { state: 'waiting'; retryInMs: number; reason: string }
  | { state: 'disabled'; error: 'relay_disabled' }

/** What carries actions to a connector and events from it. Handlers first, then `connect`, `handshake`, then the rest. */
export interface RelayTransport {
  /** True when the connection is open, also when it was before. False when the dial failed or was refused; never rejects. */
  connect(): Promise<boolean>
  /** Closes for good. Waits `graceMs` (default 5,000) for pending results; every one is settled when it resolves. */
  disconnect(options?: { graceMs?: number }): Promise<void>
  /** The first descriptor. Rejects with `relay transport not connected` before `connect`; the same until a reconnect. */
  handshake(): Promise<CapabilityDescriptor>
  /** One handler; the last one set counts. */
  setInboundHandler(handler: InboundHandler): void
  /** Optional: without it forwards are dropped. */
  setPassthroughHandler?(handler: PassthroughHandler): void
  setInterruptHandler?(handler: InterruptHandler): void
  /** Resolves with what became of it (contract 2.9), also when not connected. */
  sendOutbound(action: OutboundAction): Promise<OutboundResult>
  /** Defaults for what nobody knows: the id as name, `dm` as type. */
  getChatInfo(chatId: string): Promise<ChatInfo>
  /** Asks to stop a turn that may run elsewhere. Resolves when the frame was written or dropped. */
  sendInterrupt(sessionKey: string, reason?: string): Promise<void>
  /** Rejects when a member of the action could carry a credential. */
  sendFollowUp(action: FollowUpAction): Promise<OutboundResult>
  /** Asks the connector to buffer. True when it has acknowledged: no event comes any more on this connection. */
  goIdle?(options?: { withinMs?: number }): Promise<boolean>
  /** Goes idle and closes, ready to dial again (contract 7.5). False, and still connected, without an acknowledgement. */
  goDormant?(): Promise<boolean>
  /** By platform. */
  descriptors?(): ReadonlyMap<string, CapabilityDescriptor>
  /** Called after each change. Returns what ends it. */
  onState?(handler: (state: TransportState) => void): () => void
}
