export { createRelayClient } from './create.js'
export { RelayClientError } from './relay-client-error.js'
export type {
  OfTenant,
  RelayClient,
  RelayClientOptions,
  RelayNews,
  SimClient,
  TokenSource,
  WatchQuery,
} from './types.js'
