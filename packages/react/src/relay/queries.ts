// One hook for each thing that is read as a whole. All are live.
import type {
  BotView,
  ConversationView,
  DecisionView,
  GatewayView,
  InstanceView,
  LinkView,
  ReceiptPage,
  ReceiptState,
  TenantView,
} from '@parley/relay/protocol'
import type { Queried, QueryOptions } from '../sessions/use-query.js'
import { useRelayQuery } from './use-relay-query.js'

export type RelayQueryOptions = QueryOptions & {
  /** Only what belongs to this tenant. Default: everything that the credential may see. */
  tenant?: string
}

export type UseReceiptsOptions = RelayQueryOptions & {
  state?: ReceiptState
  /** `next` of the page before. */
  before?: string
  /** Default 50, at most 200. */
  limit?: number
}

/** No news tell that a gateway came or went, that a buffer drained, or what became of an action. */
const everyMs = 5_000

/** Bots, how they are and who fronts them. */
export const useRelayBots = ({ enabled, tenant }: RelayQueryOptions = {}): Queried<BotView[]> =>
  useRelayQuery(
    { key: `bots ${tenant}`, kinds: ['changes'], everyMs, ask: (client) => client.listBots({ tenant }) },
    { enabled },
  )

/** Gateways, also revoked ones. */
export const useRelayGateways = ({ enabled, tenant }: RelayQueryOptions = {}): Queried<GatewayView[]> =>
  useRelayQuery(
    {
      key: `gateways ${tenant}`,
      kinds: ['changes'],
      everyMs,
      ask: (client) => client.listGateways({ tenant }),
    },
    { enabled },
  )

/** Agents, where each is and what waits for it. */
export const useRelayInstances = ({ enabled, tenant }: RelayQueryOptions = {}): Queried<InstanceView[]> =>
  useRelayQuery(
    {
      key: `instances ${tenant}`,
      kinds: ['changes', 'buffers'],
      everyMs,
      ask: (client) => client.listInstances({ tenant }),
    },
    { enabled },
  )

export const useRelayTenants = ({ enabled }: QueryOptions = {}): Queried<TenantView[]> =>
  useRelayQuery(
    { key: 'tenants', kinds: ['changes', 'buffers'], everyMs, ask: (client) => client.listTenants() },
    { enabled },
  )

/** Who is linked to which agent. */
export const useRelayLinks = ({ enabled, tenant }: RelayQueryOptions = {}): Queried<LinkView[]> =>
  useRelayQuery(
    { key: `links ${tenant}`, kinds: ['changes'], ask: (client) => client.listLinks({ tenant }) },
    { enabled },
  )

/** One page of what agents asked for and what became of it, the newest first. */
export const useRelayReceipts = ({
  enabled,
  tenant,
  state,
  before,
  limit,
}: UseReceiptsOptions = {}): Queried<ReceiptPage> =>
  useRelayQuery(
    {
      key: JSON.stringify([tenant, state, before, limit]),
      kinds: ['changes', 'sim'],
      everyMs,
      ask: (client) => client.listReceipts({ tenant, state, before, limit }),
    },
    { enabled },
  )

/** Why messages went where they went, the latest first. */
export const useRelayDecisions = ({ enabled, tenant }: RelayQueryOptions = {}): Queried<DecisionView[]> =>
  useRelayQuery(
    { key: `decisions ${tenant}`, kinds: ['decisions'], ask: (client) => client.listDecisions({ tenant }) },
    { enabled },
  )

/** Chats that agents got messages from, the latest first. */
export const useRelayConversations = ({
  enabled,
  tenant,
}: RelayQueryOptions = {}): Queried<ConversationView[]> =>
  useRelayQuery(
    {
      key: `conversations ${tenant}`,
      kinds: ['decisions'],
      ask: (client) => client.listConversations({ tenant }),
    },
    { enabled },
  )
