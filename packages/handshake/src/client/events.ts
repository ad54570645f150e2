import type {
  ActionFrame,
  ClaimedFrame,
  ConnectedFrame,
  DoneFrame,
  ErrorFrame,
  ExtendedFrame,
  FrameType,
  HeartbeatFrame,
  HistoryGoneFrame,
  ServerFrame,
} from '../protocol/frames.js'

/** Where the socket of a client stands. `ended`: the server said that the session is over or not ours. */
export type ConnectionStatus = 'connecting' | 'open' | 'waiting' | 'closed' | 'ended'

/** Made locally whenever the socket's state changes. */
export type StatusEvent = { type: 'status'; status: ConnectionStatus; reason?: string }

/** The server has accepted the socket. */
export type ConnectedEvent = ConnectedFrame
/** The agent wrote a field. */
export type ActionEvent = ActionFrame
/** A batch has ended. */
export type DoneEvent = DoneFrame
/** A refusal; also made locally: `websocket error`, or a user edit that the server does not take. */
export type ErrorEvent = ErrorFrame
/** The session lives longer. */
export type ExtendedEvent = ExtendedFrame
/** Nothing happened for a while. */
export type HeartbeatEvent = HeartbeatFrame
/** The agent has a token of its own now. */
export type ClaimedEvent = ClaimedFrame
/** Frames are gone: read the context again. */
export type HistoryGoneEvent = HistoryGoneFrame

/** Everything a listener can get. */
export type HandshakeEvent = ServerFrame | StatusEvent
/** What `on` takes as its first argument. */
export type EventType = FrameType | 'status'
/** The event of each type. */
export type HandshakeEvents = { [T in EventType]: Extract<HandshakeEvent, { type: T }> }
