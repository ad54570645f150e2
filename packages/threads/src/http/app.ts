import { isFault } from '@parley/kernel/errors'
import { createRouter } from '@parley/kernel/http'
import type { Context } from 'hono'
import { threadsErrors } from '../errors.js'
import type { ResolvedOptions } from '../service/options.js'
import type { ThreadsService } from '../service/service.js'
import { assertMayAct, preflight, withCors } from './cors.js'
import { type Route, threadsRoutes } from './routes.js'
import { wireErrorResponse } from './wire.js'

type AppOptions = {
  service: ThreadsService
  options: ResolvedOptions
  onFault(error: unknown, where: string): void
}

/** The plane's routes as one `fetch(request, info)`. */
export function createThreadsApp({ service, options, onFault }: AppOptions) {
  const app = createRouter({
    onFault: (error) => onFault(error, 'threads.http'),
    onError: (refusal, _info, headers) => wireErrorResponse(refusal, headers),
  })
  app.options(`${options.prefix}/*`, (context) => preflight(context.req.raw, options))
  for (const route of threadsRoutes(service, options)) {
    app.on(route.method, options.prefix + route.path, async (context) =>
      withCors(await run(route, context), context.req.raw, options),
    )
    document(app, options.prefix, route)
  }
  return app

  async function run(route: Route, context: Context): Promise<Response> {
    const request = context.req.raw
    try {
      assertMayAct(request, options)
      const caller = await service.authenticate({ headers: headersOf(request), auth: {} })
      assertNames(context.req.param())
      const id = context.req.param('id') ?? ''
      const memberId = context.req.param('member') ?? ''
      const eventId = context.req.param('event') ?? ''
      const callId = context.req.param('call') ?? ''
      const query = new URL(request.url).searchParams
      return await route.run({ caller, id, memberId, eventId, callId, request, query })
    } catch (error) {
      if (isFault(error)) onFault(error, `threads.http ${route.method} ${route.path}`)
      return wireErrorResponse(error)
    }
  }
}

// OUTSIDE: no database takes a NUL, and asking one is a fault. An id with one names nothing.
function assertNames(params: Readonly<Record<string, string>>): void {
  if (Object.values(params).some((name) => name.includes('\0'))) throw threadsErrors.notFound()
}

const headersOf = ({ headers }: Request): Record<string, string> => Object.fromEntries(headers)

function document(app: ThreadsApp, prefix: string, route: Route): void {
  app.openAPIRegistry.registerPath({
    method: route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete',
    path: prefix + route.path.replace(/:(\w+)/g, '{$1}'),
    tags: ['threads'],
    summary: route.summary,
    responses: {
      200: { description: 'Done.' },
      default: { description: 'Refused: `{"detail": "<text>", "error": {"code", "message"}}`.' },
    },
  })
}

export type ThreadsApp = ReturnType<typeof createRouter>
