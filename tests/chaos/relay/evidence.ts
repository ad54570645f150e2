// What is known when everything is over: what everybody was told, and what the log and the tables hold.

/** A message of a person. */
export type Written = {
  platform: string
  chatId: string
  messageId: string
  userId: string
  text: string
  /** Ids of instances that are to get it. */
  heardBy: readonly string[]
  /** When it was sent first, and when it was accepted; on one clock. */
  begunAt: number
  acceptedAt: number
}

/**
 * What happened on the wires of one gateway, in this order. `open`: the first descriptor came. `tired`: it has asked for quiet; `idle`: that was granted. `settled`: the
 * table does not hold the entry any more.
 */
export type WireEvent =
  | { kind: 'dialled' | 'open' | 'tired' | 'idle'; socket: number }
  | { kind: 'closed'; socket: number; code: number }
  | { kind: 'inbound'; socket: number; bufferId: string; frame: string; message: Handed }
  | { kind: 'ack'; socket: number; bufferId: string }
  | { kind: 'settled'; bufferId: string }
  /** A handler of the client library was given an event again that it had taken. */
  | { kind: 'repeated'; socket: number; messageId: string }

/** A message as a gateway got it. */
export type Handed = Pick<Written, 'platform' | 'chatId' | 'messageId' | 'userId' | 'text'>

/** What a gateway asked to be sent, and what it was told. `unknown`: ambiguous, or nobody answered. */
export type Asked = {
  text: string
  platform: string
  chatId: string
  /** On which connection, and the how-manieth there. */
  socket: number
  told: 'success' | 'failed' | 'unknown'
  messageId?: string
  error?: string
  /** The chat is another tenant's. */
  isForeign: boolean
}

export type GatewayEvidence = {
  tenant: string
  instanceId: string
  wire: readonly WireEvent[]
  asked: readonly Asked[]
  /** Entries that are left, and those that were ever dropped. */
  pending: number
  dropped: number
}

/** A message that a platform has. `place`: its place in the log of the platform. */
export type Shown = { platform: string; chatId: string; messageId: string; text: string; place: number }

/** That a connector took a message in, as its log says; in this order. */
export type TakenIn = Pick<Written, 'platform' | 'chatId' | 'messageId'> & { deliveredTo: readonly string[] }

export type Receipt = {
  id: string
  state: 'queued' | 'sent' | 'confirmed' | 'parked' | 'dead'
  instanceId: string
  text: string
  chatId: string
  messageId: string | null
  error: string | null
}

export type Evidence = {
  written: readonly Written[]
  takenIn: readonly TakenIn[]
  gateways: readonly GatewayEvidence[]
  /** What the bots said. */
  shown: readonly Shown[]
  receipts: readonly Receipt[]
}
