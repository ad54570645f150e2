import { z } from 'zod'
import type { PendingPermission } from '../../protocol/index.js'
import { maxTitle, short } from './tool-titles.js'

/** As many as the server's record takes, and ids as long. */
const maxOptions = 31
const id = z.string().max(500)

const requestSchema = z.object({
  toolCall: z.object({
    toolCallId: id,
    title: z.string().nullish(),
    kind: z.string().max(100).nullish(),
  }),
  options: z
    .array(z.object({ optionId: id, name: z.string().max(1_000), kind: z.string().max(100) }))
    .max(maxOptions),
})

type Titled = { title?: string; kind?: string }

/** What people are asked, from the params of `session/request_permission`; undefined when they are malformed. */
export function permissionOf(
  params: unknown,
  requestId: string,
  known: (toolCallId: string) => Titled | undefined,
): PendingPermission | undefined {
  const parsed = requestSchema.safeParse(params)
  if (!parsed.success) return undefined
  const { toolCall, options } = parsed.data
  const { toolCallId } = toolCall
  const before = known(toolCallId)
  const kind = toolCall.kind ?? before?.kind
  const title = short(toolCall.title ?? before?.title ?? toolCallId, maxTitle)
  return { requestId, toolCallId, title, ...(kind && { kind }), options }
}
