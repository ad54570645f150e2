import type { Calls } from '../lib/child.js'

type Loader = () => Promise<{ role: Calls }>

/** Everything that runs in a process of its own. */
export const roles = {
  'handshake-server': () => import('../http/handshake-server.js'),
  'bare-http': () => import('../http/bare-http.js'),
  'one-transaction-http': () => import('../http/one-transaction-http.js'),
  'constant-bytes': () => import('../http/constant-bytes.js'),
  'http-load': () => import('../http/load-role.js'),
  'feed-server': () => import('../fan-out/feed-server.js'),
  'bare-ws': () => import('../fan-out/bare-ws.js'),
  'rooms-server': () => import('../threads/rooms-server.js'),
  'bare-rooms': () => import('../threads/bare-rooms.js'),
  'relay-server': () => import('../relay/relay-server.js'),
  'relay-gateway': () => import('../relay/gateway.js'),
  'bare-connector': () => import('../relay/bare-connector.js'),
  members: () => import('../threads/members.js'),
  resumer: () => import('../threads/resumer.js'),
  'sessions-server': () => import('../sessions/sessions-server.js'),
  'sessions-viewer': () => import('../sessions/viewer.js'),
  'bare-acp': () => import('../sessions/bare-acp.js'),
  'bare-pty': () => import('../sessions/bare-pty.js'),
  'bare-replay': () => import('../sessions/bare-replay.js'),
  followers: () => import('../sockets/followers.js'),
} satisfies Record<string, Loader>

export type RoleName = keyof typeof roles
