import type {
  BotChange,
  BotIdentity,
  BotTest,
  BotView,
  ChangeView,
  ConversationView,
  DecisionView,
  Enrolled,
  EnrolledGateway,
  EnrolmentToken,
  GatewayView,
  InstanceView,
  LinkCode,
  LinkCodeRequest,
  LinkKey,
  LinkView,
  NewBot,
  NewestQuery,
  NewGateway,
  NewLink,
  PlatformView,
  PolicyView,
  ReceiptCounts,
  ReceiptPage,
  ReceiptQuery,
  ReceiptView,
  RelayKind,
  ScopeView,
  SimChat,
  SimCommand,
  SimFaults,
  SimMessage,
  SimPress,
  SimSay,
  SimScope,
  SimUser,
  SimWorld,
  TenantView,
} from '../protocol/index.js'

/** Asked for every request, so that a short-lived token can be renewed. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>)

export type RelayClientOptions = {
  /** Origin of the server, with the path it is mounted under, if any. Default: the page's own origin. */
  baseUrl?: string
  /** An API key. Without one the browser's cookie is sent along. */
  token?: TokenSource
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch
  /** A call without an answer in time fails. Default 60,000: platforms are asked in some of them. */
  timeoutMs?: number
}

/** Narrows what is seen to one tenant. A key that has a tenant sees only its own anyway. */
export type OfTenant = { tenant?: string }

/** `ready`: what happens from now on is told; read everything once. Otherwise what to read anew. */
export type RelayNews = 'ready' | RelayKind

export type WatchQuery = OfTenant & {
  /** Ends it. */
  signal: AbortSignal
}

/** What operators do. Every method rejects with a `RelayClientError`. */
export interface RelayClient {
  listPlatforms(): Promise<PlatformView[]>
  listBots(query?: OfTenant): Promise<BotView[]>
  /** Asks the platform who the bot is, then keeps it. */
  addBot(bot: NewBot): Promise<BotView>
  changeBot(bot: BotIdentity, change: BotChange): Promise<BotView>
  removeBot(bot: BotIdentity): Promise<void>
  /** Asks the platform whether the credential is good. */
  testBot(bot: BotIdentity): Promise<BotTest>

  listGateways(query?: OfTenant): Promise<GatewayView[]>
  /** A gateway with its secret, which is shown this once. */
  enrollGateway(gateway: NewGateway): Promise<EnrolledGateway>
  createEnrolmentToken(asked: { tenant: string }): Promise<EnrolmentToken>
  rotateGateway(gatewayId: string): Promise<Enrolled>
  revokeGateway(gatewayId: string): Promise<void>

  listInstances(query?: OfTenant): Promise<InstanceView[]>
  listTenants(query?: OfTenant): Promise<TenantView[]>

  listLinks(query?: OfTenant): Promise<LinkView[]>
  createLinkCode(asked: LinkCodeRequest): Promise<LinkCode>
  link(link: NewLink): Promise<LinkView>
  unlink(link: LinkKey): Promise<void>

  listScopes(query?: OfTenant): Promise<ScopeView[]>
  listPolicies(query?: OfTenant): Promise<PolicyView[]>

  listReceipts(query?: ReceiptQuery & OfTenant): Promise<ReceiptPage>
  countReceipts(query?: OfTenant): Promise<ReceiptCounts>
  /** Sends a parked or dead one again; a parked one may arrive twice. */
  retryReceipt(id: string): Promise<ReceiptView>

  /** Why messages went where they went: the latest first. */
  listDecisions(query?: NewestQuery & OfTenant): Promise<DecisionView[]>
  listChanges(query?: NewestQuery & OfTenant): Promise<ChangeView[]>
  listConversations(query?: NewestQuery & OfTenant): Promise<ConversationView[]>
  counts(): Promise<Readonly<Record<string, number>>>
  /** Over one connection: it ends when `signal` aborts, and rejects when the connection breaks. Nothing is told twice or later. */
  watch(query: WatchQuery): AsyncIterable<RelayNews>

  /** A simulated bot's world; its calls fail with 404 when the bot is none. */
  sim(bot: BotIdentity): SimClient
}

/** A simulated platform, as a person or a test chats on it. */
export interface SimClient {
  world(): Promise<SimWorld>
  /** Oldest first; `after`: newer than this message. */
  messages(query: { chatId: string; after?: string; limit?: number }): Promise<SimMessage[]>
  addUser(user: SimUser): Promise<void>
  addScope(scope: SimScope): Promise<void>
  addChat(chat: SimChat): Promise<void>
  /** Resolves when the connector has accepted the update. */
  say(said: SimSay): Promise<SimMessage>
  press(pressed: SimPress): Promise<void>
  command(typed: SimCommand): Promise<void>
  /** What is not named stays as it is. */
  faults(change: Partial<SimFaults>): Promise<SimFaults>
}
