import type { PlatformResult } from '../port.js'

export const refused = (error: string): PlatformResult => ({ outcome: 'refused', error })
export const noChat = refused('chat not found')
export const noMessage = refused('message not found')
export const emptyText = refused('message text is empty')

/** Calls nobody by calling everybody, a role, or whoever is named: they are shown, and that is all. */
export const quiet = { allowed_mentions: { parse: [] } } as const
