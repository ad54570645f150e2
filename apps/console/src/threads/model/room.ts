import { readNumber, readObject, readText, readTextOrNull } from '../../api/read.js'
import type { Tenant } from './tenant.js'

/** A room as the list shows it. */
export type Room = {
  readonly id: string
  /** What its metadata calls it. */
  readonly title: string | null
  readonly tenant: Tenant
  readonly memberCount: number
  readonly activeRunCount: number
  readonly createdAt: string
}

export function parseRoom(value: unknown): Room {
  const body = readObject(value)
  return {
    id: readText(body.id),
    title: readTitle(body.metadata),
    tenant: parseTenantMap(body.tenant),
    memberCount: readNumber(body.member_count),
    activeRunCount: readNumber(body.active_run_count),
    createdAt: readText(body.created_at),
  }
}

/** The title in the metadata of a thread. */
export const readTitle = (metadata: unknown): string | null =>
  readTextOrNull(readText(readObject(metadata).title).trim())

/** What is text in a tenant; a server sends nothing else. */
export function parseTenantMap(value: unknown): Tenant {
  const entries = Object.entries(readObject(value))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** What a room is called: its title, else its id. */
export const titleOf = ({ id, title }: Pick<Room, 'id' | 'title'>): string => title ?? shortId(id)

/** The end of an id: its beginning says when it was made, which neighbours have in common. */
export const shortId = (id: string): string => (id.length <= 14 ? id : `${id.slice(0, 3)}…${id.slice(-8)}`)
