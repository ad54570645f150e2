import type { SimClient } from '@parley/relay/client'
import type { BotIdentity, SimMessage, SimWorld } from '@parley/relay/protocol'
import { useMemo } from 'react'
import { useRelayClient } from './provider.js'
import { useRelayQuery } from './use-relay-query.js'

export type UseSimulatorOptions = {
  /** Whose messages are read. Undefined: of none. */
  chatId?: string
  /** How many of them, the newest. Default 200, at most 500. */
  limit?: number
}

export type Simulator = {
  /** Users, scopes, chats, who types, and faults. Undefined until it is read. */
  readonly world: SimWorld | undefined
  /** Of the chat, oldest first. */
  readonly messages: readonly SimMessage[]
  /** Until both are read. */
  readonly isLoading: boolean
  /** A `RelayClientError`; `not_found` for a bot that is none, or is real. */
  readonly error: unknown
  /** Each reads everything again when it is done, and rejects with a `RelayClientError`. */
  readonly say: SimClient['say']
  readonly press: SimClient['press']
  readonly command: SimClient['command']
  readonly addUser: SimClient['addUser']
  readonly addScope: SimClient['addScope']
  readonly addChat: SimClient['addChat']
  readonly faults: SimClient['faults']
}

const none: readonly SimMessage[] = []
/** No news tell that the bot has stopped typing. */
const everyMs = 2_000

/** A simulated platform, to be chatted on as several people. It is live. */
export function useSimulator(bot: BotIdentity, { chatId, limit = 200 }: UseSimulatorOptions = {}): Simulator {
  const client = useRelayClient()
  const { platform, botId } = bot
  const sim = useMemo(() => client.sim({ platform, botId }), [client, platform, botId])
  const world = useRelayQuery({
    key: JSON.stringify([platform, botId]),
    kinds: ['sim'],
    everyMs,
    ask: () => sim.world(),
  })
  const messages = useRelayQuery(
    {
      key: JSON.stringify([platform, botId, chatId, limit]),
      kinds: ['sim'],
      ask: () => sim.messages({ chatId: chatId ?? '', limit }),
    },
    { enabled: chatId !== undefined },
  )
  const { refresh: readWorld } = world
  const { refresh: readMessages } = messages
  const actions = useMemo(() => {
    const after = <Given, Answer>(act: (given: Given) => Promise<Answer>) => {
      return async (given: Given): Promise<Answer> => {
        const answer = await act(given)
        await Promise.all([readWorld(), readMessages()])
        return answer
      }
    }
    return {
      say: after(sim.say),
      press: after(sim.press),
      command: after(sim.command),
      addUser: after(sim.addUser),
      addScope: after(sim.addScope),
      addChat: after(sim.addChat),
      faults: after(sim.faults),
    }
  }, [sim, readWorld, readMessages])

  return useMemo(
    () => ({
      ...actions,
      world: world.data,
      messages: messages.data ?? none,
      isLoading: world.isLoading || messages.isLoading,
      error: world.error ?? messages.error,
    }),
    [actions, world.data, world.isLoading, world.error, messages.data, messages.isLoading, messages.error],
  )
}
