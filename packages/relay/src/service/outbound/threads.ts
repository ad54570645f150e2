import type { Op } from '@parley/kernel/db'
import { isJsonObject } from '@parley/kernel/wire'
import type { BotIdentity } from '../../protocol/index.js'
import type { InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'

/** A thread that the connector has made for an instance, and the name it gave it last. */
export type MadeThread = InstanceKey & { chatId: string; name: string }

/** Which threads were made here: who may speak in them and rename them, and what `only_if_connector_created` means (contract 5.9). */
export interface Threads {
  find(bot: BotIdentity, threadId: string): Promise<MadeThread | undefined>
  record(bot: BotIdentity, threadId: string, thread: MadeThread): Op
}

export function createThreads({ store }: Pick<RelayDeps, 'store'>): Threads {
  return {
    find: async (bot, threadId) => read(await store.settings.get(nameOf(bot, threadId))),
    record: (bot, threadId, { tenant, instanceId, chatId, name }) =>
      store.settings.set(nameOf(bot, threadId), JSON.stringify({ tenant, instanceId, chatId, name })),
  }
}

const nameOf = ({ platform, botId }: BotIdentity, threadId: string): string =>
  `thread:${JSON.stringify([platform, botId, threadId])}`

function read(text: string | undefined): MadeThread | undefined {
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  // The cast: `record` wrote it.
  return isJsonObject(value) ? (value as MadeThread) : undefined
}
