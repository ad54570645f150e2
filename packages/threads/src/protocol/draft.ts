import * as z from 'zod/mini'
import { defaultLimits, type Limits, lengths } from './limits.js'
import { contentSchema } from './parts.js'
import { metadataObject, nameText } from './shapes.js'

/** What a server lets its users send. */
export type DraftOptions = {
  /** Schemes of URLs beside http and https. Default none. */
  urlSchemes?: readonly string[]
  /** Default `defaultLimits`. */
  limits?: Limits
}

/** A schema of drafts that refuses unknown members, and content that `options` do not allow. */
export function eventDraftSchema({ urlSchemes = [], limits = defaultLimits }: DraftOptions = {}) {
  const recipient = nameText(lengths.id)
  return z.strictObject({
    /** The sender's own id: it comes back with the event, and a second draft with it stores nothing. */
    client_id: z.nullish(nameText(lengths.clientId)),
    content: contentSchema({ urlSchemes, limits }),
    metadata: z.optional(
      z.pipe(
        z.nullish(metadataObject(limits)),
        z.transform((value) => value ?? undefined),
      ),
    ),
    /** Ids of the members it is for. Absent, null and empty alike: for all. */
    recipients: z.nullish(z.array(recipient).check(z.maxLength(limits.members))),
  })
}

/** A message as it is sent, in the shape of the wire. */
export const EventDraft = eventDraftSchema()
export type EventDraft = z.infer<typeof EventDraft>
