// The gateway's side: what an agent is put behind chat platforms with. Needs Node.
export { RelayActionError } from './agent/action-error.js'
export type { Ask } from './agent/ask.js'
export type { Answer } from './agent/asks.js'
export type { Chat } from './agent/chat.js'
export type { MediaToSend } from './agent/send-media.js'
export { RelayCallError } from './call-error.js'
export { type ConnectRelayOptions, connectRelay } from './connect-relay.js'
export type { CallEdge } from './control/call.js'
export {
  type AboutGateway,
  type Enrolled,
  type EnrolOptions,
  enroll,
  type Provisioned,
  type ProvisionOptions,
  provision,
} from './control/enrol.js'
export { type ClientCredentials, clientCredentials, type IdentityToken } from './control/identity-token.js'
export { type Policy, setPolicies } from './control/policy.js'
export {
  type AgentOptions,
  type DefinedGateway,
  type DefineGatewayOptions,
  defineGateway,
} from './define-gateway.js'
export { type GatewaySettings, gatewayFromEnv } from './environment.js'
export { createGateway, type EventOrigin, type Gateway, type GatewayOptions } from './gateway.js'
export type { Dial, RelaySocket, SocketEvents } from './link/socket.js'
export type { WebSocketConstructor } from './link/ws-dial.js'
export {
  createMediaClient,
  type MediaClient,
  type MediaClientOptions,
  type MediaUpload,
  type ReceivedMedia,
  type StoredMedia,
} from './media-client.js'
export { type GatewayCredential, mintToken } from './mint.js'
export type {
  Delivery,
  InboundHandler,
  InterruptHandler,
  PassthroughHandler,
  RelayTransport,
  TransportState,
} from './transport.js'
export {
  type WebSocketTransport,
  type WebSocketTransportOptions,
  webSocketTransport,
} from './web-socket-transport.js'
