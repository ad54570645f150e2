import { createRouter } from '@parley/kernel/http'
import type { ResolvedOptions } from '../service/options.js'
import type { RelayService } from '../service/port.js'
import { answerEdge, edgePaths } from './edge-routes.js'
import { download, upload } from './media-routes.js'
import { answerJson, jsonRoutes } from './routes.js'
import { wireErrorResponse } from './wire.js'

type AppOptions = {
  service: RelayService
  options?: ResolvedOptions
  onFault(error: unknown, where: string): void
}

export type RelayApp = ReturnType<typeof createRouter>

/** The plane's routes (contract 8 and 9, and the platforms' edge) as one `fetch(request, info)`. */
export function createRelayApp({ service, onFault }: AppOptions): RelayApp {
  const app = createRouter({
    onFault: (error) => onFault(error, 'relay.http'),
    onError: (refusal, _info, headers) => wireErrorResponse(refusal, headers),
  })
  for (const route of jsonRoutes(service)) {
    app.post(route.path, (context) => answerJson(route, context.req.raw))
    document(app, 'post', route.path, route.summary)
  }
  app.post('/relay/media', (context) => upload(service, context.req.raw))
  document(app, 'post', '/relay/media', 'Store a file for an hour')
  app.get('/relay/media/:id', (context) => download(service, context.req.raw, context.req.param('id')))
  document(app, 'get', '/relay/media/:id', 'Read a file')
  for (const path of edgePaths) {
    app.all(path, (context) => answerEdge(service, context.req.raw, context.req.param()))
    document(app, 'post', path, "Take a platform's delivery")
  }
  return app
}

function document(app: RelayApp, method: 'get' | 'post', path: string, summary: string): void {
  app.openAPIRegistry.registerPath({
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    tags: ['relay'],
    summary,
    responses: { 200: { description: 'Done.' }, default: { description: 'Refused: `{"error": "<text>"}`.' } },
  })
}
