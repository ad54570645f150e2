import type { HostRequest, HostResponse } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { HostRoute } from '../port.js'
import { isAllowedOverLink } from './allow-list.js'
import { createMatcher, type Match } from './match.js'
import type { Results } from './results.js'

export type RouterOptions = {
  routes: readonly HostRoute[]
  /** Keeps what calls with a `key` answered. */
  results: Results
  /** Told of what a handler threw that is no refusal. */
  onFault(error: unknown, request: HostRequest): void
}

/** Answers requests of the host contract. Nothing it gives back rejects. */
export interface Router {
  answer(request: HostRequest): Promise<HostResponse>
  /** The same for a request of the server: only paths of section 13.4. */
  answerLink(request: HostRequest): Promise<HostResponse>
}

const notFound: HostResponse = { status: 404, body: { error: 'Not found' } }

export function createRouter({ routes, results, onFault }: RouterOptions): Router {
  const find = createMatcher(routes)

  const run = async (request: HostRequest, { handler, params }: Match): Promise<HostResponse> => {
    try {
      return await handler({ ...request, params })
    } catch (error) {
      if (!(error instanceof HostError)) onFault(error, request)
      return toRefusal(error)
    }
  }
  const answer = async (request: HostRequest): Promise<HostResponse> => {
    const match = find(request.method, request.path)
    if (!match) return notFound
    if (request.key === undefined) return run(request, match)
    try {
      return await results.once(request.key, () => run(request, match))
    } catch (error) {
      onFault(error, request)
      return toRefusal(error)
    }
  }

  return {
    answer,
    answerLink: (request) => (isAllowedOverLink(request.path) ? answer(request) : Promise.resolve(notFound)),
  }
}

function toRefusal(error: unknown): HostResponse {
  const status = error instanceof HostError ? error.status : 500
  return { status, body: { error: error instanceof Error ? error.message : String(error) } }
}
