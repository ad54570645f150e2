// Answers to interactions: https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages

import * as z from 'zod'
import type { PlatformAction, PlatformResult } from '../port.js'
import type { Call } from './api.js'
import type { Discord } from './discord.js'
import { codes, isRefusedWith } from './errors.js'
import { isId, type Message } from './objects.js'
import { emptyText, quiet, refused } from './results.js'
import { partly, toParts } from './send.js'

/** The kind of capability that an interaction brings (contract 6.4). */
export const interactionToken = 'discord.interaction_token'

/** Printable, so that it can stand in a route. */
export const InteractionToken = z.string().regex(/^[\x21-\x7e]{1,4096}$/)

const Secret = z.object({
  applicationId: z.string().refine(isId),
  token: InteractionToken,
  /** True when a message waits to be filled in; a press has none, its message is the question's. */
  hasPlaceholder: z.boolean(),
})
export type InteractionSecret = z.infer<typeof Secret>

export const toSecret = (secret: InteractionSecret): string => JSON.stringify(secret)

function readSecret(text: string): InteractionSecret | undefined {
  try {
    return Secret.safeParse(JSON.parse(text)).data
  } catch {
    // No JSON: not one of ours.
    return undefined
  }
}

/** Fills the placeholder in, when it is there and nobody did; else posts after it. */
export async function followUp(
  discord: Discord,
  action: Extract<PlatformAction, { op: 'follow_up' }>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const secret = readSecret(action.secret)
  if (!secret) return refused('unknown interaction')
  const parts = toParts(action.content)
  if (parts.length === 0) return emptyText
  let first: string | undefined
  for (const [n, content] of parts.entries()) {
    const isFilling = n === 0 && action.isFirst && secret.hasPlaceholder
    const answer = await say(discord, secret, { content, isFilling }, signal)
    if (answer.outcome !== 'ok') return n === 0 ? answer : partly(n, parts.length, answer)
    first ??= answer.value.id
  }
  return { outcome: 'done', messageId: first, ...(parts.length > 1 && { rung: 'split' }) }
}

async function say(
  { api }: Discord,
  { applicationId, token }: InteractionSecret,
  { content, isFilling }: { content: string; isFilling: boolean },
  signal: AbortSignal,
) {
  const webhook = `/webhooks/${applicationId}/${encodeURIComponent(token)}` as const
  const common = { body: { content, ...quiet }, secret: token } satisfies Partial<Call>
  if (isFilling) {
    const filled = await api.call<Message>(
      { method: 'PATCH', route: `${webhook}/messages/@original`, ...common },
      signal,
    )
    // Somebody has taken the placeholder away.
    if (filled.outcome === 'ok' || !isRefusedWith(filled, codes.unknownMessage)) return filled
  }
  return await api.call<Message>({ method: 'POST', route: webhook, ...common }, signal)
}
