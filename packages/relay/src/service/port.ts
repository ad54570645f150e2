// The operations of the plane without transport: those of gateways and their callers (contract 8), and those of operators.

import type { Identity } from '@parley/kernel/principal'
import type { EdgeAnswer, EdgeRequest } from '../platforms/port.js'
import type { SimControls } from '../platforms/sim-port.js'
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
  TenantView,
} from '../protocol/index.js'
import type { Gateway, Media, VerifyToken } from './deps.js'

export type {
  BotView,
  ChangeView,
  ConversationView,
  DecisionView,
  Enrolled,
  GatewayView,
  InstanceView,
  LinkView,
  NewBot,
  NewGateway,
  PlatformView,
  PolicyView,
  ReceiptView,
  ScopeView,
  TenantView,
} from '../protocol/index.js'

/** What the routes of contract 8 and 9 do. Bodies come unread: each function checks its own and throws `relay.invalid_request`. */
export interface RelayService {
  readonly verify: VerifyToken
  /** Who holds an identity token. Throws `unauthenticated`, and `unavailable` when nobody can be asked. */
  authenticateCaller(token: string | undefined): Promise<Caller>
  /** Throws `enrolment_refused`, `gateway_refused`, `too_many_gateways`. */
  enroll(caller: Caller, body: unknown): Promise<Enrolled>
  /** Throws `gateway_refused`, `route_key_taken`, `too_many_gateways`. */
  provision(caller: Caller, body: unknown): Promise<Enrolled & { routeKeys: string[] }>
  /** For whom a request of 8.4 and 9 acts, by its upgrade token. Throws `unauthenticated`, `rate_limited`, `unavailable`. */
  authenticate(token: string | undefined): Promise<Gateway>
  /** The same for 8.5, where an operator's token is as good. Throws `not_found` as well, for an operator's unknown instance. */
  authenticateManager(token: string | undefined): Promise<Gateway>
  /** For every function below the gateway is the verified one. */
  setPolicy(gateway: Gateway, body: unknown): Promise<void>
  createLinkCode(gateway: Gateway, body: unknown): Promise<{ code: string; expiresAt: string }>
  claimScope(gateway: Gateway, body: unknown): Promise<void>
  releaseScope(gateway: Gateway, body: unknown): Promise<void>
  setPrincipals(gateway: Gateway, body: unknown): Promise<void>
  setDmDefault(gateway: Gateway, body: unknown): Promise<void>
  setWakeUrl(gateway: Gateway, body: unknown): Promise<void>
  deprovision(gateway: Gateway): Promise<void>
  readonly media: Media
  /** A platform's request at `/relay/edge/<platform>/<botId>` or `/interactions/<platform>/<botId>`. Undefined: no such bot, or it takes none. */
  edge(bot: BotIdentity, request: EdgeRequest): Promise<EdgeAnswer | undefined>
  /** The operators' side. */
  readonly operator: RelayOperator
}

/** Somebody whose tenant an identity token has proved. */
export type Caller = { tenant: string }

export type Within = {
  /** Undefined: every tenant. Otherwise only what belongs to this one is seen and touched; the rest looks absent. */
  tenant?: string
  /** Who does it, for the changes. Default: the relay itself. */
  by?: Identity
}

/** What operators do: the command and the console. Times are ISO 8601. */
export interface RelayOperator {
  listPlatforms(): PlatformView[]
  listBots(within: Within): Promise<BotView[]>
  /** Asks the platform who the bot is, then keeps it. Only without a tenant, or for bots of that tenant alone. */
  addBot(within: Within, bot: NewBot): Promise<BotView>
  changeBot(within: Within, bot: BotIdentity, change: BotChange): Promise<BotView>
  removeBot(within: Within, bot: BotIdentity): Promise<void>
  /** Asks the platform whether the credential is good. */
  testBot(within: Within, bot: BotIdentity): Promise<BotTest>

  listGateways(within: Within): Promise<GatewayView[]>
  /** A gateway with its secret, which is shown this once; `bots`: those it fronts. */
  enrollGateway(within: Within, gateway: NewGateway): Promise<EnrolledGateway>
  createEnrolmentToken(within: Within, asked: { tenant: string }): Promise<EnrolmentToken>
  rotateGateway(within: Within, gatewayId: string): Promise<Enrolled>
  /** Its sockets are closed with 4401. When it was its instance's last one, the instance is deprovisioned. */
  revokeGateway(within: Within, gatewayId: string): Promise<void>

  listInstances(within: Within): Promise<InstanceView[]>
  listTenants(within: Within): Promise<TenantView[]>

  listLinks(within: Within): Promise<LinkView[]>
  createLinkCode(within: Within, asked: LinkCodeRequest): Promise<LinkCode>
  /** Binds without a code: for an operator who knows whom the platform's user is. */
  link(within: Within, link: NewLink): Promise<LinkView>
  unlink(within: Within, link: LinkKey): Promise<void>

  listScopes(within: Within): Promise<ScopeView[]>
  listPolicies(within: Within): Promise<PolicyView[]>

  /** The newest first. */
  listReceipts(within: Within, query: ReceiptQuery): Promise<ReceiptPage>
  countReceipts(within: Within): Promise<ReceiptCounts>
  /** Sends a parked or dead one again. Throws `receipt_not_found`, `not_retryable`. */
  retryReceipt(within: Within, id: string): Promise<ReceiptView>

  /** Why messages went where they went: the latest first. */
  listDecisions(within: Within, query: NewestQuery): Promise<DecisionView[]>
  /** What changed: enrolments, links, grants, revocations; the latest first. */
  listChanges(within: Within, query: NewestQuery): Promise<ChangeView[]>
  listConversations(within: Within, query: NewestQuery): Promise<ConversationView[]>

  /**
   * Tells what is to be read anew, from the moment of the call until `signal` aborts; what comes in quick succession becomes one.
   * Rejects when this node can't keep up: whoever follows reads everything and begins again.
   */
  watch(within: Within, signal: AbortSignal): AsyncIterable<RelayKind>

  counts(): Readonly<Record<string, number>>
  /** A simulated bot's world; undefined when it is none. Only without a tenant. */
  sim(within: Within, bot: BotIdentity): SimControls | undefined
}
