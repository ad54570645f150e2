import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { kernelErrors } from '../errors/index.js'
import { restoreBody } from './consumed-body.js'
import { problemResponse, toRefusal } from './problem.js'
import { type RequestInfo, type RequestInfoOptions, requestInfo } from './request-info.js'

/** A plane's web-standard door. */
export type Fetch = (request: Request, info: RequestInfo) => Response | Promise<Response>

/** A door for `node:http`, Express and Fastify. Resolves when the answer was handed over; never rejects. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type NodeListenerOptions = RequestInfoOptions & {
  /** Told of what `fetch` threw; the client sees `kernel.internal` only. */
  onFault?(error: unknown, info: RequestInfo): void
  /** Words what `fetch` threw and requests that make no sense. Default: problem bodies. */
  toAnswer?(error: unknown, requestId: string): Response
}

/**
 * Mounts a `fetch` door into Node's HTTP server. The globals stay as they are. A body that a framework has read
 * already (`express.json()`) is handed on. The path is `request.url` as the framework left it.
 */
export function toNodeListener(fetch: Fetch, options: NodeListenerOptions): NodeListener {
  const { toAnswer = problemResponse } = options
  const describe = (incoming: IncomingMessage) =>
    requestInfo(incoming.socket.remoteAddress ?? '', incoming.headers, options)

  const answerFault = (error: unknown, info: RequestInfo): Response => {
    const { fault } = toRefusal(error)
    if (fault !== undefined) options.onFault?.(fault, info)
    return toAnswer(error, info.requestId)
  }

  const toResponse = async (request: Request, incoming: IncomingMessage): Promise<Response> => {
    const info = describe(incoming)
    try {
      return await fetch(request, info)
    } catch (error) {
      return answerFault(error, info)
    }
  }

  const listener = getRequestListener(
    // The cast: over HTTP/1.1, which is all that `NodeListener` takes, `incoming` is an IncomingMessage.
    (request, { incoming }) => toResponse(request, incoming as IncomingMessage),
    {
      overrideGlobalObjects: false,
      // Only requests that never became a `Request` (no host, a malformed address) come here.
      errorHandler: () => toAnswer(kernelErrors.invalidRequest(), options.ids.next('req')),
    },
  )

  return async (incoming, outgoing) => {
    // A client that goes away in the middle of an answer is no reason to end the process.
    outgoing.on('error', () => {})
    incoming.on('error', () => {})
    try {
      restoreBody(incoming)
      await listener(incoming, outgoing)
    } catch (error) {
      options.onFault?.(error, describe(incoming))
      outgoing.destroy()
    }
  }
}
