import type { SimControls, SimMessage } from '../sim-port.js'
import { Accepts } from './accepts.js'
import { assertChat, assertScope, assertUser } from './checks.js'
import type { SimEvent } from './events.js'
import { simBounds } from './limits.js'
import type { Sim } from './sim.js'
import { Typing } from './typing.js'
import { command, press, say } from './writing.js'

/** The platform's side of a bot, and how it ends. */
export function createControls(sim: Sim): { controls: SimControls; stop(): void } {
  const { feed, faults, onFault } = sim
  const { world } = feed
  const accepts = new Accepts(feed)
  const typing = new Typing(sim)
  feed.listen({ event: (event) => faults.heard(event) })

  const set = async (event: SimEvent, check: () => void): Promise<void> => {
    await feed.ready()
    check()
    await feed.commit([event])
  }

  const controls: SimControls = {
    get users() {
      return [...world.users.values()]
    },
    get scopes() {
      return [...world.scopes.values()]
    },
    get chats() {
      return [...world.chats.values()].map(({ chat }) => chat)
    },
    get commands() {
      return world.commands
    },
    messages: (chatId, query) => listMessages(sim, chatId, query),
    typing: () => typing.list(),
    addUser: (user) => set({ type: 'sim.user.set', user }, () => assertUser(world, user)),
    addScope: (scope) => set({ type: 'sim.scope.set', scope }, () => assertScope(world, scope)),
    addChat: (chat) => set({ type: 'sim.chat.set', chat }, () => assertChat(world, chat)),
    say: (said) => say(sim, accepts, said),
    press: (pressed) => press(sim, accepts, pressed),
    command: (typed) => command(sim, accepts, typed),
    faults: (change) => {
      if (change) {
        const event = faults.change(change)
        feed.commit([event]).catch((error: unknown) => onFault(error, 'simulator: faults'))
      }
      return faults.current
    },
    onChange: (listener) => feed.listen({ event: () => listener(), signal: () => listener() }),
  }
  return { controls, stop: () => accepts.stop() }
}

function listMessages(
  { feed }: Sim,
  chatId: string,
  { after, limit = simBounds.messagesPerChat }: { after?: string; limit?: number } = {},
): SimMessage[] {
  const all = [...(feed.world.chats.get(chatId)?.messages.values() ?? [])].map(({ message }) => message)
  const at = after === undefined ? -1 : all.findIndex(({ id }) => id === after)
  if (at === -1) return limit > 0 ? all.slice(-limit) : []
  return all.slice(at + 1, at + 1 + Math.max(0, limit))
}
