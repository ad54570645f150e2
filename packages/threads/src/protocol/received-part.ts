import * as z from 'zod/mini'
import type { ContentPart } from './parts.js'
import { jsonObject, keeping } from './shapes.js'

const file = {
  url: z.string(),
  mime: z.string(),
  name: z.nullish(z.string()),
  size: z.nullish(z.number()),
}

const known = z.discriminatedUnion('type', [
  keeping({ type: z.literal('text'), text: z.string() }),
  keeping({ type: z.literal('image'), ...file }),
  keeping({ type: z.literal('audio'), ...file, duration_ms: z.nullish(z.number()) }),
  keeping({ type: z.literal('document'), ...file }),
  keeping({
    type: z.literal('form'),
    form_id: z.string(),
    schema: jsonObject,
    status: z.enum(['pending', 'submitted', 'cancelled']),
    values: z.nullish(jsonObject),
    answers_event_id: z.nullish(z.string()),
    title: z.nullish(z.string()),
    description: z.nullish(z.string()),
  }),
])

const knownTypes = new Set(['text', 'image', 'audio', 'document', 'form'])

const unknown = z.looseObject({ type: z.string().check(z.refine((type) => !knownTypes.has(type))) })

/**
 * A part as a server sends it. Members and types that this version does not know are kept: whoever renders parts has
 * a last case that shows nothing, and asks `isAllowedUrl` before making a link.
 */
// The type leaves the unknown types out, so that a switch over `type` narrows.
export const ReceivedPart = z.union([known, unknown]) as unknown as z.ZodMiniType<ContentPart>
