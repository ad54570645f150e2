import type { Identity } from '@parley/kernel/principal'

/** Who appended the events of old logs; tells them from those of sessions that ran here. */
export const importer: Identity = { kind: 'system', id: 'sessions-import', name: 'Import' }
