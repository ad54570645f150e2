// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object

import { isDeeperThan, isJsonObject, type JsonObject } from '@parley/kernel/wire'
import * as z from 'zod'
import { InteractionToken } from './follow-up.js'
import { isId } from './objects.js'

const Id = z.string().refine(isId)
const Person = z.object({
  id: Id,
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
})
const Interaction = z
  .object({
    id: Id,
    application_id: Id,
    token: InteractionToken,
    channel_id: Id,
    guild_id: Id.optional(),
    channel: z
      .object({
        id: Id,
        type: z.int(),
        name: z.string().nullish(),
        topic: z.string().nullish(),
        parent_id: Id.nullish(),
      })
      .optional(),
    member: z.object({ nick: z.string().nullish(), user: Person }).optional(),
    user: Person.optional(),
    data: z.object({ custom_id: z.string().optional() }).optional(),
  })
  .refine(({ member, user }) => member || user)
export type Interaction = z.infer<typeof Interaction>

/** LIMIT: a modal's components and a command's options are far below. */
const maxDepth = 32
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A request's body as JSON; undefined when it is none. */
export function readBody(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return isJsonObject(value) && !isDeeperThan(value, maxDepth) ? value : undefined
  } catch {
    return undefined
  }
}

export const readInteraction = (body: JsonObject): Interaction | undefined => Interaction.safeParse(body).data

/** The value without what is called a token, and without this token in any text. The value is at most some levels deep. */
export function withoutToken(value: unknown, token: string): unknown {
  if (typeof value === 'string') return value.replaceAll(token, '')
  if (Array.isArray(value)) return value.map((item) => withoutToken(item, token))
  if (!isJsonObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => name !== 'token')
  return Object.fromEntries(
    kept.map(([name, item]) => [name.replaceAll(token, ''), withoutToken(item, token)]),
  )
}
