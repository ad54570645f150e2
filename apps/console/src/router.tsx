import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { HandshakePage } from './handshakes/detail/handshake-page.js'
import { HandshakesPage } from './handshakes/list/handshakes-page.js'
import { KeysPage } from './keys/keys-page.js'
import { Home } from './shell/home.js'
import { NotFound } from './shell/not-found.js'
import { Shell } from './shell/shell.js'
import { SignInPage } from './sign-in/sign-in-page.js'

const root = createRootRoute()
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const inShell = { getParentRoute: () => shell } as const
const home = createRoute({ ...inShell, path: '/', component: Home })
const handshakes = createRoute({ ...inShell, path: '/handshakes', component: HandshakesPage })
const handshake = createRoute({ ...inShell, path: '/handshakes/$id', component: HandshakePage })
const keys = createRoute({ ...inShell, path: '/keys', component: KeysPage })
const notFound = createRoute({ ...inShell, path: '$', component: NotFound })

const routeTree = root.addChildren([signIn, shell.addChildren([home, handshakes, handshake, keys, notFound])])

/** The router of the console; one for each mounted console. */
export const createConsoleRouter = () =>
  createRouter({ routeTree, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
