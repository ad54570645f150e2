import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { HostError } from '../errors.js'

const text = z.string().max(64 * 1024)
const startSchema = z.object({
  command: text.min(1),
  args: z.array(text).max(1_000).default([]),
  workspace: text.refine(isAbsolute, 'must be an absolute path'),
  setup: z
    .string()
    .max(256 * 1024)
    .optional(),
  env: z.record(z.string().regex(/^[^=\0]+$/), text).optional(),
  callbackUrl: z.string().optional(),
  autoApprove: z.boolean().default(false),
})

/** What `POST /sessions/:id/start` asks for (section 4.1). */
export type StartRequest = z.output<typeof startSchema>

/** The body of a start. Refuses with 400 and says which member is wrong. */
export function parseStart(body: unknown): StartRequest {
  const parsed = startSchema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HostError(400, `Invalid start request: ${issue?.path.join('.')}: ${issue?.message}`)
}
