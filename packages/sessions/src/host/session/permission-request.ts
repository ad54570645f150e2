import { z } from 'zod'
import type { PendingPermission } from '../../protocol/index.js'

const requestSchema = z.object({
  toolCall: z.object({
    toolCallId: z.string(),
    title: z.string().nullish(),
    kind: z.string().nullish(),
  }),
  options: z.array(z.object({ optionId: z.string(), name: z.string(), kind: z.string() })).max(100),
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
  const title = toolCall.title ?? before?.title ?? toolCallId
  return { requestId, toolCallId, title, ...(kind && { kind }), options }
}
