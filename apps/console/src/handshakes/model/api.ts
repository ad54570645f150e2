import { readList, readObject, readText, readTextOrNull } from '../../api/read.js'
import { request } from '../../api/request.js'
import { type Handshake, type HandshakeDetail, parseHandshake, parseHandshakeDetail } from './handshake.js'

/** Which handshakes a list shows. */
export type StateFilter = 'open' | 'ended' | 'all'

/** One page of the list, newest first; `nextCursor` is null on the last one. */
export type HandshakePage = { readonly handshakes: readonly Handshake[]; readonly nextCursor: string | null }

/** One line of the audit trail. */
export type AuditRecord = {
  readonly at: string
  readonly kind: string
  readonly actor: string
  readonly remote: string
  readonly detail: unknown
}

const pageSize = 50

export async function listHandshakes(
  state: StateFilter,
  cursor: string,
  nowMs: number,
): Promise<HandshakePage> {
  const query = new URLSearchParams({ state, limit: String(pageSize) })
  if (cursor) query.set('cursor', cursor)
  const body = readObject(await request('GET', `/handshakes?${query}`))
  return {
    handshakes: readList(body.handshakes).map((item) => parseHandshake(item, nowMs)),
    nextCursor: readTextOrNull(body.nextCursor),
  }
}

export async function getHandshake(id: string, now: () => number): Promise<HandshakeDetail> {
  const body = await request('GET', pathOf(id))
  return parseHandshakeDetail(body, now())
}

export async function extendHandshake(id: string, extraSeconds: number): Promise<void> {
  await request('POST', `${pathOf(id)}/extend`, { extraSeconds })
}

export async function revokeHandshake(id: string): Promise<void> {
  await request('DELETE', pathOf(id))
}

export async function readAudit(id: string): Promise<AuditRecord[]> {
  return readList(readObject(await request('GET', `${pathOf(id)}/audit`)).records).map(parseAudit)
}

/** Path of a handshake under the API's base. */
export function pathOf(id: string): string {
  return `/handshakes/${encodeURIComponent(id)}`
}

function parseAudit(value: unknown): AuditRecord {
  const record = readObject(value)
  const actor = readObject(record.actor)
  return {
    at: readText(record.at),
    kind: readText(record.kind),
    actor: readText(actor.name) || readText(actor.id) || readText(actor.kind, 'unknown'),
    remote: readText(record.remote),
    detail: record.detail,
  }
}
