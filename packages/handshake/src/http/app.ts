import { isFault } from '@parley/kernel/errors'
import { createRouter, infoOf, jsonResponse } from '@parley/kernel/http'
import type { Context } from 'hono'
import type { ResolvedOptions } from '../service/options.js'
import type { HandshakeService } from '../service/service.js'
import { version } from '../version.js'
import { corsHeaders, preflight } from './cors.js'
import { handshakeRoutes, type Route } from './routes.js'
import { toCaller } from './to-caller.js'
import { wireErrorResponse } from './wire.js'

type AppOptions = {
  service: HandshakeService
  options: ResolvedOptions
  onFault(error: unknown, where: string): void
}

/** The plane's routes as one `fetch(request, info)`. */
export function createHandshakeApp({ service, options, onFault }: AppOptions) {
  const app = createRouter({
    onFault: (error) => onFault(error, 'handshake.http'),
    onError: (refusal, _info, headers) => wireErrorResponse(refusal, headers),
  })

  app.get('/.well-known/handshake-prompt', () => jsonResponse(200, wellKnown(options)))
  for (const prefix of prefixes(options)) {
    app.options(`${prefix}/*`, (context) => preflight(callerOf(context), options))
    for (const route of handshakeRoutes(service, options)) {
      app.on(route.method, prefix + route.path, (context) => run(route, context))
      if (prefix === options.prefix) document(app, prefix, route)
    }
  }
  return app

  function callerOf(context: Context) {
    return toCaller(context.req.raw, infoOf(context), options)
  }

  /** Refusals are worded here and not in the router, because they carry the headers for pages of other origins, too. */
  async function run(route: Route, context: Context): Promise<Response> {
    const caller = callerOf(context)
    const headers = corsHeaders(caller, options)
    const request = context.req.raw
    const mark = request.url.indexOf('?')
    const call = {
      caller: { ...caller, browserKey: context.req.param('key') ?? caller.browserKey },
      id: context.req.param('id') ?? '',
      request,
      get query() {
        return new URLSearchParams(mark < 0 ? '' : request.url.slice(mark))
      },
      get baseUrl() {
        return options.publicUrl ?? new URL(request.url).origin
      },
      headers,
    }
    try {
      return await route.run(call)
    } catch (error) {
      const answer = wireErrorResponse(error, headers)
      if (isFault(error)) onFault(error, `handshake.http ${route.method} ${route.path}`)
      return answer
    }
  }
}

/** Agents of the original know no prefix but `/handshake` (contract 9.2). */
function prefixes({ prefix, compatPrefix }: ResolvedOptions): string[] {
  return compatPrefix && prefix !== '/handshake' ? [prefix, '/handshake'] : [prefix]
}

function wellKnown({ prefix, wsPrefix }: ResolvedOptions) {
  const features = ['extend', 'claim', 'revoke', 'audit', 'prompt', 'resume']
  return { hpp: ['0.1', '0.2'], prefix, wsPrefix, features, server: `parley/${version}` }
}

function document(app: ReturnType<typeof createRouter>, prefix: string, route: Route): void {
  app.openAPIRegistry.registerPath({
    method: route.method.toLowerCase() as 'get' | 'post' | 'delete',
    path: prefix + route.path.replace(/:(\w+)/g, '{$1}'),
    tags: ['handshake'],
    summary: route.summary,
    description: `Credential: ${route.credential}.`,
    responses: { 200: { description: 'Done.' }, default: { description: 'Refused: `{"error": "<text>"}`.' } },
  })
}

export type HandshakeApp = ReturnType<typeof createHandshakeApp>
