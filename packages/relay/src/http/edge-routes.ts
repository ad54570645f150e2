import { answer, readBody } from '@parley/kernel/http'
import { relayErrors } from '../errors.js'
import { type BotIdentity, limits } from '../protocol/index.js'
import type { RelayService } from '../service/port.js'

/** Where platforms deliver. Nobody is authenticated here: the bot's driver checks the platform's signature over the raw bytes. */
export const edgePaths = ['/interactions/:platform/:botId', '/relay/edge/:platform/:botId'] as const

// OUTSIDE: an answer of these has no body, and building one with a body throws.
const withoutBody = [204, 205, 304]

export async function answerEdge(
  service: RelayService,
  request: Request,
  bot: BotIdentity,
): Promise<Response> {
  const body = await readBody(request, limits.passthroughBytes)
  const { pathname, search } = new URL(request.url)
  const { method, headers } = request
  const given = await service.edge(bot, { method, path: pathname + search, headers, body })
  if (!given) throw relayErrors.notFound()
  return answer(given.status, withoutBody.includes(given.status) ? null : (given.body ?? ''), given.headers)
}
