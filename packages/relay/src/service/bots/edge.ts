import type { EdgeAnswer, EdgeRequest, PlatformSink } from '../../platforms/port.js'
import { type BotIdentity, limits } from '../../protocol/index.js'
import type { Bots, Tally } from '../deps.js'

/** Answers a platform's request. Undefined: no such bot here, or it takes none. */
export type Edge = (bot: BotIdentity, request: EdgeRequest) => Promise<EdgeAnswer | undefined>

/** Requests of platforms, on any node: who answers one need not be who takes messages in. */
export function edgeOf(
  bots: Pick<Bots, 'get'>,
  sinkOf: (bot: BotIdentity) => PlatformSink,
  tally?: Tally,
): Edge {
  return async ({ platform, botId }, request) => {
    const bot = bots.get({ platform, botId })?.bot
    if (!bot?.edge) return undefined
    if (request.body.length > limits.passthroughBytes) return { status: 413 }
    const answer = await bot.edge(request, sinkOf({ platform, botId }))
    if (answer.status >= 400 && answer.status < 500) tally?.count('edge.refused')
    return answer
  }
}
