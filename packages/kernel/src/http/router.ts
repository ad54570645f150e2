import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env, Hono, MiddlewareHandler } from 'hono'
import { kernelErrors, type ParleyError } from '../errors/index.js'
import type { AnswerHeaders } from './answers.js'
import { problemResponse, retryHeader, toRefusal } from './problem.js'
import { readBody } from './read-body.js'
import type { RequestInfo } from './request-info.js'

/** What every router of ours binds: `router.fetch(request, info)`, and `context.env` is the `RequestInfo`. */
export type DoorEnv = { Bindings: RequestInfo }

/** How a plane words a refusal. `headers` (`Retry-After`, `Allow`) must be part of the answer. */
export type ToAnswer = (refusal: ParleyError, info: RequestInfo, headers: AnswerHeaders) => Response

export type RouterOptions = {
  /** Told of bugs and broken dependencies; the client sees `kernel.internal` only. */
  onFault(error: unknown, info: RequestInfo): void
  /** Default: problem bodies. A plane with a contract gives its own. */
  onError?: ToAnswer
  /** Default: `onError` of `kernel.not_found`. */
  notFound?: ToAnswer
  /** Default: `onError` of `kernel.method_not_allowed`; `headers` has `allow`. */
  methodNotAllowed?: ToAnswer
}

const problem: ToAnswer = (refusal, { requestId }, headers) => problemResponse(refusal, requestId, headers)

/**
 * A router whose every refusal, including unknown routes, wrong methods, invalid input and faults, is worded in one
 * place. Call it as `router.fetch(request, info)`.
 */
export function createRouter<E extends DoorEnv = DoorEnv>(options: RouterOptions): OpenAPIHono<E> {
  const { onFault, onError = problem, notFound = onError, methodNotAllowed = onError } = options
  const router = new OpenAPIHono<E>({ defaultHook: refuseInvalid })

  router.onError((error, context) => {
    const info = infoOf(context)
    const { refusal, fault } = toRefusal(error)
    if (fault !== undefined) onFault(fault, info)
    return onError(refusal, info, retryHeader(refusal))
  })
  router.notFound((context) => {
    const allow = allowedMethods(router, context.req.path)
    if (allow.length === 0) return notFound(kernelErrors.notFound(), infoOf(context), {})
    return methodNotAllowed(kernelErrors.methodNotAllowed(), infoOf(context), { allow: allow.join(', ') })
  })
  endBodiesOfHeads(router)
  return router
}

/** OUTSIDE: Hono answers HEAD by the route of GET and lets go of its body; an event stream would stay open for ever. */
function endBodiesOfHeads<E extends DoorEnv>(router: OpenAPIHono<E>): void {
  const { fetch } = router
  router.fetch = (request, ...rest) =>
    request.method === 'HEAD' ? asked(request, (get) => fetch(get, ...rest)) : fetch(request, ...rest)
}

async function asked(
  { url, headers, signal }: Request,
  fetch: (get: Request) => Response | Promise<Response>,
): Promise<Response> {
  const response = await fetch(new Request(url, { headers, signal }))
  await response.body?.cancel()
  return new Response(null, response)
}

/**
 * Reads the body, at most `maxBytes`, before a schema does; more is refused with `kernel.body_too_large`.
 * Hono's own body limit builds a new `Request`, which needs replaced globals.
 */
export function limitBody(maxBytes: number): MiddlewareHandler {
  return async (context, next) => {
    const bytes = await readBody(context.req.raw, maxBytes)
    // Hono types the cache by what its promises hold; it awaits what it finds there.
    context.req.bodyCache.arrayBuffer = Promise.resolve(new Uint8Array(bytes).buffer) as never
    await next()
  }
}

/** The request's info, also when somebody called the router without one. */
export function infoOf(context: Context): RequestInfo {
  const info: Partial<RequestInfo> | undefined = context.env
  // The cast: it has both; asking for their values here would make them.
  if (info && 'remoteAddress' in info && 'requestId' in info) return info as RequestInfo
  return { remoteAddress: info?.remoteAddress ?? '', requestId: info?.requestId ?? '' }
}

type Issue = { path: PropertyKey[]; message: string }
type Checked = { success: true } | { success: false; error: { issues: readonly Issue[] } }

const maxIssues = 20

/** Default hook of the schemas: invalid input is a refusal like any other. */
function refuseInvalid(result: Checked): void {
  if (result.success) return
  const issues = result.error.issues.slice(0, maxIssues)
  const details = issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw kernelErrors.invalidRequest({ details: { issues: details } })
}

// Not OPTIONS: a preflight is often answered for a whole prefix, which makes no route of every path below it.
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Methods that have a route of their own for the path; middlewares (`ALL`) don't count. */
function allowedMethods<E extends Env>(router: Hono<E>, path: string): string[] {
  const found = methods.filter((method) =>
    router.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  )
  return found.includes('GET') ? ['HEAD', ...found] : found
}
