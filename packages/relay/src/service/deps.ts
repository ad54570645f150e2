import type { Op } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import type { Append } from '@parley/kernel/log'
import type { BotHealth, PlatformBot, PlatformDriver } from '../platforms/port.js'
import type { BotIdentity, OutboundResult } from '../protocol/index.js'
import type { BotRow, CapabilityRow, EntryRow, InstanceKey, RelayStore } from '../store/port.js'
import type { ResolvedOptions } from './options.js'

/** What every room of the service works with; made once. */
export type RelayDeps = {
  ground: Ground
  store: RelayStore
  options: ResolvedOptions
  sealer: Sealer
  tally: Tally
  onFault: (error: unknown, where: string) => void
}

/** Encrypts what must be readable again (AES-256-GCM). `context` is bound to it: sealed for one row, it opens in no other. */
export interface Sealer {
  seal(text: string, context: string): string
  /** Throws a fault when it was changed, or sealed with another key or context. */
  open(sealed: string, context: string): string
}

/** Counts what nobody is told of: drops, unknown acknowledgements, misses. For metrics and pages. */
export interface Tally {
  count(name: TallyName, by?: number): void
  read(): Readonly<Record<string, number>>
}
export type TallyName =
  | 'frames.in'
  | 'frames.out'
  | 'frames.malformed'
  | 'acks.unknown'
  | 'interrupts.missed'
  | 'buffer.dropped'
  | 'inbound.received'
  | 'inbound.duplicate'
  | 'inbound.delivered'
  | 'inbound.unrouted'
  | 'outbound.declined'
  | 'outbound.sent'
  | 'outbound.failed'
  | 'pokes'
  | 'links.wrong'
  | 'context.failed'
  | 'edge.refused'
  | 'commands.failed'

// ---- bots (service/bots)

/** A bot that this node has opened. */
export type OpenBot = { readonly row: BotRow; readonly bot: PlatformBot; health(): BotHealth }

/** The connector's bots. Other nodes' changes are noticed. */
export interface Bots {
  /** Undefined when there is none, it is not enabled, or it could not be opened. */
  get(identity: BotIdentity): OpenBot | undefined
  list(): readonly OpenBot[]
  /** Also of bots that could not be opened; undefined for those that are not enabled. */
  healthOf(identity: BotIdentity): BotHealth | undefined
  readonly drivers: readonly PlatformDriver[]
  /** Opens, closes or opens anew what a change of the rows asks for. Call it after the commit; other nodes are told. */
  refresh(identity: BotIdentity): Promise<void>
  stop(): Promise<void>
}

/** What gateways want as commands of their bots (2.6). */
export interface Commands {
  /** Keeps a tenant's manifest and registers the union of all soon. Never throws: a handshake does not depend on it. */
  offer(tenant: string, bot: BotIdentity, manifest: unknown): void
  stop(): Promise<void>
}

// ---- credentials (service/credentials)

/** Who a token speaks for. From the stored record, never from a frame or a body. */
export type Gateway = InstanceKey & {
  gatewayId: string
  /** The operator who acts in its place on a route; absent when it acts itself. */
  operator?: string
}
export type TokenVerdict =
  | { outcome: 'accepted'; gateway: Gateway }
  | { outcome: 'expired' }
  | { outcome: 'unauthorized' }

/** Rejects only when the store can't be asked: then nobody is told `unauthorized`. */
export type VerifyToken = (token: string | undefined) => Promise<TokenVerdict>

// ---- buffers (service/buffers)

export type NewEntry = {
  kind: EntryRow['kind'] /** The frame's text without its buffer id: the id is put in. */
  frame: BufferedFrame
  expiresInMs?: number
}
export type BufferedFrame =
  | { type: 'inbound'; event: unknown }
  | { type: 'passthrough_forward'; forward: unknown }

/** Puts frames where their instance will take them. */
export interface Buffers {
  /**
   * What one unit needs to hand an event to an instance: the row, the event with the exact frame, the limits. Refused units: the
   * instance is gone. Undefined when the frame is too large for the wire even without its context.
   */
  append(
    instance: { key: InstanceKey; stream: string },
    entry: NewEntry,
  ): { bufferId: string; ops: Op[]; append: Append } | undefined
  /** Call it after the commit: pushes to who is live here, and pokes who sleeps. Other nodes learn of it by the log. */
  appended(keys: readonly InstanceKey[]): void
}

