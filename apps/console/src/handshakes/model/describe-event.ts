// Events as sentences. A type we do not know becomes a visible line, never a crash.

import { isObject, type Json, readList, readNumber, readText, readTexts } from '../../api/read.js'
import { formatDuration } from '../../time/countdown.js'
import { isBlank } from './field-rows.js'
import { shorten, showValue } from './show-value.js'
import type { StreamEvent } from './stream-event.js'

/** What kind of line it is, for its colour: who acted, or how it went. */
export type Tone = 'agent' | 'person' | 'edited' | 'neutral' | 'ended'

export type Description = { readonly sentence: string; readonly tone: Tone }

type LabelOf = (key: string) => string

/** Says in a sentence what happened; `labelOf` turns a field's key into its label. */
export function describeEvent(event: StreamEvent, labelOf: LabelOf = (key) => key): Description {
  const { body } = event
  switch (event.type) {
    case 'handshake.created':
      return {
        sentence: `Handed out in ${readText(body.mode, 'default')} mode${withFields(body)}.`,
        tone: 'neutral',
      }
    case 'field.set':
      return { sentence: describeSet(body, labelOf), tone: 'agent' }
    case 'field.edited':
      return describeEdit(body, labelOf)
    case 'batch.done':
      return { sentence: describeBatch(body, labelOf), tone: 'agent' }
    case 'handshake.extended':
      return { sentence: describeExtension(body), tone: 'neutral' }
    case 'handshake.claimed':
      return { sentence: `${claimant(body)} took the prompt.`, tone: 'agent' }
    case 'handshake.revoked':
      return { sentence: describeRevoke(event), tone: 'ended' }
    case 'handshake.expired':
      return { sentence: 'Time ran out; the prompt opens nothing any more.', tone: 'ended' }
    case 'frame.pushed':
      return { sentence: 'The mode’s own code sent a message to the page.', tone: 'neutral' }
    default:
      return { sentence: `Something this console does not know yet: ${event.type}.`, tone: 'neutral' }
  }
}

function withFields(body: Json): string {
  const count = Array.isArray(body.keys) ? body.keys.length : readNumber(body.keys)
  return count === 0 ? '' : ` with ${counted(count, 'field')}`
}

function describeSet(body: Json, labelOf: LabelOf): string {
  const field = nameOf(body, labelOf)
  if (isBlank(body.value)) return `The agent emptied ${field}.`
  return `The agent set ${field} to ${quote(body.value)}.`
}

function describeEdit(body: Json, labelOf: LabelOf): Description {
  const field = nameOf(body, labelOf)
  if (isBlank(body.value)) return { sentence: `The user cleared ${field}.`, tone: 'person' }
  if (body.by === 'user_edit')
    return { sentence: `The user changed the agent’s ${field} to ${quote(body.value)}.`, tone: 'edited' }
  return { sentence: `The user set ${field} to ${quote(body.value)}.`, tone: 'person' }
}

function describeBatch(body: Json, labelOf: LabelOf): string {
  const rejected = readTexts(body.rejected)
  const missing = readTexts(body.missing)
  const parts = [
    `${counted(readNumber(body.applied), 'field')} written`,
    rejected.length > 0 && `${list(rejected.map(labelOf))} refused`,
    ...readList(body.errors)
      .filter(isObject)
      .slice(0, 3)
      .map((error) => describeError(error, labelOf)),
    missing.length > 0 ? `still missing ${list(missing.map(labelOf))}` : 'nothing missing',
  ]
  return `The agent finished a batch: ${parts.filter(Boolean).join('; ')}.`
}

function describeError(error: Json, labelOf: LabelOf): string {
  const key = readText(error.key)
  const message = shorten(readText(error.msg, 'error'), 80)
  return key ? `${labelOf(key)}: ${message}` : message
}

function describeExtension(body: Json): string {
  const extra = formatDuration(readNumber(body.extraSeconds))
  return `Extended by ${extra}; it now lasts ${formatDuration(readNumber(body.expiresIn))} from here.`
}

function claimant(body: Json): string {
  const agent = isObject(body.agent) ? readText(body.agent.name) : readText(body.agent)
  return shorten(readText(body.label) || agent || 'An agent', 60)
}

function describeRevoke({ body, actor }: StreamEvent): string {
  const by = isObject(body.by) ? readText(body.by.name) || readText(body.by.kind) : readText(body.by)
  const who = by || (actor.name ?? actor.kind)
  return who === 'unknown' ? 'Revoked.' : `Revoked by ${shorten(who, 40)}.`
}

/** The field's label; an event without a key still makes a sentence. */
function nameOf(body: Json, labelOf: LabelOf): string {
  const key = readText(body.key)
  return key ? shorten(labelOf(key), 60) : 'a field'
}

function quote(value: unknown): string {
  return `“${shorten(showValue(value), 80)}”`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** At most four names; the rest is a number. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => shorten(name, 40))
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
