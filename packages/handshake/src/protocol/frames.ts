// WHY mini: a page with a strict content security policy reports the code that zod's other schemas compile from text.
import * as z from 'zod/mini'

// Frames with `seq` come from the log; a socket opened with `?after=<seq>` gets each of them exactly once.
const seq = z.optional(z.int())

/** First frame of a socket. With `after` in its address: `seq` is the head of the log, missed frames follow. */
export const ConnectedFrame = z.looseObject({
  type: z.literal('connected'),
  sessionId: z.string(),
  mode: z.nullish(z.string()),
  seq,
  sealed: z.optional(z.boolean()),
  claimed: z.optional(z.boolean()),
  frozen: z.optional(z.boolean()),
})
export type ConnectedFrame = z.infer<typeof ConnectedFrame>

/** The agent wrote a field. */
export const ActionFrame = z.looseObject({
  type: z.literal('action'),
  key: z.string(),
  value: z.unknown(),
  seq,
})
export type ActionFrame = z.infer<typeof ActionFrame>

/** A batch has ended. `values` holds what was written when the batch was not streamed. */
export const DoneFrame = z.looseObject({
  type: z.literal('done'),
  applied: z.number(),
  rejected: z.array(z.string()),
  missing: z.array(z.string()),
  values: z.optional(z.record(z.string(), z.unknown())),
  seq,
})
export type DoneFrame = z.infer<typeof DoneFrame>

/** The session lives longer: seconds that remain. */
export const ExtendedFrame = z.looseObject({ type: z.literal('extended'), expiresIn: z.number(), seq })
export type ExtendedFrame = z.infer<typeof ExtendedFrame>

/** The client has been silent for a while; nothing else happened. */
export const HeartbeatFrame = z.looseObject({ type: z.literal('heartbeat') })
export type HeartbeatFrame = z.infer<typeof HeartbeatFrame>

/** A refusal, or why the server is about to close the socket. */
export const ErrorFrame = z.looseObject({ type: z.literal('error'), msg: z.string() })
export type ErrorFrame = z.infer<typeof ErrorFrame>

/** The agent traded the prompt's token for one of its own; the prompt opens nothing any more. */
export const ClaimedFrame = z.looseObject({
  type: z.literal('claimed'),
  claimId: z.optional(z.string()),
  label: z.nullish(z.string()),
  agent: z.nullish(z.string()),
  at: z.optional(z.string()),
  seq,
})
export type ClaimedFrame = z.infer<typeof ClaimedFrame>

/** Frames after the cursor are gone up to `seq`: read the context again. */
export const HistoryGoneFrame = z.looseObject({ type: z.literal('history_gone'), seq: z.int() })
export type HistoryGoneFrame = z.infer<typeof HistoryGoneFrame>

/** Everything a server sends. Clients ignore types they do not know. */
export const ServerFrame = z.discriminatedUnion('type', [
  ConnectedFrame,
  ActionFrame,
  DoneFrame,
  ExtendedFrame,
  HeartbeatFrame,
  ErrorFrame,
  ClaimedFrame,
  HistoryGoneFrame,
])
export type ServerFrame = z.infer<typeof ServerFrame>

/** The name of a server's frame. */
export type FrameType = ServerFrame['type']

/** The user changed a field in the page. An absent value is null. */
export const UserEditFrame = z.looseObject({
  type: z.literal('userEdit'),
  key: z.string(),
  value: z.optional(z.unknown()),
})
export type UserEditFrame = { type: 'userEdit'; key: string; value: unknown }

/** The socket's token, as its first frame. */
export const AuthFrame = z.looseObject({ type: z.literal('auth'), token: z.string() })
export type AuthFrame = z.infer<typeof AuthFrame>

/** Keeps a silent socket open; servers ignore it. */
export const PingFrame = z.looseObject({ type: z.literal('ping') })
export type PingFrame = z.infer<typeof PingFrame>

/** What a client sends. A server ignores everything else. */
export const ClientFrame = z.discriminatedUnion('type', [UserEditFrame, AuthFrame, PingFrame])
export type ClientFrame = UserEditFrame | AuthFrame | PingFrame

/** Texts of `error` frames that differ from the texts over HTTP, or exist only on sockets. */
export const frameTexts = {
  sessionNotFound: 'session not found',
  invalidToken: 'invalid token',
  originNotAllowed: 'origin not allowed',
  readOnly: 'user edits need the browser channel',
  expired: 'session expired',
  revoked: 'session revoked',
} as const

/** Reads a frame of a client, or undefined for anything that is to be ignored. */
export function parseClientFrame(text: string): ClientFrame | undefined {
  const frame = ClientFrame.safeParse(parseJson(text)).data
  if (frame?.type !== 'userEdit') return frame
  return { type: 'userEdit', key: frame.key, value: frame.value ?? null }
}

/** Reads a frame of a server, or undefined for one that this version does not know. */
export function parseServerFrame(text: string): ServerFrame | undefined {
  return ServerFrame.safeParse(parseJson(text)).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Prefix of the WebSocket subprotocol that carries a token. */
export const tokenProtocol = 'hpp.token.'
