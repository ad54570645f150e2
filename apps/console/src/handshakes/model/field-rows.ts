// The fields as they stand: the snapshot that was read, and every event after it.

import { type Json, readText, readTextOrNull } from '../../api/read.js'
import { type By, type FieldEntry, type HandshakeDetail, readBy } from './handshake.js'
import type { StreamEvent } from './stream-event.js'

export type FieldRow = {
  readonly key: string
  readonly label: string
  readonly type: string
  readonly required: boolean
  readonly value: unknown
  readonly by: By | null
  readonly at: string | null
  /** Required and still blank. */
  readonly isMissing: boolean
  /** Number of the event that brought this value; 0 when the snapshot had it. */
  readonly changedBy: number
}

type Known = FieldEntry & { readonly changedBy: number }

/** Rows in the order of the form, then keys that no field declares. */
export function fieldRows(detail: HandshakeDetail, events: readonly StreamEvent[]): FieldRow[] {
  const entries = latestEntries(detail, events)
  const declared = detail.schema.map((field) => toRow(field, entries.get(field.key)))
  const keys = new Set(detail.schema.map((field) => field.key))
  const others = [...entries].filter(([key]) => !keys.has(key))
  return [...declared, ...others.map(([key, entry]) => toRow(undeclared(key), entry))]
}

/** True for what counts as "nothing there": null, absent, and empty text, list or object. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function latestEntries(detail: HandshakeDetail, events: readonly StreamEvent[]): Map<string, Known> {
  const entries = new Map<string, Known>()
  for (const [key, entry] of Object.entries(detail.entries)) entries.set(key, { ...entry, changedBy: 0 })
  for (const event of events) {
    const key = changedKey(event)
    if (key === null) continue
    const known = entries.get(key)
    // Older than the snapshot: it tells where the value came from, the snapshot what it is.
    if (event.seq > detail.head || known === undefined)
      entries.set(key, { ...fromBody(event.body), changedBy: event.seq })
    else entries.set(key, { ...known, by: known.by ?? readBy(event.body.by), changedBy: event.seq })
  }
  return entries
}

function changedKey(event: StreamEvent): string | null {
  const isChange = event.type === 'field.set' || event.type === 'field.edited'
  return isChange ? readTextOrNull(event.body.key) : null
}

function fromBody(body: Json): FieldEntry {
  return { value: body.value, by: readBy(body.by), at: readText(body.at) || null }
}

function undeclared(key: string) {
  return { key, label: key, type: '', required: false }
}

function toRow(field: ReturnType<typeof undeclared>, entry: Known | undefined): FieldRow {
  return {
    ...field,
    value: entry?.value,
    by: entry?.by ?? null,
    at: entry?.at ?? null,
    isMissing: field.required && isBlank(entry?.value),
    changedBy: entry?.changedBy ?? 0,
  }
}
