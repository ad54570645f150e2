// The list as it stands: pages that were read, and what the live stream said since.

import type { StateFilter } from './api.js'
import type { Handshake } from './handshake.js'

export type LiveHandshakes = ReadonlyMap<string, Handshake>

/** Live changes kept between two readings of the list; the oldest are forgotten first. */
const liveLimit = 500

/** Remembers the newest state of a handshake. */
export function rememberLive(live: LiveHandshakes, changed: Handshake): LiveHandshakes {
  const next = new Map(live)
  next.delete(changed.id)
  next.set(changed.id, changed)
  for (const id of next.keys()) {
    if (next.size <= liveLimit) break
    next.delete(id)
  }
  return next
}

/** Handshakes of the filter, newest first: live ones replace what was read and join it when they are new. */
export function mergeLive(
  read: readonly Handshake[],
  live: LiveHandshakes,
  filter: StateFilter,
): readonly Handshake[] {
  const byId = new Map(read.map((handshake) => [handshake.id, handshake]))
  for (const handshake of live.values()) {
    const known = byId.get(handshake.id)
    if (!known || known.head <= handshake.head) byId.set(handshake.id, handshake)
  }
  return [...byId.values()]
    .filter((handshake) => filter === 'all' || handshake.state === filter)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/** Those whose title, id or owner contains the words, whatever the case. */
export function searchHandshakes(handshakes: readonly Handshake[], words: string): readonly Handshake[] {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return handshakes
  const matches = (text: string | null) => text?.toLowerCase().includes(wanted) === true
  return handshakes.filter(({ id, title, owner }) => matches(id) || matches(title) || matches(owner))
}
