import type { Principal } from '@parley/kernel/principal'

/** Whoever came in by an owner link. */
export const owner: Principal = { kind: 'user', id: 'owner', name: 'Owner', tenant: {}, scopes: ['*'] }

/** A caller on this machine, where those are trusted. */
export const localOwner: Principal = { ...owner, id: 'local-owner', name: 'Local owner' }

/** The `parley` command. */
export const command: Principal = {
  kind: 'system',
  id: 'command',
  name: 'parley command',
  tenant: {},
  scopes: ['*'],
}

const ownIds = new Set([owner.id, localOwner.id, command.id, 'unknown', 'system', 'parley'])

/** True for ids that nobody may take on from outside: those of the server's own principals, and of keys. */
export const isReservedId = (id: string): boolean => ownIds.has(id) || id.startsWith('key_')

/** Somebody who could not be told. */
export const stranger: Principal = { kind: 'user', id: 'unknown', tenant: {}, scopes: [] }
