import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { HandshakePage } from './handshakes/detail/handshake-page.js'
import { HandshakesPage } from './handshakes/list/handshakes-page.js'
import { KeysPage } from './keys/keys-page.js'
import { Home } from './shell/home.js'
import { NotFound } from './shell/not-found.js'
import { Shell } from './shell/shell.js'
import { SignInPage } from './sign-in/sign-in-page.js'
import { RoomsPage } from './threads/list/rooms-page.js'
import { WebhookPage } from './webhooks/detail/webhook-page.js'
import { WebhooksPage } from './webhooks/list/webhooks-page.js'

const root = createRootRoute()
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const inShell = { getParentRoute: () => shell } as const
const home = createRoute({ ...inShell, path: '/', component: Home })
const handshakes = createRoute({ ...inShell, path: '/handshakes', component: HandshakesPage })
const handshake = createRoute({ ...inShell, path: '/handshakes/$id', component: HandshakePage })
const keys = createRoute({ ...inShell, path: '/keys', component: KeysPage })
const rooms = createRoute({ ...inShell, path: '/threads', component: RoomsPage })
const room = createRoute({
  ...inShell,
  path: '/threads/$id',
  // Conversations bring Markdown, Socket.IO and the client along: who looks at other pages does without.
  component: lazyRouteComponent(() => import('./threads/detail/room-page.js'), 'RoomPage'),
})
const webhooks = createRoute({ ...inShell, path: '/webhooks', component: WebhooksPage })
const webhook = createRoute({ ...inShell, path: '/webhooks/$id', component: WebhookPage })
// The pages of sessions bring their client along.
const sessions = createRoute({
  ...inShell,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./sessions/list/sessions-page.js'), 'SessionsPage'),
})
const session = createRoute({
  ...inShell,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('./sessions/detail/session-page.js'), 'SessionPage'),
})
const messageQueue = createRoute({
  ...inShell,
  path: '/message-queue',
  component: lazyRouteComponent(() => import('./sessions/queue/message-queue-page.js'), 'MessageQueuePage'),
})
const agents = createRoute({
  ...inShell,
  path: '/agents',
  component: lazyRouteComponent(() => import('./sessions/agents/agents-page.js'), 'AgentsPage'),
})
const runtimes = createRoute({
  ...inShell,
  path: '/runtimes',
  component: lazyRouteComponent(() => import('./sessions/runtimes/runtimes-page.js'), 'RuntimesPage'),
})
// The pages of the relay bring its client along.
const platforms = createRoute({
  ...inShell,
  path: '/platforms',
  component: lazyRouteComponent(() => import('./relay/platforms/platforms-page.js'), 'PlatformsPage'),
})
const gateways = createRoute({
  ...inShell,
  path: '/gateways',
  component: lazyRouteComponent(() => import('./relay/gateways/gateways-page.js'), 'GatewaysPage'),
})
const tenants = createRoute({
  ...inShell,
  path: '/tenants',
  component: lazyRouteComponent(() => import('./relay/tenants/tenants-page.js'), 'TenantsPage'),
})
const tenant = createRoute({
  ...inShell,
  // The last part has no dot in it, so that the server takes the address for a page, whatever the tenant is called.
  path: '/tenants/$tenant/detail',
  component: lazyRouteComponent(() => import('./relay/tenants/tenant-page.js'), 'TenantPage'),
})
const receipts = createRoute({
  ...inShell,
  path: '/receipts',
  component: lazyRouteComponent(() => import('./relay/receipts/receipts-page.js'), 'ReceiptsPage'),
})
const decisions = createRoute({
  ...inShell,
  path: '/decisions',
  component: lazyRouteComponent(() => import('./relay/decisions/decisions-page.js'), 'DecisionsPage'),
})
const simulators = createRoute({
  ...inShell,
  path: '/simulator',
  component: lazyRouteComponent(() => import('./relay/simulator/simulators-page.js'), 'SimulatorsPage'),
})
const simulator = createRoute({
  ...inShell,
  path: '/simulator/$platform/$botId/chat',
  component: lazyRouteComponent(() => import('./relay/simulator/simulator-page.js'), 'SimulatorPage'),
})
const notFound = createRoute({ ...inShell, path: '$', component: NotFound })

const ofSessions = [sessions, session, messageQueue, agents, runtimes] as const
const ofRelay = [platforms, gateways, tenants, tenant, receipts, decisions, simulators, simulator] as const
const pages = [
  home,
  handshakes,
  handshake,
  rooms,
  room,
  webhooks,
  webhook,
  ...ofSessions,
  ...ofRelay,
  keys,
  notFound,
] as const
const routeTree = root.addChildren([signIn, shell.addChildren(pages)])

/** The router of the console; one for each mounted console. */
export const createConsoleRouter = () =>
  createRouter({ routeTree, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
