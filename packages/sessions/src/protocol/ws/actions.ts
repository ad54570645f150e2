// Pieces of both sockets' schemas.
import * as z from 'zod'

/** Tried in this order: of a body with both members only `optionId` is kept. */
export const PermissionResponseBodySchema = z.union([
  z.object({ optionId: z.string() }),
  z.object({ outcome: z.literal('cancelled') }),
])

/** What happened, as every door sends it. */
export const WireEventSchema = z.object({
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  timestamp: z.string(),
})

/** `permission.respond` with `body`, or with `response` as the contract's 14.4 declares it; `body` wins. */
export const permissionAnswer = {
  requestId: z.string(),
  body: PermissionResponseBodySchema.optional(),
  response: PermissionResponseBodySchema.optional(),
}

type Answer = z.infer<typeof PermissionResponseBodySchema>

/** The answer under its one name; a message without any is refused. */
export function toBody<T extends { body?: Answer; response?: Answer }>(
  { body, response, ...rest }: T,
  context: z.RefinementCtx,
): Omit<T, 'body' | 'response'> & { body: Answer } {
  const answer = body ?? response
  if (answer) return { ...rest, body: answer }
  context.addIssue({ code: 'custom', path: ['body'], message: 'Missing body' })
  return z.NEVER
}
