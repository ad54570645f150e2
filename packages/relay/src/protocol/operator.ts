// What operators see: the answers below `/parley/v1/relay`. Times are ISO 8601 in UTC.
import * as z from 'zod'

/**
 * `queued`: stored, not sent yet. `sent`: the platform took it. `confirmed`: it was seen there. `parked`: it may have been sent; a
 * person decides. `dead`: it was not.
 */
export const ReceiptState = z.enum(['queued', 'sent', 'confirmed', 'parked', 'dead'])
export type ReceiptState = z.infer<typeof ReceiptState>

const time = z.string()
const identity = { platform: z.string(), botId: z.string() }
const bots = z.array(z.object(identity))
const instance = { tenant: z.string(), instanceId: z.string() }

export const PlatformView = z.object({
  driver: z.string(),
  /** What the wire calls it; null: whatever the bot says. */
  platform: z.string().nullable(),
  credentials: z.array(z.object({ name: z.string(), about: z.string(), isOptional: z.boolean() })),
})
export type PlatformView = z.infer<typeof PlatformView>

export const BotView = z.object({
  ...identity,
  driver: z.string(),
  label: z.string(),
  username: z.string().nullable(),
  /** Who may use it; null: all. */
  tenants: z.array(z.string()).nullable(),
  isEnabled: z.boolean(),
  health: z.object({ state: z.string(), detail: z.string().optional() }),
  /** Tenants that front it. */
  provisioned: z.array(z.string()),
  /** Where its platform delivers, when it calls. */
  edgePath: z.string().nullable(),
  createdAt: time,
})
export type BotView = z.infer<typeof BotView>

export const BotTest = z.object({ ok: z.boolean(), detail: z.string() })
export type BotTest = z.infer<typeof BotTest>

export const GatewayView = z.object({
  gatewayId: z.string(),
  ...instance,
  /** `live`: its instance takes events. `idle`: it does not now. */
  state: z.enum(['live', 'idle', 'revoked']),
  lastSeenAt: time.nullable(),
  createdAt: time,
  revokedAt: time.nullable(),
  /** 0 for a revoked one, which has none. */
  secretAgeSeconds: z.number(),
  /** The former secret is accepted as well. */
  isRotating: z.boolean(),
})
export type GatewayView = z.infer<typeof GatewayView>

/** A gateway's secret, shown this once. */
export const Enrolled = z.object({
  secret: z.string(),
  deliveryKey: z.string(),
  tenant: z.string(),
  gatewayId: z.string(),
})
export type Enrolled = z.infer<typeof Enrolled>

/** `bots`: those that the gateway fronts. */
export const EnrolledGateway = Enrolled.extend({ instanceId: z.string(), bots })
export type EnrolledGateway = z.infer<typeof EnrolledGateway>

export const EnrolmentToken = z.object({ token: z.string(), tenant: z.string(), expiresAt: time })
export type EnrolmentToken = z.infer<typeof EnrolmentToken>

export const InstanceView = z.object({
  ...instance,
  displayName: z.string().nullable(),
  wakeUrl: z.string().nullable(),
  state: z.enum(['live', 'idle']),
  node: z.string().nullable(),
  bots,
  /** People who are linked to it. */
  owners: z.number(),
  buffer: z.object({
    entries: z.number(),
    bytes: z.number(),
    oldestAt: time.nullable(),
    /** Ever dropped because the buffer was full or they were too old. */
    dropped: z.number(),
  }),
  pokedAt: time.nullable(),
  createdAt: time,
})
export type InstanceView = z.infer<typeof InstanceView>

export const TenantView = z.object({
  tenant: z.string(),
  instances: z.number(),
  /** Those that are not revoked. */
  gateways: z.number(),
  links: z.number(),
  /** Entries that wait in buffers. */
  pending: z.number(),
  bots,
})
export type TenantView = z.infer<typeof TenantView>

export const LinkCode = z.object({ code: z.string(), expiresAt: time })
export type LinkCode = z.infer<typeof LinkCode>

export const LinkView = z.object({
  ...instance,
  platform: z.string(),
  userId: z.string(),
  linkedAt: time,
  /** Takes the person's direct messages. */
  isDmDefault: z.boolean(),
})
export type LinkView = z.infer<typeof LinkView>

/** `route`: a tenant has a scope or chat. `grant`: an instance has a chat. */
export const ScopeView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('route'), tenant: z.string(), platform: z.string(), key: z.string() }),
  z.object({
    kind: z.literal('grant'),
    ...instance,
    platform: z.string(),
    scopeId: z.string(),
    chatId: z.string(),
    createdAt: time,
  }),
])
export type ScopeView = z.infer<typeof ScopeView>

export const PolicyView = z.object({
  ...instance,
  platform: z.string(),
  principals: z
    .object({ policy: z.enum(['owner-only', 'allow-list', 'any']), userIds: z.array(z.string()) })
    .optional(),
  relevance: z
    .object({
      requireAddress: z.boolean(),
      freeResponseScopes: z.array(z.string()),
      allowOtherBots: z.boolean(),
    })
    .optional(),
})
export type PolicyView = z.infer<typeof PolicyView>

export const ReceiptView = z.object({
  ...identity,
  id: z.string(),
  ...instance,
  gatewayId: z.string(),
  op: z.string(),
  chatId: z.string(),
  /** The text that was sent, shortened to 200 characters; empty when it has none or is forgotten. */
  preview: z.string(),
  state: ReceiptState,
  attempts: z.number(),
  messageId: z.string().nullable(),
  /** `native`, or how it was degraded: `text`, `split`, `unreplied`. */
  rung: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
})
export type ReceiptView = z.infer<typeof ReceiptView>

/** `next`: `before` of the next page; null: there is none. */
export const ReceiptPage = z.object({ receipts: z.array(ReceiptView), next: z.string().nullable() })
export type ReceiptPage = z.infer<typeof ReceiptPage>

export const ReceiptCounts = z.record(ReceiptState, z.number())
export type ReceiptCounts = z.infer<typeof ReceiptCounts>

export const DecisionView = z.object({
  ...identity,
  at: time,
  chatId: z.string(),
  messageId: z.string(),
  userId: z.string(),
  /** Of the instances that may be seen; empty: nobody. */
  outcomes: z.array(z.object({ ...instance, isDelivered: z.boolean(), reason: z.string() })),
  reason: z.string(),
})
export type DecisionView = z.infer<typeof DecisionView>

export const ChangeView = z.object({
  at: time,
  type: z.string(),
  /** Null: it concerns no tenant alone. */
  tenant: z.string().nullable(),
  /** Kind and id of who did it, for example `gateway:gw-1`. */
  by: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type ChangeView = z.infer<typeof ChangeView>

export const ConversationView = z.object({
  ...identity,
  ...instance,
  chatId: z.string(),
  chatType: z.string(),
  chatName: z.string().nullable(),
  userId: z.string(),
  lastSeenAt: time,
})
export type ConversationView = z.infer<typeof ConversationView>

/**
 * What may look different from before. `changes`: something was set up, linked or revoked. `decisions`: a message came in.
 * `buffers`: something waits for an instance. `sim`: something happened on a simulated platform.
 */
export const RelayKind = z.enum(['changes', 'decisions', 'buffers', 'sim'])
export type RelayKind = z.infer<typeof RelayKind>
