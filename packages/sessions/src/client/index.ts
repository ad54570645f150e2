// The typed client of a sessions server, for browsers and for Node.
export {
  createSessionsClient,
  type SessionsClient,
  type SessionsClientOptions,
} from './create.js'
export type { SocketConstructor, SocketLike } from './edge.js'
export type * from './live/types.js'
export { SessionsClientError } from './sessions-client-error.js'
export type { ChannelSocket } from './socket/channel-socket.js'
export {
  createWsMessageDedupeState,
  rememberWsMessage,
  type WsMessageDedupeState,
} from './socket/dedupe.js'
export type { EventFrame, LifecycleFrame } from './socket/frames.js'
export type { ConnectionState } from './socket/line.js'
export type { ChannelHandler } from './socket/subscription.js'
export type * from './terminals/types.js'
export type { AgentFacts, Choice, Choices, ConfigOption, Usage } from './timeline/facts.js'
export { type ChangedFiles, type EndedSession, type RunningTurn, SessionFold } from './timeline/fold.js'
export type * from './timeline/items.js'
export { reduceTerminals, type TerminalSession, type TerminalSessions } from './timeline/terminals.js'
export type { TokenSource } from './token.js'
export type * from './types.js'