/** Pokes instances that sleep (service/wake). */
export interface Waker {
  /** After the commit, with instances that got an event: those that sleep are poked, at most once a minute each. */
  wake(keys: readonly InstanceKey[]): void
  stop(): Promise<void>
}

// ---- sockets (socket/ and service/links)

/** A socket of a gateway on this node, as the service sees it. */
export interface GatewayLink {
  readonly id: string
  readonly gateway: Gateway
  /** What it said hello for and was given; the first is its default. */
  readonly advertised: readonly BotIdentity[]
  readonly isOpen: boolean
  /** True while what was sent waits in memory. */
  readonly isCongested: boolean
  /** Sends one frame's text, without a newline. */
  send(text: string): void
  drained(): Promise<void>
  close(code: number, reason: string): void
}

/** Who delivers to whom on this node, and what nodes tell each other about it. */
export interface Deliveries {
  /** After the first descriptor: takes over its instance and delivers. */
  attach(link: GatewayLink): Promise<void>
  detach(link: GatewayLink): Promise<void>
  /** Resolves when no event will be sent to this instance any more; then the ack may be sent (7.2). */
  goIdle(link: GatewayLink): Promise<void>
  ack(link: GatewayLink, bufferId: string): Promise<void>
  /** Sends `interrupt_inbound` to whoever runs the session, on any node; a miss is counted. */
  interrupt(from: Gateway, sessionKey: string): Promise<void>
  /** An interrupt that a platform asked for. */
  interruptInstance(key: InstanceKey, sessionKey: string, chatId: string): void
  /** Closes all sockets of a gateway, or of an instance, with 4401 on every node. */
  revoke(gone: { gatewayId: string } | InstanceKey): void
  /** Sockets of this node. */
  links(): readonly GatewayLink[]
  stop(): Promise<void>
}

// ---- outbound (service/outbound)

/** Answers every action exactly once; never throws for what it is asked. */
export interface Outbound {
  /** `target` is the frame's own. The same `requestId` of the same link gets the first answer again. */
  perform(
    link: GatewayLink,
    asked: { requestId: string; action: unknown; target: { platform?: string; botId?: string } },
  ): Promise<OutboundResult>
  /** Sends something of the connector's own (an answer to `/link`), within the same rates. */
  say(bot: BotIdentity, chatId: string, content: string): Promise<OutboundResult>
  /** One of the bot's own messages was seen. */
  seen(bot: BotIdentity, chatId: string, messageId: string): Promise<void>
  forget(link: GatewayLink): void
  start(): void
  stop(): Promise<void>
}

// ---- vault (service/vault)

export interface Vault {
  /** Statements that bind a secret under every key under which it may be asked for (6.4). */
  bindOps(
    bound: Omit<CapabilityRow, 'sealed' | 'uses' | 'expiresAt' | 'sessionKey'> & {
      sessionKeys: readonly string[]
      secret: string
    },
  ): Op[]
  /** Undefined for expired, absent, another tenant's and another instance's alike. Counts the use. */
  resolve(
    key: InstanceKey,
    bots: readonly BotIdentity[],
    sessionKey: string,
    kind: string,
  ): Promise<{ bot: BotIdentity; secret: string; isFirst: boolean } | undefined>
}

// ---- media (service/media)

export interface Media {
  /** Throws `relay.empty_media`, `relay.media_too_large`, `relay.media_full`. */
  store(
    file: { bytes: AsyncIterable<Uint8Array> | Uint8Array; mime: string; filename: string },
    to: { tenants: readonly string[]; owner: InstanceKey | null },
  ): Promise<{ id: string; size: number }>
  /** Undefined for another tenant's, expired and unknown ones alike. */
  read(
    id: string,
    tenant: string,
  ): Promise<{ mime: string; size: number; filename: string; chunks: AsyncIterable<Uint8Array> } | undefined>
  /** Bytes of a `source_url`: an own reference, or a public address (9.4). Throws a refusal whose message may be shown. */
  fetchSource(
    sourceUrl: string,
    tenant: string,
    signal: AbortSignal,
  ): Promise<{ bytes: Uint8Array; mime: string; filename: string }>
  /** The reference of a file. */
  urlOf(id: string): string
}
