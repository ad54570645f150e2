// The run-time values of the contract's `/session-host/zod` (section 14.7).
import * as z from 'zod'
import type { SessionHostStartRequest } from './index.js'

/** Body of a host's `start`. Unknown members are stripped, `null` for an optional one is refused. */
export const SessionHostStartRequestSchema = z.object({
  // WHY: the original's schema drops it though its type has it; a host that parses with it loses the id.
  sessionId: z.string().optional(),
  command: z.string(),
  args: z.array(z.string()),
  workspace: z.string(),
  setup: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  callbackUrl: z.string().optional(),
}) satisfies z.ZodType<SessionHostStartRequest>
