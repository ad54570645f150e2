import { isJsonObject } from '@parley/kernel/wire'
import * as z from 'zod'
import {
  cutText,
  limits,
  type OutboundAction,
  type OutboundResult,
  promptToken,
} from '../../protocol/index.js'
import { invalid, unsupported } from './results.js'

// What a gateway may ask for, field by field (contract 5.1). What is not named here does not go further: neither to a platform nor
// into a receipt.

const longest = { id: 256, content: 100_000, sourceUrl: 4_096, sessionKey: 1_024, label: 256, name: 4_096 }

const id = z.string().min(1).max(longest.id)
const content = z.string().max(longest.content)
const replyTo = id.nullish()

/** Hints (5.2): a member of another type than it should be is ignored, never an error and never believed. */
const hint = z.string().max(longest.id).optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const metadata = z
  .object({
    scope_id: hint,
    guild_id: hint,
    user_id: hint,
    profile: hint,
    thread_id: hint,
    thread_ts: hint,
    reply_to_message_id: hint,
    message_id: hint,
    format_hints: z.object({ rich_blocks: flag, markdown_blocks: flag }).optional().catch(undefined),
    unfurl_links: flag,
    unfurl_media: flag,
  })
  .nullish()
  .transform((hints) => hints ?? {})

/** Names of threads: trimmed, inner white space collapsed, cut (5.9). */
const threadName = z
  .string()
  .max(longest.name)
  .transform((name) => cutText(name.trim().replaceAll(/\s+/g, ' '), limits.threadName, 'chars').trimEnd())
  .pipe(z.string().min(1))

const option = z.object({
  id: z.string(),
  label: z.string().min(1).max(longest.label),
  style: z.enum(['primary', 'success', 'danger', 'secondary']).optional().catch(undefined),
})

const prompt = z
  .object({
    op: z.literal('prompt'),
    chat_id: id,
    prompt_kind: z.string().max(64),
    prompt_id: z.string(),
    content,
    options: z.array(option).min(1).max(50),
    timeout_s: z.number().positive().finite().nullish(),
    reply_to: replyTo,
    metadata,
  })
  .superRefine(({ prompt_id, options }, context) => {
    // A single character as option: then a forbidden token can only be the prompt id's fault.
    const isIdGood = promptToken(prompt_id, 'x') !== undefined
    if (!isIdGood) context.addIssue({ code: 'custom', path: ['prompt_id'] })
    const isTokenGood = options.every((one) => promptToken(prompt_id, one.id) !== undefined)
    const areDistinct = new Set(options.map((one) => one.id)).size === options.length
    if (isIdGood && !(isTokenGood && areDistinct)) context.addIssue({ code: 'custom', path: ['options'] })
  })

const schemas: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['send', z.object({ op: z.literal('send'), chat_id: id, content, reply_to: replyTo, metadata })],
  ['edit', z.object({ op: z.literal('edit'), chat_id: id, message_id: id, content, metadata })],
  [
    'typing',
    z.object({ op: z.literal('typing'), chat_id: id, content: z.string().max(1_000).nullish(), metadata }),
  ],
  [
    'follow_up',
    z.object({
      op: z.literal('follow_up'),
      session_key: z.string().min(1).max(longest.sessionKey),
      kind: z.string().min(1).max(128),
      content,
      metadata,
    }),
  ],
  ['get_chat_info', z.object({ op: z.literal('get_chat_info'), chat_id: id, metadata })],
  [
    'send_media',
    z.object({
      op: z.literal('send_media'),
      chat_id: id,
      media_kind: z.enum(['image', 'voice', 'audio', 'video', 'document']),
      source_url: z.string().min(1).max(longest.sourceUrl),
      content: content.nullish().transform((caption) => caption ?? ''),
      filename: z.string().max(limits.mediaFilename).nullish(),
      reply_to: replyTo,
      metadata,
    }),
  ],
  ['prompt', prompt],
  [
    'react',
    z.object({
      op: z.literal('react'),
      chat_id: id,
      message_id: id,
      emoji: z.string().min(1).max(64),
      remove: z.boolean().nullish(),
      metadata,
    }),
  ],
  [
    'thread_create',
    z.object({
      op: z.literal('thread_create'),
      chat_id: id,
      thread_name: threadName,
      message_id: replyTo,
      metadata,
    }),
  ],
  [
    'thread_rename',
    z.object({
      op: z.literal('thread_rename'),
      chat_id: id,
      message_id: id,
      thread_name: threadName,
      only_if_current_name: z.string().max(longest.name).nullish(),
      only_if_connector_created: z.boolean().nullish(),
      metadata,
    }),
  ],
  ['delete', z.object({ op: z.literal('delete'), chat_id: id, message_id: id, metadata })],
])

/** The action with the fields it may have, or the answer that says what is wrong with it. Never throws. */
export function checkAction(value: unknown): { action: OutboundAction } | { problem: OutboundResult } {
  if (!isJsonObject(value) || typeof value.op !== 'string') return { problem: invalid('op') }
  const schema = schemas.get(value.op)
  if (!schema) return { problem: unsupported(value.op) }
  const read = schema.safeParse(value)
  if (!read.success) return { problem: invalid(String(read.error.issues[0]?.path[0] ?? 'action')) }
  // The cast: the schema of this op has read it; members that were null are left out.
  return { action: withoutNulls(read.data as OutboundAction) }
}

function withoutNulls(action: OutboundAction): OutboundAction {
  const kept = Object.entries(action).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(kept) as OutboundAction
}
