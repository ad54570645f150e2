import type * as z from 'zod'
import { WsChannelServerMessageSchema } from '../../protocol/index.js'

/** Anything the server sends on a channel socket. */
export type ServerFrame = z.infer<typeof WsChannelServerMessageSchema>
/** An event as it came; those of terminals of a runtime have no session. */
export type EventFrame = Extract<ServerFrame, { type: 'event' }>
/** A session began or ended. */
export type LifecycleFrame = Extract<ServerFrame, { type: 'session.created' | 'session.terminated' }>

/** Undefined for what can't be read: a newer server may say more than is known here. */
export function readFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    return WsChannelServerMessageSchema.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}
