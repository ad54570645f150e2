import { isParleyError } from '@parley/kernel/errors'
import type { BotIdentity, OutboundAction, OutboundResult } from '../../protocol/index.js'
import type { OpenBot } from '../deps.js'
import { noticeShortKey } from '../short-keys.js'
import type { Asker } from './egress.js'
import type { Parts } from './parts.js'
import { type Plan, planOf } from './render.js'
import { botUnavailable, capabilityUnavailable, declined, failure, failureOf } from './results.js'

/** One action of somebody, for one bot. `asker`: null for the connector's own words. */
export type Asked = {
  asker: Asker | null
  open: OpenBot
  action: Exclude<OutboundAction, { op: 'get_chat_info' }>
  /** Identities of the link that a `follow_up` may mean. */
  candidates: readonly BotIdentity[]
}

/** What is needed for the calls: on which bot, and which. */
export type Prepared = { open: OpenBot; plan: Plan }
type Problem = { problem: OutboundResult }

/** Undefined: it may be done. A `follow_up` is authorised by the vault, when its turn has come. */
export async function refusalOf(
  parts: Parts,
  { asker, open, action }: Asked,
): Promise<OutboundResult | undefined> {
  if (!asker) return undefined
  if (action.op === 'follow_up')
    return (await parts.egress.isActive(asker)) ? undefined : capabilityUnavailable
  return (await parts.egress.isApproved(asker, open, action)) ? undefined : declined(open.row.platform)
}

/** Gets what the action names but does not hold: a capability, a file, the name it speaks under. */
export async function prepare(parts: Parts, asked: Asked, signal: AbortSignal): Promise<Prepared | Problem> {
  switch (asked.action.op) {
    case 'follow_up':
      return await withCapability(parts, asked, asked.action)
    case 'send_media':
      return await withFile(parts, asked, asked.action, signal)
    case 'thread_rename':
      return await withName(parts, asked, asked.action)
    default:
      return {
        open: asked.open,
        plan: planOf(asked.action, asked.open.bot, { prefix: await prefixOf(parts, asked) }),
      }
  }
}

async function withCapability(
  { deps, vault, bots }: Parts,
  { asker, candidates }: Asked,
  action: Extract<OutboundAction, { op: 'follow_up' }>,
): Promise<Prepared | Problem> {
  const found = asker && (await vault.resolve(asker, candidates, action.session_key, action.kind))
  if (asker && !found) await noticeShortKey(deps, asker, candidates, action.session_key)
  const open = found && bots.get(found.bot)
  if (!found || !open) return { problem: capabilityUnavailable }
  const capability = { secret: found.secret, isFirst: found.isFirst }
  return { open, plan: planOf(action, open.bot, { prefix: '', capability }) }
}

async function withFile(
  parts: Parts,
  asked: Asked,
  action: Extract<OutboundAction, { op: 'send_media' }>,
  signal: AbortSignal,
): Promise<Prepared | Problem> {
  const { asker, open } = asked
  if (!asker) return { problem: botUnavailable }
  try {
    const source = await parts.media.fetchSource(action.source_url, asker.tenant, signal)
    if (source.bytes.length > open.bot.limits.mediaBytes)
      return { problem: failure('the file is too large for this platform') }
    const file = { ...source, filename: action.filename || source.filename }
    return { open, plan: planOf(action, open.bot, { prefix: await prefixOf(parts, asked), file }) }
  } catch (error) {
    // Where an address leads is for whoever gave it to see to: it is no fault of the connector's.
    if (isParleyError(error) && error.code.startsWith('delivery.') && error.status >= 500)
      return { problem: failure('source_url could not be loaded') }
    return { problem: failureOf(error, parts.onFault) }
  }
}

/**
 * "Only a thread that this connector made and nobody renamed since" is: only while it has the name that the connector gave it. The
 * guard is put in words that a platform can check.
 */
async function withName(
  { threads }: Parts,
  { open }: Asked,
  { only_if_connector_created: isGuarded, ...action }: Extract<OutboundAction, { op: 'thread_rename' }>,
): Promise<Prepared | Problem> {
  const plan = (guard: { only_if_current_name?: string }) =>
    planOf({ ...action, ...guard }, open.bot, { prefix: '' })
  if (!isGuarded) return { open, plan: plan({}) }
  const made = await threads.find(open.row, action.message_id)
  if (!made) return { problem: failure('the thread was not made by this connector') }
  return { open, plan: plan({ only_if_current_name: made.name }) }
}

/** Where several instances speak in a chat, each says its name. */
async function prefixOf({ voices }: Parts, { asker, open, action }: Asked): Promise<string> {
  const isText =
    action.op === 'send' || action.op === 'edit' || action.op === 'prompt' || action.op === 'send_media'
  return asker && isText ? await voices.prefix(open.row, action.chat_id, asker) : ''
}
