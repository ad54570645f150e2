import { kernelErrors } from '@parley/kernel/errors'
import type { FollowItem } from '@parley/kernel/log'
import { hasScope, type Principal, visibleTenantKeys } from '@parley/kernel/principal'
import { handshakeErrors } from '../errors.js'
import { type FieldEntry, parseExtendRequest, toTimestamp } from '../protocol/index.js'
import type { EndReason, HandshakeRow, ListQuery } from '../store/port.js'
import { isHandshakeId } from './access.js'
import type { AuditRecord } from './audit.js'
import { principalActor, serverActor } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { streamOf } from './events.js'
import { grant } from './extend-handshake.js'
import { end } from './revoke-handshake.js'
import { HandshakeSession } from './session.js'
import { type HandshakeState, isPast, secondsLeft } from './state.js'

/** A handshake as the people who run the server see it. Times are ISO 8601, `expiresIn` is seconds. */
export type HandshakeSummary = {
  id: string
  mode: string | null
  state: 'open' | 'ended'
  endReason: EndReason | null
  createdAt: string
  touchedAt: string
  expiresAt: string
  expiresIn: number
  claimed: boolean
  owner: unknown
  /** `meta.title`, when the page gave one. */
  title: string | null
  fields: { total: number; filled: number; byAgent: number }
  missing: string[]
  sockets: number
  /** Number of the newest event. */
  head: number
}

/** The same with everything in it. `context` is null in modes without provenance. */
export type HandshakeDetail = HandshakeSummary & {
  schema: unknown[]
  context: Record<string, FieldEntry> | null
  data: Record<string, unknown>
  meta: Record<string, unknown>
}

export type HandshakePage = { handshakes: HandshakeSummary[]; nextCursor: string | null }
export type PageQuery = { state?: ListQuery['state']; limit?: number; cursor?: string }

/** What people who run the server can do; `handshake:read` and `handshake:write` are the scopes. */
export function createOperatorService(deps: HandshakeDeps) {
  const see = async (who: Principal, id: string, scope = 'handshake:read'): Promise<HandshakeState> => {
    assertScope(who, scope)
    const state = isHandshakeId(id) ? await deps.states.get(id) : undefined
    // Invisible looks like absent.
    if (!state || !visibleTenantKeys(who.tenant).includes(state.row.tenantKey))
      throw handshakeErrors.notFound()
    return state
  }

  return {
    list: async (
      who: Principal,
      { state = 'open', limit = 50, cursor }: PageQuery,
    ): Promise<HandshakePage> => {
      assertScope(who, 'handshake:read')
      const now = deps.ground.clock.micros()
      const tenantKeys = visibleTenantKeys(who.tenant)
      const before = cursor === undefined ? undefined : parseCursor(cursor)
      const rows = await deps.store.list({ state, limit: limit + 1, before, tenantKeys, now })
      const states = await Promise.all(rows.slice(0, limit).map(({ id }) => deps.states.get(id)))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const handshakes = states.filter((each) => each !== undefined).map((each) => summarize(deps, each))
      return { handshakes, nextCursor: last ? toCursor(last) : null }
    },

    get: async (who: Principal, id: string): Promise<HandshakeDetail> => detail(deps, await see(who, id)),

    summary: async (who: Principal, id: string): Promise<HandshakeSummary> =>
      summarize(deps, await see(who, id)),

    /** Checks, then answers a function that follows the handshake's stream until its signal aborts. */
    follow: async (
      who: Principal,
      id: string,
      after: number,
    ): Promise<(signal: AbortSignal) => AsyncIterable<FollowItem>> => {
      await see(who, id)
      return (signal) => deps.ground.log.follow(streamOf(id), { after, signal })
    },

    /** Ids of visible handshakes as they change, on any node. */
    followAll: async function* (who: Principal, signal: AbortSignal): AsyncGenerator<string> {
      assertScope(who, 'handshake:read')
      const tenantKeys = visibleTenantKeys(who.tenant)
      for await (const event of deps.ground.log.followKind('handshake', { signal })) {
        const id = event.stream.slice('handshake:'.length)
        const state = await deps.states.get(id)
        if (state && tenantKeys.includes(state.row.tenantKey)) yield id
      }
    },

    readAudit: async (who: Principal, id: string): Promise<{ records: AuditRecord[] }> => {
      await see(who, id)
      return { records: await deps.audit.read(id) }
    },

    extend: async (
      who: Principal,
      id: string,
      body: Record<string, unknown>,
      remote: string,
    ): Promise<HandshakeDetail> => {
      const { row } = await see(who, id, 'handshake:write')
      const { extraSeconds } = parseExtendRequest(body)
      await grant(deps, id, principalActor(row, who, remote), extraSeconds)
      // Whoever may change it sees what became of it.
      return detail(deps, await see(who, id, 'handshake:write'))
    },

    revoke: async (who: Principal, id: string, remote: string): Promise<{ revoked: true }> => {
      const { row } = await see(who, id, 'handshake:write')
      await end(deps, id, principalActor(row, who, remote))
      return { revoked: true }
    },
  }
}

function assertScope(who: Principal, scope: string): void {
  if (!hasScope(who, scope)) throw kernelErrors.forbidden({ details: { scope } })
}

function summarize(deps: HandshakeDeps, state: HandshakeState): HandshakeSummary {
  const { row } = state
  const now = deps.ground.clock.micros()
  const session = new HandshakeSession(deps, state, serverActor)
  const isEnded = row.endedAt !== null || isPast(row, now)
  return {
    id: row.id,
    mode: row.mode,
    state: isEnded ? 'ended' : 'open',
    endReason: row.endReason ?? (isEnded ? 'expired' : null),
    createdAt: toTimestamp(row.createdAt),
    touchedAt: toTimestamp(row.touchedAt),
    expiresAt: toTimestamp(row.touchedAt + row.ttlSeconds * 1e6),
    expiresIn: isEnded ? 0 : secondsLeft(row, now),
    claimed: row.claim !== null,
    owner: row.owner ?? null,
    title: typeof row.meta.title === 'string' ? row.meta.title.slice(0, 200) : null,
    fields: countFields(state),
    missing: session.missing(),
    sockets: session.clients,
    head: state.head,
  }
}

function detail(deps: HandshakeDeps, state: HandshakeState): HandshakeDetail {
  const session = new HandshakeSession(deps, state, serverActor)
  const { schema, meta } = state.row
  const context = deps.forms.has(deps.handlers[state.row.handler]!) ? session.context() : null
  return { ...summarize(deps, state), schema, context, data: session.data, meta }
}

function countFields({ row, values }: HandshakeState): HandshakeSummary['fields'] {
  const labels = [...values.values()].map(({ by }) => by)
  return {
    total: Math.max(row.schema.length, values.size),
    filled: labels.filter((by) => by !== 'empty').length,
    byAgent: labels.filter((by) => by === 'ai' || by === 'agent').length,
  }
}

const toCursor = ({ createdAt, id }: HandshakeRow) => Buffer.from(`${createdAt} ${id}`).toString('base64url')

function parseCursor(cursor: string): { createdAt: number; id: string } {
  const match = /^(\d{1,16}) ([0-9a-f]{32})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!match) throw kernelErrors.invalidRequest({ message: 'The cursor is not one of ours.' })
  return { createdAt: Number(match[1]), id: match[2]! }
}
