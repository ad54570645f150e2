// Answers that are not one object or one page, as a server sends them over HTTP and as acknowledgements.
import * as z from 'zod/mini'
import { parseEvent, type ThreadEvent, type UnknownEvent } from './events.js'
import { Run, RunStatus } from './objects.js'
import { keeping, orElse } from './shapes.js'

/** An event of any type, read as `parseEvent` does. */
export const AnyEvent = z.pipe(
  z.unknown(),
  z.transform((value, context): ThreadEvent | UnknownEvent => {
    try {
      return parseEvent(value)
    } catch {
      context.issues.push({ code: 'custom', input: value, message: 'is no event' })
      return z.NEVER
    }
  }),
)

/** Of an invocation: one run for each assistant, in the order asked. */
export const InvokeAnswer = keeping({
  runs: z.array(Run),
  /** Ids of the runs that this call did not create. */
  reused: orElse(z.array(z.string()), () => []),
})
export type InvokeAnswer = z.infer<typeof InvokeAnswer>

/** Of `thread:join`. When `replay_truncated`, join again from the last event of `replayed`. */
export const JoinAnswer = keeping({
  thread_id: z.string(),
  replayed: z.array(AnyEvent),
  replay_truncated: z.boolean(),
  /** True when some of what was missed is not kept any more; `replayed` begins where the log does. */
  history_gone: z.optional(z.boolean()),
})
export type JoinAnswer = z.infer<typeof JoinAnswer>

/** Of `thread:leave`. */
export const LeaveAnswer = keeping({ thread_id: z.string(), left: z.literal(true) })
export type LeaveAnswer = z.infer<typeof LeaveAnswer>

/** Of `message:send`, and of `message:edit`: there it is the event that says so. */
export const SendAnswer = keeping({ event: AnyEvent })
export type SendAnswer = z.infer<typeof SendAnswer>

/** Of `message:delete`, also when it was deleted before. */
export const DeleteAnswer = keeping({ event_id: z.string(), deleted: z.literal(true) })
export type DeleteAnswer = z.infer<typeof DeleteAnswer>

/** Of `run:cancel`. `cancelled` is false when the run was over already. */
export const CancelAnswer = keeping({
  run_id: z.string(),
  cancelled: z.boolean(),
  status: z.optional(RunStatus),
})
export type CancelAnswer = z.infer<typeof CancelAnswer>

/** Of every refusal over HTTP. */
export const ErrorBody = keeping({
  detail: z.string(),
  error: keeping({ code: z.string(), message: z.string() }),
})
export type ErrorBody = z.infer<typeof ErrorBody>

/** Of every refusal over a socket. */
export const ErrorAck = keeping({ error: keeping({ code: z.string(), message: z.string() }) })
export type ErrorAck = z.infer<typeof ErrorAck>
