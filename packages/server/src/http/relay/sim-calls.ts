import {
  type RelayOperator,
  relayErrors,
  SimChat,
  SimCommand,
  type SimControls,
  SimFaults,
  SimPress,
  SimSay,
  SimScope,
  SimUser,
  simRoutes,
} from '@parley/relay'
import * as z from 'zod'
import { parseJson, parseQuery } from '../parse.js'
import { type Asked, botOf, type Call } from './call.js'

const Messages = z.object({
  chatId: z.string().min(1),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
})
const Faults = SimFaults.partial()

/** Every operation of `simRoutes`. */
export function simCalls(operator: RelayOperator): Call[] {
  const simOf = ({ context, within }: Asked): SimControls => {
    const sim = operator.sim(within, botOf(context))
    if (!sim) throw relayErrors.botNotFound()
    return sim
  }
  /** Finds the world first: who may not see it does not get its body checked. */
  const withBody = <T extends z.ZodType>(
    route: Call['route'],
    body: T,
    run: (sim: SimControls, body: z.output<T>) => Promise<unknown>,
  ): Call => ({
    route,
    body,
    run: async (asked) => run(simOf(asked), await parseJson(asked.context, body)),
  })
  return [
    {
      route: simRoutes.world,
      run: async (asked) => {
        const sim = simOf(asked)
        const { users, scopes, chats, commands } = sim
        return { users, scopes, chats, commands, typing: sim.typing(), faults: sim.faults() }
      },
    },
    {
      route: simRoutes.messages,
      run: async (asked) => {
        const { chatId, ...query } = parseQuery(asked.context, Messages)
        return simOf(asked).messages(chatId, query)
      },
    },
    withBody(simRoutes.addUser, SimUser, (sim, user) => sim.addUser(user)),
    withBody(simRoutes.addScope, SimScope, (sim, scope) => sim.addScope(scope)),
    withBody(simRoutes.addChat, SimChat, (sim, chat) => sim.addChat(chat)),
    withBody(simRoutes.say, SimSay, (sim, said) => sim.say(said)),
    withBody(simRoutes.press, SimPress, (sim, pressed) => sim.press(pressed)),
    withBody(simRoutes.command, SimCommand, (sim, typed) => sim.command(typed)),
    withBody(simRoutes.faults, Faults, async (sim, change) => sim.faults(change)),
  ]
}
