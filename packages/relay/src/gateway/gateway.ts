// The adapter over a transport (contract 13.5): wires the handlers, then dials.

import { interactionToMessage, type MessageEvent } from '../protocol/index.js'
import { eventKey, Seen } from './seen.js'
import type { Delivery, InterruptHandler, PassthroughHandler, RelayTransport } from './transport.js'

/** Where an event came from: an interaction is one that was pressed or typed at the platform and passed on. */
export type EventOrigin = 'message' | 'interaction'

export type GatewayOptions = {
  transport: RelayTransport
  /** Called with each event; see `InboundHandler`. An interaction is acked when this has resolved, too. */
  onMessage(event: MessageEvent, delivery: Delivery, origin: EventOrigin): Promise<void>
  onInterrupt?: InterruptHandler
  /** Instead of the conversion of Discord's interactions to events. Acks what it has taken. */
  onPassthrough?: PassthroughHandler
  /** Never holds a secret. Default: nobody. */
  report?: (message: string) => void
}

export interface Gateway {
  readonly transport: RelayTransport
  /** True when the connection is open and the descriptor has come. False: it goes on trying where the transport does. */
  connect(): Promise<boolean>
  disconnect(options?: { graceMs?: number }): Promise<void>
}

/** Everything of the contract between a transport and an agent, and nothing more. `defineGateway` is more pleasant. */
export function createGateway(options: GatewayOptions): Gateway {
  const { transport } = options
  return {
    transport,
    connect: async () => {
      transport.setInboundHandler((event, delivery) => options.onMessage(event, delivery, 'message'))
      transport.setPassthroughHandler?.(options.onPassthrough ?? converting(options))
      if (options.onInterrupt) transport.setInterruptHandler?.(options.onInterrupt)
      if (!(await transport.connect())) return false
      return transport.handshake().then(
        () => true,
        // Lost before it was there.
        () => false,
      )
    },
    disconnect: (given) => transport.disconnect(given),
  }
}

/** Interactions as events. Forwards are not deduplicated by the transport, and may come up to three times more. */
function converting({ onMessage, report = () => {} }: GatewayOptions): PassthroughHandler {
  const seen = new Seen()
  return async (forward, _bufferId, delivery) => {
    const event = interactionToMessage(forward)
    if (!event) {
      report(`a forward of ${forward.platform || 'nobody'} was dropped: it is no message`)
      return delivery.ack()
    }
    const key = eventKey(event)
    if (!key || !seen.has(key)) await onMessage(event, delivery, 'interaction')
    if (key) seen.add(key)
    await delivery.ack()
  }
}
