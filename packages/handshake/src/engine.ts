import { isFault } from '@parley/kernel/errors'
import type { WebSocket } from 'ws'
import { handshakeErrors } from './errors.js'
import { toCaller } from './http/to-caller.js'
import { toWireError } from './http/wire.js'
import { isJsonObject } from './protocol/index.js'
import type { BrowserAuth } from './service/caller.js'
import type { ResolvedOptions } from './service/options.js'
import type { HandshakeService } from './service/service.js'
import type { SocketHub } from './socket/hub.js'

/** An answer of the engine: the body and its HTTP status. `headers` holds `retry-after` where it applies. */
export type EngineAnswer = {
  payload: Record<string, unknown>
  status: number
  headers?: Readonly<Record<string, string>>
}

type Body = Record<string, unknown>

/** How the caller of `postNotify` shows that it is the page: one of the two. */
export type NotifyOptions = { browserKey?: string; browserAuth?: BrowserAuth }

/**
 * The contract's operations as plain functions, for frameworks that no adapter covers (contract 17.2). They never
 * reject for a refusal: that is an answer, too. `request` carries the token, the origin and the query.
 */
export type HandshakeEngine = {
  createSession(body: Body, request?: Request): Promise<EngineAnswer>
  getContext(id: string, request: Request): Promise<EngineAnswer>
  postAction(id: string, body: Body, request: Request): Promise<EngineAnswer>
  postNotify(id: string, body: Body, request: Request, options?: NotifyOptions): Promise<EngineAnswer>
  getDiff(id: string, request: Request): Promise<EngineAnswer>
  postExtend(id: string, body: Body, request: Request): Promise<EngineAnswer>
  /**
   * Serves a WebSocket of `ws` that a framework has accepted, until it closes. Call it at once, and check the page's
   * origin before: here nobody can. With the browser key it is the page's own, with the token alone it watches.
   */
  handleSocket(socket: WebSocket, id: string, credentials: SocketCredentials): Promise<void>
}

/** `remoteAddress` feeds the limits per address. */
export type SocketCredentials = { token?: string; browserKey?: string; remoteAddress?: string }

type Options = {
  service: () => Promise<HandshakeService>
  sockets: () => Promise<Pick<SocketHub, 'take'>>
  options: ResolvedOptions
  onFault(error: unknown, where: string): void
}

export function createEngine({ service, sockets, options, onFault }: Options): HandshakeEngine {
  const nowhere = { remoteAddress: '' }
  const callerOf = (request?: Request) =>
    request ? toCaller(request, nowhere, options) : { selfOrigins: [], remote: '' }

  const answer = async (
    run: (service: HandshakeService) => Promise<object | string>,
  ): Promise<EngineAnswer> => {
    try {
      const payload = await run(await service())
      return { payload: typeof payload === 'string' ? JSON.parse(payload) : (payload as Body), status: 200 }
    } catch (error) {
      const { status, body, headers } = toWireError(error)
      if (isFault(error)) onFault(error, 'handshake.engine')
      return { payload: body, status, headers }
    }
  }

  return {
    createSession: (body, request) =>
      answer(async (service) => {
        const principal = request && (await options.authenticate?.(request, ''))
        return (await service.open({ ...callerOf(request), principal }, toBody(body))).info
      }),
    getContext: (id, request) =>
      answer(async (service) => (await service.readContext(callerOf(request), id)).text),
    postAction: (id, body, request) =>
      answer((service) => service.applyActions(callerOf(request), id, toBody(body))),
    postNotify: (id, body, request, extra = {}) =>
      answer((service) => service.recordEdit({ ...callerOf(request), ...extra }, id, toBody(body))),
    getDiff: (id, request) =>
      answer((service) => {
        const { searchParams } = new URL(request.url)
        const query = {
          since: searchParams.get('since') ?? '',
          sinceSeq: searchParams.get('sinceSeq') ?? undefined,
        }
        return service.readChanges(callerOf(request), id, query)
      }),
    handleSocket: async (socket, id, credentials) => {
      // Until the ground is open nobody listens to it.
      socket.pause()
      await (await sockets()).take(socket, { id, ...credentials })
    },
    postExtend: (id, body, request) =>
      answer((service) => service.extend(callerOf(request), id, toBody(body))),
  }
}

/** A framework hands on whatever it has parsed; no body at all is an empty one. */
function toBody(body: unknown): Body {
  if (body === undefined) return {}
  if (!isJsonObject(body)) throw handshakeErrors.bodyNotObject()
  return body
}
