import type { JsonObject } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { lengths } from './limits.js'
import { jsonObject, keeping, metadataObject, nameText, orElse } from './shapes.js'

const members = {
  id: nameText(lengths.id),
  name: z.string().check(z.maxLength(lengths.name)),
  /** `tenant` in it is the tenant of the identity. Default `{}`. */
  metadata: orElse(metadataObject(), () => ({})),
}

/** A person. */
export const UserIdentity = z.strictObject({ role: z.literal('user'), ...members })
export type UserIdentity = z.infer<typeof UserIdentity>

/** The author of what a run emits. */
export const AssistantIdentity = z.strictObject({ role: z.literal('assistant'), ...members })
export type AssistantIdentity = z.infer<typeof AssistantIdentity>

/** A webhook, an automation, the server itself. */
export const SystemIdentity = z.strictObject({ role: z.literal('system'), ...members })
export type SystemIdentity = z.infer<typeof SystemIdentity>

/** Who acts. `parse` refuses unknown roles and members. */
export const Identity = z.discriminatedUnion('role', [UserIdentity, AssistantIdentity, SystemIdentity])
export type Identity = z.infer<typeof Identity>

const received = { id: z.string(), name: z.string(), metadata: orElse(jsonObject, () => ({})) }

/** An identity as a server sends it: members that this version does not know are kept. */
export const ReceivedIdentity = z.discriminatedUnion('role', [
  keeping({ role: z.literal('user'), ...received }),
  keeping({ role: z.literal('assistant'), ...received }),
  keeping({ role: z.literal('system'), ...received }),
])

/** What the helpers below take. `metadata` is `{}` by default. */
export type IdentityMembers = { id: string; name: string; metadata?: JsonObject }

/** Makes the identity of a person. */
export function user({ id, name, metadata = {} }: IdentityMembers): UserIdentity {
  return { role: 'user', id, name, metadata }
}

/** Makes the identity of an assistant. */
export function assistant({ id, name, metadata = {} }: IdentityMembers): AssistantIdentity {
  return { role: 'assistant', id, name, metadata }
}

/** Makes the identity of a system. */
export function system({ id, name, metadata = {} }: IdentityMembers): SystemIdentity {
  return { role: 'system', id, name, metadata }
}
