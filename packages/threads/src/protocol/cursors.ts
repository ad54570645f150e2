import { fromIsoTime } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { lengths } from './limits.js'
import type { EventCursor, ThreadCursor } from './objects.js'
import { nameText, whole } from './shapes.js'

/** A cursor of time and id as a client may send it. The id need not exist any more. */
export const cursorSchema: z.ZodMiniType<ThreadCursor> = z.object({
  created_at: z
    .string()
    .check(z.refine((text) => fromIsoTime(text) !== undefined, { error: 'must be an ISO-8601 time' })),
  id: nameText(lengths.id),
})

const seqSchema = z.object({ seq: whole })

/** Either form of cursor; with both, the number counts. */
export const eventCursorSchema: z.ZodMiniType<EventCursor> = z.pipe(
  z.looseObject({ seq: z.optional(z.unknown()) }),
  z.transform((value, context): EventCursor => {
    const read = ('seq' in value && value.seq !== null ? seqSchema : cursorSchema).safeParse(value)
    if (read.success) return read.data
    context.issues.push({
      code: 'custom',
      input: value,
      message: 'must be {seq}, or {created_at, id} with an ISO-8601 time',
    })
    return z.NEVER
  }),
)
