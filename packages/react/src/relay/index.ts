// Hooks for agents behind chat platforms: the operator's side. Made on `@parley/relay/client`.
export { RelayProvider, type RelayProviderProps, useRelayClient } from './provider.js'
export {
  type RelayQueryOptions,
  type UseReceiptsOptions,
  useRelayBots,
  useRelayConversations,
  useRelayDecisions,
  useRelayGateways,
  useRelayInstances,
  useRelayLinks,
  useRelayReceipts,
  useRelayTenants,
} from './queries.js'
export { type Simulator, type UseSimulatorOptions, useSimulator } from './use-simulator.js'
