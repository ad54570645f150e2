// Schemas of the channel socket (section 14.8). The original has none.
import * as z from 'zod'
import { permissionAnswer, toBody, WireEventSchema } from './actions.js'
import type { WsAnyChannelEventMessage, WsChannelControlMessage, WsChannelServerMessage } from './channels.js'

const ofSession = { sessionId: z.string(), agentId: z.string() }

/** What a channel socket sends. Events of terminals of a runtime have neither `sessionId` nor `agentId`. */
export const WsChannelServerMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('event'),
    channel: z.string(),
    sessionId: z.string().optional(),
    agentId: z.string().optional(),
    seq: z.number(),
    event: WireEventSchema,
  }),
  z.object({ type: z.literal('connected'), connectionId: z.string() }),
  z.object({ type: z.literal('subscribed'), channel: z.string(), truncated: z.boolean().optional() }),
  z.object({ type: z.literal('unsubscribed'), channel: z.string() }),
  z.object({ type: z.literal('session.created'), ...ofSession }),
  z.object({ type: z.literal('session.terminated'), ...ofSession }),
  z.object({ type: z.literal('error'), message: z.string(), channel: z.string().optional() }),
  z.object({ type: z.literal('pong') }),
]) satisfies z.ZodType<WsChannelServerMessage | WsAnyChannelEventMessage>

const sessionId = z.string()
const inTerminal = { terminalId: z.string() }
const size = z.number()

/** What a client sends on a channel socket. `permission.respond` may say `response` for `body`. */
export const WsChannelControlMessageSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('subscribe'), channel: z.string(), since: z.number().optional() }),
  z.object({ action: z.literal('unsubscribe'), channel: z.string() }),
  z.object({ action: z.literal('prompt'), sessionId, text: z.string() }),
  z.object({ action: z.literal('permission.respond'), sessionId, ...permissionAnswer }).transform(toBody),
  z.object({ action: z.literal('cancel'), sessionId, queueId: z.string().optional() }),
  z.object({ action: z.literal('terminate'), sessionId }),
  z.object({ action: z.literal('queue.reorder'), sessionId, order: z.array(z.string()) }),
  z.object({ action: z.literal('queue.clear'), sessionId }),
  z.object({ action: z.literal('queue.pause'), sessionId }),
  z.object({ action: z.literal('queue.resume'), sessionId }),
  z.object({ action: z.literal('ping') }),
  z.object({
    action: z.literal('terminal.create'),
    sessionId: sessionId.optional(),
    data: z.string().optional(),
    cols: size.optional(),
    rows: size.optional(),
  }),
  z.object({ action: z.literal('terminal.input'), ...inTerminal, data: z.string() }),
  z.object({ action: z.literal('terminal.resize'), ...inTerminal, cols: size, rows: size }),
  z.object({ action: z.literal('terminal.kill'), ...inTerminal }),
  z.object({ action: z.literal('fs.snapshot'), sessionId, path: z.string().optional() }),
  z.object({ action: z.literal('file.preview'), sessionId, path: z.string() }),
]) satisfies z.ZodType<WsChannelControlMessage>
