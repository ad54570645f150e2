import type { BotIdentity, MessageEvent } from '@parley/relay'
import type { Asked } from './evidence.js'
import type { Sockets } from './wire.js'

/** One text to be sent. */
export type ToSend = { text: string; bot: BotIdentity; chatId: string }
export type Told = Pick<Asked, 'told' | 'messageId' | 'error'>

/** One gateway process, from its start to its end. */
export interface Life {
  /** The number of its connection. */
  readonly socket: number
  /** True when it has a connection and a descriptor. */
  open(): Promise<boolean>
  send(toSend: ToSend): Promise<Told>
  /** Asks for quiet; true when it was granted. The connection is closed afterwards. */
  sleep(): Promise<boolean>
  /** The connection is cut; the process lives on, if it can. */
  cut(): void
  /** SIGKILL, as far as the other end can see. */
  kill(): void
  /** The machine is gone from the network. */
  vanish(forMs: number): void
}

export type LifeOptions = {
  url: string
  gatewayId: string
  secret: string
  bots: readonly BotIdentity[]
  sockets: Sockets
  /** Takes an event; false: it is not to be acknowledged. */
  take(event: MessageEvent): Promise<boolean>
}

export const toTold = (
  result: { success: true; message_id?: string } | { success: false; error: string; ambiguous?: true },
): Told => {
  if (result.success)
    return { told: 'success', ...(result.message_id !== undefined && { messageId: result.message_id }) }
  return { told: result.ambiguous ? 'unknown' : 'failed', error: result.error }
}
