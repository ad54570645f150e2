import {
  isObject,
  type Json,
  readList,
  readNumber,
  readObject,
  readText,
  readTextOrNull,
  readTexts,
} from '../../api/read.js'

/** A handshake in a list. */
export type Handshake = {
  readonly id: string
  readonly mode: string
  readonly state: 'open' | 'ended'
  readonly endReason: 'expired' | 'revoked' | null
  readonly title: string | null
  readonly createdAt: string
  /** When it ends if nobody touches it, in milliseconds of this page's clock: the server's clock may differ. */
  readonly deadlineMs: number
  readonly claimed: boolean
  readonly owner: string | null
  readonly fields: { readonly total: number; readonly filled: number; readonly byAgent: number }
  readonly missing: readonly string[]
  readonly sockets: number
  /** Number of the newest event in its stream. */
  readonly head: number
}

/** Who wrote the present value of a field. `agent` is what modes without a form call the agent. */
export type By = 'empty' | 'user' | 'ai' | 'user_edit' | 'agent'

/** One field as its page declared it. */
export type FieldDefinition = {
  readonly key: string
  readonly label: string
  readonly type: string
  readonly required: boolean
}

/** What is in a field, who put it there, and when (ISO). */
export type FieldEntry = { readonly value: unknown; readonly by: By | null; readonly at: string | null }

/** One handshake with its fields. */
export type HandshakeDetail = Handshake & {
  readonly schema: readonly FieldDefinition[]
  readonly entries: Readonly<Record<string, FieldEntry>>
}

/** Reads a handshake as it was at `nowMs`. */
export function parseHandshake(value: unknown, nowMs: number): Handshake {
  const body = readObject(value)
  return {
    id: readText(body.id),
    mode: readText(body.mode, 'default'),
    state: body.state === 'ended' ? 'ended' : 'open',
    endReason: body.endReason === 'expired' || body.endReason === 'revoked' ? body.endReason : null,
    title: readTextOrNull(body.title),
    createdAt: readText(body.createdAt),
    deadlineMs: nowMs + readNumber(body.expiresIn) * 1000,
    claimed: body.claimed === true,
    owner: readOwner(body.owner),
    fields: readProgress(readObject(body.fields)),
    missing: readTexts(body.missing),
    sockets: readNumber(body.sockets),
    head: readNumber(body.head),
  }
}

/** Reads a handshake with its fields as it was at `nowMs`. */
export function parseHandshakeDetail(value: unknown, nowMs: number): HandshakeDetail {
  const body = readObject(value)
  return {
    ...parseHandshake(value, nowMs),
    schema: readList(body.schema).filter(isObject).map(parseField),
    entries: isObject(body.context) ? readContext(body.context) : readData(readObject(body.data)),
  }
}

/** Reads a provenance mark; an unknown one is no mark. */
export function readBy(value: unknown): By | null {
  const known: readonly By[] = ['empty', 'user', 'ai', 'user_edit', 'agent']
  return known.find((by) => by === value) ?? null
}

function readOwner(value: unknown): string | null {
  const owner = readObject(value)
  return readTextOrNull(owner.name) ?? readTextOrNull(owner.id)
}

function readProgress(fields: Json): Handshake['fields'] {
  return {
    total: readNumber(fields.total),
    filled: readNumber(fields.filled),
    byAgent: readNumber(fields.byAgent),
  }
}

function parseField(field: Json): FieldDefinition {
  const key = readText(field.key)
  return {
    key,
    label: readText(field.label, key),
    type: readText(field.type, 'string'),
    required: Boolean(field.required),
  }
}

function readContext(context: Json): Record<string, FieldEntry> {
  const entries = Object.entries(context).map(([key, value]) => {
    const entry = readObject(value)
    return [key, { value: entry.value, by: readBy(entry.by), at: readTextOrNull(entry.at) }] as const
  })
  return Object.fromEntries(entries)
}

function readData(data: Json): Record<string, FieldEntry> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value, by: null, at: null }]))
}
