// The operator's routes: rooms of all tenants, whoever is a member.

import type { Identity } from '@parley/threads/protocol'
import { readList, readNumber, readObject, readText, readTextOrNull } from '../../api/read.js'
import { request } from '../../api/request.js'
import { parseRoom, parseTenantMap, type Room } from './room.js'
import { type Tenant, type TenantCount, tenantEntries } from './tenant.js'

/** One page of the list, newest first; `nextCursor` is null on the last one. */
export type RoomList = { readonly rooms: readonly Room[]; readonly nextCursor: string | null }

const pageSize = 50

/** Rooms that have each entry of the tenant; all without one. */
export async function listRooms(tenant: Tenant, cursor: string): Promise<RoomList> {
  const query = new URLSearchParams({ limit: String(pageSize) })
  for (const entry of tenantEntries(tenant)) query.append('tenant', entry)
  if (cursor) query.set('cursor', cursor)
  const body = readObject(await request('GET', `/threads?${query}`))
  return { rooms: readList(body.items).map(parseRoom), nextCursor: readTextOrNull(body.next_cursor) }
}

/** The tenants that rooms have, those with the most first. */
export async function listTenants(): Promise<TenantCount[]> {
  const body = readObject(await request('GET', '/threads/tenants'))
  return readList(body.items).map((item) => {
    const { tenant, threads } = readObject(item)
    return { tenant: parseTenantMap(tenant), rooms: readNumber(threads) }
  })
}

/** The room as it was sent, with its members and newest runs. */
export const readRoom = (id: string): Promise<unknown> => request('GET', pathOf(id))

/** Adds anybody; harmless for one who is a member already. */
export async function addMember(roomId: string, identity: Identity): Promise<void> {
  await request('POST', `${pathOf(roomId)}/members`, { identity })
}

/** A token with which its holder acts as the identity for `ttlSeconds`. */
export async function mintToken(identity: Identity, ttlSeconds: number): Promise<string> {
  const body = { identity, ttl_seconds: ttlSeconds }
  return readText(readObject(await request('POST', '/threads/tokens', body)).token)
}

const pathOf = (id: string): string => `/threads/${encodeURIComponent(id)}`
