// How far a platform that is asked for updates was read. The next holder of the bot's lease goes on from there.

import type { Op } from '@parley/kernel/db'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { RelayDeps } from '../deps.js'
import { botKey } from './keys.js'

type CursorDeps = Pick<RelayDeps, 'ground' | 'store'>

const maxLength = 4_096
const nameOf = (bot: BotIdentity): string => `cursor:${botKey(bot)}`

/** Keeps a cursor; durable when it resolves. An empty one is none. */
export async function saveCursor(deps: CursorDeps, bot: BotIdentity, cursor: string): Promise<void> {
  if (cursor.length > maxLength) throw relayErrors.invalidRequest({ message: 'the cursor is too long' })
  await deps.ground.log.commit({ ops: [deps.store.settings.set(nameOf(bot), cursor)], appends: [] })
}

/** The cursor that was kept last. */
export async function loadCursor({ store }: CursorDeps, bot: BotIdentity): Promise<string | undefined> {
  return (await store.settings.get(nameOf(bot))) || undefined
}

/** Forgets it, for the unit that removes its bot. */
export const forgetCursor = ({ store }: CursorDeps, bot: BotIdentity): Op =>
  store.settings.set(nameOf(bot), '')
