import type { SimClient } from '@parley/relay/client'
import type { BotIdentity } from '@parley/relay/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../client/relay-client.js'
import { topicKey } from '../live/keys.js'

const keyOf = ({ platform, botId }: BotIdentity) => [...topicKey('sim'), platform, botId]

/** No event tells that somebody has stopped typing. */
const whileTypingMs = 1_500
const shown = 200

/** Who and what is on a simulated platform. */
export const useWorld = (bot: BotIdentity) =>
  useQuery({
    queryKey: [...keyOf(bot), 'world'],
    queryFn: () => ask((relay) => relay.sim(bot).world()),
    refetchInterval: ({ state }) => (state.data?.typing.length ? whileTypingMs : false),
  })

/** The newest messages of a chat, oldest first. */
export const useMessages = (bot: BotIdentity, chatId: string) =>
  useQuery({
    queryKey: [...keyOf(bot), 'messages', chatId],
    queryFn: () => ask((relay) => relay.sim(bot).messages({ chatId, limit: shown })),
  })

/** Does something on the platform, and reads it again. */
export function useSimAction(bot: BotIdentity) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: (sim: SimClient) => Promise<unknown>) => ask((relay) => act(relay.sim(bot))),
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(bot) }),
  })
}
