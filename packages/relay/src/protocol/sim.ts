// The world of a simulated platform, as a person or a test sees it.
import * as z from 'zod'

export const SimUser = z.object({ id: z.string(), name: z.string(), isBot: z.boolean().optional() })
export type SimUser = z.infer<typeof SimUser>

export const SimChat = z.object({
  id: z.string(),
  /** Threads belong to `parentId`. */
  type: z.enum(['dm', 'group', 'thread', 'forum']),
  name: z.string(),
  scopeId: z.string().nullable(),
  parentId: z.string().nullable(),
  /** Ids of users that may view it; null: everybody of its scope. */
  members: z.array(z.string()).readonly().nullable(),
})
export type SimChat = z.infer<typeof SimChat>

export const SimScope = z.object({
  id: z.string(),
  name: z.string(),
  members: z.array(z.string()).readonly(),
})
export type SimScope = z.infer<typeof SimScope>

export const SimMessage = z.object({
  id: z.string(),
  chatId: z.string(),
  /** The bot's own: null. */
  userId: z.string().nullable(),
  text: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  isEdited: z.boolean(),
  isDeleted: z.boolean(),
  replyTo: z.string().nullable(),
  options: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        style: z.enum(['primary', 'success', 'danger', 'secondary']).optional(),
        token: z.string(),
      }),
    )
    .readonly(),
  media: z.array(z.object({ filename: z.string(), mime: z.string(), size: z.number() })).readonly(),
  reactions: z.array(z.object({ emoji: z.string(), by: z.string() })).readonly(),
})
export type SimMessage = z.infer<typeof SimMessage>

export const SimTyping = z.object({ chatId: z.string(), until: z.number() })
export type SimTyping = z.infer<typeof SimTyping>

const share = z.number().min(0).max(1)

/** What goes wrong on purpose. All zero or false: nothing. Shares are 0 to 1. */
export const SimFaults = z.object({
  /** Every call fails. */
  outage: z.boolean(),
  /** Share of calls that are done and answered as if nobody knew. */
  ambiguousShare: share,
  /** Share of updates that come twice. */
  duplicateShare: share,
  /** Share of updates that come after the next one. */
  reorderShare: share,
  /** Calls a second that a chat takes; 0: what the limits say. */
  callsPerSecond: z.number().min(0),
})
export type SimFaults = z.infer<typeof SimFaults>

/** All of it but the messages. */
export const SimWorld = z.object({
  users: z.array(SimUser),
  scopes: z.array(SimScope),
  chats: z.array(SimChat),
  /** What the connector has set as the bot's commands. */
  commands: z.array(
    z.object({ name: z.string(), description: z.string(), options: z.array(z.unknown()).optional() }),
  ),
  typing: z.array(SimTyping),
  faults: SimFaults,
})
export type SimWorld = z.infer<typeof SimWorld>

/** A user writes. A message id that is there already comes again as it was. */
export const SimSay = z.object({
  userId: z.string(),
  chatId: z.string(),
  text: z.string(),
  chatType: SimChat.shape.type.optional(),
  scopeId: z.string().nullable().optional(),
  messageId: z.string().optional(),
  replyTo: z.string().optional(),
})
export type SimSay = z.infer<typeof SimSay>

/** A user presses a control. */
export const SimPress = z.object({
  userId: z.string(),
  chatId: z.string(),
  messageId: z.string(),
  optionId: z.string(),
})
export type SimPress = z.infer<typeof SimPress>

/** A user types a command of the platform's own. */
export const SimCommand = z.object({
  userId: z.string(),
  chatId: z.string(),
  name: z.string(),
  options: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
})
export type SimCommand = z.infer<typeof SimCommand>
