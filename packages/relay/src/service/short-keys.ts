// Gateways that keep one session for a whole group (`group_sessions_per_user=false`) name it without its author. Nothing on the wire says
// so; an instance that has done it once is remembered (contract 6.4).

import type { BotIdentity } from '../protocol/index.js'
import type { InstanceKey } from '../store/port.js'
import type { RelayDeps } from './deps.js'

const settingOf = ({ tenant, instanceId }: InstanceKey): string =>
  `short-keys:${JSON.stringify([tenant, instanceId])}`

/** Does the instance name sessions of groups without their authors? */
export async function usesShortKeys({ store }: Pick<RelayDeps, 'store'>, key: InstanceKey): Promise<boolean> {
  return (await store.settings.get(settingOf(key))) !== undefined
}

/** Looks at a session that an instance has named, and that nothing is bound to: from the next time on it may be bound so. */
export async function noticeShortKey(
  deps: Pick<RelayDeps, 'store' | 'ground'>,
  key: InstanceKey,
  bots: readonly BotIdentity[],
  sessionKey: string,
): Promise<void> {
  const [, platform, chatId] = /^agent:[^:]+:([^:]+):(?:group|channel|forum):(.+)$/.exec(sessionKey) ?? []
  const bot = bots.find((one) => one.platform === platform)
  if (!bot || chatId === undefined) return
  const { store, ground } = deps
  // Only of a chat that it is in: a name alone says nothing, and must leave nothing.
  if (!(await store.routing.hasConversation(key, bot, chatId)) || (await usesShortKeys(deps, key))) return
  await ground.log.commit({ ops: [store.settings.set(settingOf(key), '1')], appends: [] })
}
