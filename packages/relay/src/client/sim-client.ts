import { type BotIdentity, SimFaults, SimMessage, SimWorld, simRoutes } from '../protocol/index.js'
import type { Calls } from './answers.js'
import type { SimClient } from './types.js'

export function createSimClient({ one, list, none }: Calls, { platform, botId }: BotIdentity): SimClient {
  const parts = { platform, botId }
  return {
    world: () => one(simRoutes.world, SimWorld, { parts }),
    messages: (query) => list(simRoutes.messages, SimMessage, { parts, query }),
    addUser: (body) => none(simRoutes.addUser, { parts, body }),
    addScope: (body) => none(simRoutes.addScope, { parts, body }),
    addChat: (body) => none(simRoutes.addChat, { parts, body }),
    say: (body) => one(simRoutes.say, SimMessage, { parts, body }),
    press: (body) => none(simRoutes.press, { parts, body }),
    command: (body) => none(simRoutes.command, { parts, body }),
    faults: (body) => one(simRoutes.faults, SimFaults, { parts, body }),
  }
}
