import type { OpenAPIHono } from '@hono/zod-openapi'
import type { HandshakeService } from '@parley/handshake'
import { answer, createRouter, type DoorEnv, jsonResponse, type RequestInfo } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import type { Metrics } from '@parley/kernel/telemetry'
import type { RelayOperator } from '@parley/relay'
import type { ThreadsOperator, ThreadsWebhooks } from '@parley/threads'
import type { ActAsTokens } from '../auth/act-as-tokens.js'
import type { Authenticator } from '../auth/authenticate.js'
import type { Credentials } from '../auth/credentials.js'
import { version } from '../version.js'
import { addApiPage } from './api-page.js'
import { type ConsoleFiles, consoleResponse } from './console-files.js'
import { createGate } from './context.js'
import { addControlRoutes } from './control-routes.js'
import { addDeliveryRoutes } from './delivery-routes.js'
import { documentRoute } from './document.js'
import { addHandshakeRoutes } from './handshake-routes.js'
import { addKeyRoutes } from './key-routes.js'
import { addRelayRoutes } from './relay-routes.js'
import { addRelayStream } from './relay-stream.js'
import { addSignInRoutes } from './sign-in-routes.js'
import { addThreadRoutes } from './thread-routes.js'
import { addTokenRoutes } from './token-routes.js'
import { addWebhookRoutes } from './webhook-routes.js'

export type ServerAppOptions = {
  credentials: Credentials
  authenticate: Authenticator
  service: HandshakeService
  /** Rooms of all tenants. */
  rooms: ThreadsOperator
  relay: RelayOperator
  tokens: ActAsTokens
  webhooks: ThreadsWebhooks
  /** Routes of the planes, for the API page. */
  planeApps: readonly OpenAPIHono<DoorEnv>[]
  consoleFiles: ConsoleFiles | undefined
  metrics: Metrics
  clock: Clock
  publicUrl: () => string
  selfOrigins(request: Request): readonly string[]
  /** False while starting or stopping. */
  isReady(): Promise<boolean>
  stopping: AbortSignal
  onFault(error: unknown, info?: RequestInfo): void
}

const planes = ['handshake', 'threads', 'sessions', 'relay']

/** The server's own routes: `/parley/v1`, health, metrics, the API page and the console. */
export function createServerApp(options: ServerAppOptions) {
  const { credentials, service, clock, stopping, onFault } = options
  const app = createRouter({ onFault })
  const gate = createGate(options.authenticate)

  app.get('/healthz', () => jsonResponse(200, { status: 'ok', version }))
  app.get('/readyz', async () =>
    (await options.isReady())
      ? jsonResponse(200, { status: 'ready' })
      : jsonResponse(503, { status: 'not ready' }),
  )
  app.get('/metrics', async (context) => {
    await gate(context, '*')
    const { contentType, body } = await options.metrics.render()
    return answer(200, body, { 'content-type': contentType })
  })
  app.get('/parley/v1/me', async (context) => {
    const { kind, id, name, scopes, tenant } = await gate(context)
    const principal = { kind, id, name, scopes, tenant }
    return jsonResponse(200, { principal, planes, version, publicUrl: options.publicUrl() })
  })
  describeRoutes(app)
  addSignInRoutes(app, options)
  addKeyRoutes(app, credentials, gate)
  addControlRoutes(app, { credentials, gate, publicUrl: options.publicUrl })
  // Before those of rooms, whose `:id` would take `tokens` for one.
  addTokenRoutes(app, options.tokens, gate)
  addThreadRoutes(app, options.rooms, gate)
  addWebhookRoutes(app, options.webhooks, gate)
  addDeliveryRoutes(app, options.webhooks, gate)
  const streams = { gate, clock, heartbeatMs: 15_000, stopping, onFault }
  addRelayStream(app, { operator: options.relay, ...streams })
  addRelayRoutes(app, options.relay, gate)
  addHandshakeRoutes(app, { service, ...streams })
  addApiPage(app, options.planeApps)
  // WHY: not a GET route of every path, or each unknown path would answer other methods with 405.
  app.use('/*', async (context, next) => {
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD'
    const found = isRead ? page(context.req.path, options) : undefined
    if (found) return found
    await next()
    return undefined
  })
  return app
}

function describeRoutes(app: OpenAPIHono<DoorEnv>): void {
  const describe = (path: string, summary: string) =>
    documentRoute(app, { method: 'get', path, tag: 'server', summary })
  describe('/healthz', 'Tell that the process lives')
  describe('/readyz', 'Tell whether the server takes work; 503 while it does not')
  describe('/metrics', 'Measurements for Prometheus; needs the scope `*`')
  describe('/parley/v1/me', 'Tell who is asking')
}

function page(path: string, { consoleFiles }: ServerAppOptions): Response | undefined {
  if (path.startsWith('/parley/')) return undefined
  if (consoleFiles) return consoleResponse(consoleFiles, path)
  const text = 'The console was not built. Run `npm run build -w @parley/console`, then start again.\n'
  return path === '/' ? answer(503, text, { 'content-type': 'text/plain; charset=utf-8' }) : undefined
}
