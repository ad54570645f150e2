import { isParleyError } from '@parley/kernel/errors'
import { createRouter, infoOf } from '@parley/kernel/http'
import type { Context } from 'hono'
import { sessionsErrors } from '../errors.js'
import { isSameCaller, withBearer } from '../service/callers.js'
import type { SessionsDeps } from '../service/deps.js'
import type { SessionsService } from '../service/port.js'
import type { OpenCall, OpenRoute, Route } from './call.js'
import { assertMayAct, corsHeaders, preflight } from './cors.js'
import { sessionsRoutes } from './routes.js'
import { notFoundResponse, toResponse, wireErrorResponse } from './wire.js'

type AppOptions = {
  service: SessionsService
  deps: Pick<SessionsDeps, 'ground' | 'options' | 'runtimes' | 'onFault'>
  /** Ends event streams: the plane stops. */
  stopping: AbortSignal
}

/** The plane's routes as one `fetch(request, info)`. */
export function createSessionsApp({ service, deps, stopping }: AppOptions) {
  const { options, onFault } = deps
  const app = createRouter({
    onFault: (error) => onFault(error, 'sessions.http'),
    onError: (refusal, _info, headers) => wireErrorResponse(refusal, headers),
    notFound: () => notFoundResponse(),
    methodNotAllowed: () => notFoundResponse(),
  })
  app.options(`${options.prefix}/*`, (context) => preflight(context.req.raw, options))
  for (const route of sessionsRoutes(service, deps, stopping)) {
    app.on(route.method, pathsOf(options.prefix, route), (context) => respond(route, context))
    document(app, options.prefix, route)
  }
  return app

  async function respond(route: Route | OpenRoute, context: Context): Promise<Response> {
    const request = context.req.raw
    const headers = corsHeaders(request, options)
    try {
      assertMayAct(request, options)
      return toResponse(await run(route, context, callOf(context, request, headers)), headers)
    } catch (error) {
      // What an agent or a host failed at is a refusal here, whatever its status.
      if (!isParleyError(error)) onFault(error, `sessions.http ${route.method} ${route.path}`)
      return wireErrorResponse(error, headers)
    }
  }

  async function run(route: Route | OpenRoute, context: Context, call: OpenCall) {
    if ('open' in route) return route.open(call)
    const token = route.tokenInQuery && call.query.get('token')
    const request = token ? withBearer(call.request, token) : call.request
    const { remoteAddress } = infoOf(context)
    const by = await options.authenticate(request, remoteAddress)
    if (!by) throw sessionsErrors.unauthenticated()
    const isStill = async () => {
      const now = await options.authenticate(request, remoteAddress)
      return now !== null && isSameCaller(now, by)
    }
    return route.run({ ...call, by, isStill })
  }

  function callOf(context: Context, request: Request, headers: OpenCall['headers']): OpenCall {
    const params: Record<string, string> = context.req.param()
    // OUTSIDE: no database takes a NUL, and asking one is a fault. An id with one names nothing.
    if (Object.values(params).some((name) => name.includes('\0'))) throw sessionsErrors.agentNotFound()
    const mark = request.url.indexOf('?')
    const query = new URLSearchParams(mark < 0 ? '' : request.url.slice(mark))
    const param = (name: string) => params[name] ?? ''
    return { request, query, param, bodyBytes: options.limits.bodyBytes, headers }
  }
}

/** Only one route is promised with a trailing slash. */
function pathsOf(prefix: string, { method, path }: Route | OpenRoute): string[] {
  const full = prefix + path
  return method === 'GET' && path === '/agents/:id' ? [full, `${full}/`] : [full]
}

function document(app: SessionsApp, prefix: string, route: Route | OpenRoute): void {
  app.openAPIRegistry.registerPath({
    // The cast: the registry knows methods in small letters.
    method: route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: prefix + route.path.replace(/:(\w+)/g, '{$1}'),
    tags: ['sessions'],
    summary: route.summary,
    responses: {
      200: { description: 'Done.' },
      default: { description: 'Refused: `{"error": "<text>"}`.' },
    },
  })
}

export type SessionsApp = ReturnType<typeof createRouter>
