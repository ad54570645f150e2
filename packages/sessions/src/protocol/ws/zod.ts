// The run-time values of the contract's `/ws/zod` (section 14.7), and what our per-session socket reads with (14.4).
import * as z from 'zod'
import type { FilePreviewAction, FsSnapshotAction } from '../session-host/index.js'
import { PermissionResponseBodySchema, permissionAnswer, toBody, WireEventSchema } from './actions.js'
import type { WsControlMessage, WsServerMessage } from './index.js'

/** What a per-session socket sends, but for the answer to a queued prompt, which has no `type`. */
export const WsServerMessageSchema = z.union([
  z.object({ type: z.literal('event'), timestamp: z.string(), event: WireEventSchema }),
  z.object({ type: z.literal('connected'), sessionId: z.string() }),
  z.object({ type: z.literal('error'), message: z.string() }),
]) satisfies z.ZodType<WsServerMessage>

const actions = [
  z.object({ action: z.literal('prompt'), text: z.string() }),
  z.object({ action: z.literal('cancel'), queueId: z.string().optional() }),
  z.object({ action: z.literal('terminate') }),
  z.object({ action: z.literal('ping') }),
  z.object({ action: z.literal('queue.reorder'), order: z.array(z.string()) }),
  z.object({ action: z.literal('queue.clear') }),
  z.object({ action: z.literal('queue.pause') }),
  z.object({ action: z.literal('queue.resume') }),
] as const

/** What a client sends on a per-session socket, as the original reads it. */
export const WsControlMessageSchema = z.union([
  ...actions,
  z.object({
    action: z.literal('permission.respond'),
    requestId: z.string(),
    body: PermissionResponseBodySchema,
  }),
]) satisfies z.ZodType<WsControlMessage>

/** What our per-session socket understands; `permission.respond` always has a `body` after reading. */
export type WsSessionMessage = WsControlMessage | FsSnapshotAction | FilePreviewAction

/** The nine actions and the three messages of section 14.4. */
export const WsSessionMessageSchema = z.union([
  ...actions,
  z.object({ action: z.literal('permission.respond'), ...permissionAnswer }).transform(toBody),
  z.object({ action: z.literal('fs.snapshot'), path: z.string().optional() }),
  z.object({ action: z.literal('file.preview'), path: z.string() }),
]) satisfies z.ZodType<WsSessionMessage>

export { WsChannelControlMessageSchema, WsChannelServerMessageSchema } from './channels-zod.js'
