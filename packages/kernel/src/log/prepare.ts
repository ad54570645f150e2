// Turns a unit into what any engine stores: ids given out, texts made once, retry keys with their digest.
import { hash } from 'node:crypto'
import type { Op } from '../db/port.js'
import { kernelErrors } from '../errors/index.js'
import type { EventId, Ids, Micros, StreamId } from '../ids/index.js'
import type { Identity } from '../principal/index.js'
import { type Append, type Appended, type Draft, RawJson, type StoredEvent, type Unit } from './port.js'

/** A draft with its id and its JSON texts. */
export type PreparedDraft = {
  id: EventId
  type: string
  actor: Identity
  /** JSON text of the whole snapshot. */
  actorText: string
  cause?: { stream: StreamId; seq: number }
  origin?: string
  body: string
}

/** A retry key as it is remembered: `actor` is `<kind>:<id>`, `digest` covers types and bodies. */
export type PreparedKey = { actor: string; key: string; digest: string }

export type PreparedAppend = { stream: StreamId; drafts: PreparedDraft[]; key?: PreparedKey }
export type PreparedUnit = { ops: readonly Op[]; appends: PreparedAppend[] }

/** Where an append landed. Its events follow each other: number by number, microsecond by microsecond. */
export type Landing = { firstSeq: number; firstAt: Micros }

/**
 * Prepares a unit. Throws `kernel.invalid_request` for an append without drafts, for a NUL in a name, and for a
 * unit that uses one retry key twice; whatever `JSON.stringify` throws for a body passes through.
 */
export function prepareUnit(unit: Unit, ids: Ids): PreparedUnit {
  const appends = unit.appends.map((append) => prepareAppend(append, ids))
  if (appends.length > 1) assertKeysDiffer(appends)
  return { ops: unit.ops, appends }
}

/** The events of an append that landed. */
export function toAppended({ stream, drafts }: PreparedAppend, { firstSeq, firstAt }: Landing): Appended {
  const events = drafts.map((draft, index) => toStored(stream, draft, firstSeq + index, firstAt + index))
  return { stream, firstSeq, events }
}

/** JSON text of a body; what JSON has no word for is `null`. */
function bodyText(body: unknown): string {
  return body instanceof RawJson ? body.text : (JSON.stringify(body) ?? 'null')
}

function prepareAppend({ stream, drafts, key }: Append, ids: Ids): PreparedAppend {
  const first = drafts[0]
  if (!first) throw kernelErrors.invalidRequest({ message: 'An append needs at least one draft.' })
  assertText(stream, key, first.actor.id)
  const prepared = drafts.map((draft) => prepareDraft(draft, ids))
  if (key === undefined) return { stream, drafts: prepared }
  const actor = `${first.actor.kind}:${first.actor.id}`
  return { stream, drafts: prepared, key: { actor, key, digest: digestOf(prepared) } }
}

function prepareDraft({ type, actor, body, id, cause, origin }: Draft, ids: Ids): PreparedDraft {
  assertText(type, id, origin, cause?.stream)
  return {
    id: id ?? ids.next('evt'),
    type,
    actor,
    actorText: JSON.stringify(actor),
    cause,
    origin,
    body: bodyText(body),
  }
}

// OUTSIDE: Postgres refuses text with a NUL and SQLite cuts it there when reading. In JSON text it is escaped.
function assertText(...texts: (string | undefined)[]): void {
  if (texts.some((text) => text?.includes('\0')))
    throw kernelErrors.invalidRequest({ message: 'Names, types and keys can not hold a NUL character.' })
}

function digestOf(drafts: readonly PreparedDraft[]): string {
  return hash('sha256', JSON.stringify(drafts.map(({ type, body }) => [type, body])), 'hex')
}

function assertKeysDiffer(appends: readonly PreparedAppend[]): void {
  const keys = appends.flatMap(({ stream, key }) =>
    key ? [JSON.stringify([stream, key.actor, key.key])] : [],
  )
  if (new Set(keys).size < keys.length)
    throw kernelErrors.invalidRequest({ message: 'A unit uses the same retry key twice.' })
}

function toStored(stream: StreamId, draft: PreparedDraft, seq: number, at: Micros): StoredEvent {
  const { id, type, actor, cause, origin, body } = draft
  return {
    stream,
    seq,
    id,
    at,
    type,
    actor,
    ...(cause && { cause }),
    ...(origin !== undefined && { origin }),
    body,
  }
}
