export type { Context, FieldEntry, SchemaField } from '../protocol/field.js'
export type {
  ActionAnswer,
  ContextAnswer,
  CreateSessionRequest,
  DiffAnswer,
  ExtendAnswer,
  SessionInfo,
} from '../protocol/messages.js'
export { buildHandshakePrompt, type PagePromptOptions } from '../protocol/prompt/build.js'
export { type ParsedPrompt, PromptError, parsePrompt } from '../protocol/prompt/parse.js'
export { type AgentOptions, HandshakeAgent } from './agent/handshake-agent.js'
export type { SocketConstructor, SocketLike, Stop, Timers } from './edge.js'
export type {
  ActionEvent,
  ClaimedEvent,
  ConnectedEvent,
  ConnectionStatus,
  DoneEvent,
  ErrorEvent,
  EventType,
  ExtendedEvent,
  HandshakeEvent,
  HandshakeEvents,
  HeartbeatEvent,
  HistoryGoneEvent,
  StatusEvent,
} from './events.js'
export { type BindOptions, bindForm, type FormBinding, resumeForm } from './form/bind-form.js'
export { type ClientOptions, HandshakeClient } from './handshake-client.js'
export { HandshakeError, type HandshakeFailure } from './handshake-error.js'
export { LiveSocket, type ReconnectOptions } from './live-socket.js'
