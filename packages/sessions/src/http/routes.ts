import type { SessionsDeps } from '../service/deps.js'
import type { SessionsService } from '../service/port.js'
import { type Addresses, addressesFor } from './addresses.js'
import { agentRoutes } from './agent-routes.js'
import type { OpenRoute, Route } from './call.js'
import { callbackRoutes } from './callback-routes.js'
import { fileRoutes } from './file-routes.js'
import { messageRoutes } from './message-routes.js'
import { planeRoutes } from './plane-routes.js'
import { runtimeRoutes } from './runtime-routes.js'
import { steeringRoutes } from './steering-routes.js'
import { streamRoutes } from './stream-routes.js'
import { webhookRoutes } from './webhook-routes.js'

type Deps = Pick<SessionsDeps, 'ground' | 'options' | 'runtimes' | 'onFault'>

/** What routes need beside the service. */
export type RouteContext = {
  service: SessionsService
  /** Names of the runtime types; the first is the default. */
  runtimeNames: readonly string[]
  addressesOf(request: Request): Addresses
  onFault(error: unknown): void
}

/** The routes of section 2, and ours beside them. */
export function sessionsRoutes(
  service: SessionsService,
  { ground, options, runtimes, onFault }: Deps,
  stopping: AbortSignal,
): (Route | OpenRoute)[] {
  const runtimeNames = Object.keys(runtimes)
  const { publicUrl, limits } = options
  const defaultInstance = runtimeNames[0] ?? 'local'
  const context: RouteContext = {
    service,
    runtimeNames,
    addressesOf: (request) => addressesFor(request, { publicUrl, defaultInstance }),
    onFault: (error) => onFault(error, 'sessions.http'),
  }
  return [
    ...planeRoutes(context),
    ...runtimeRoutes(context),
    ...agentRoutes(context),
    ...steeringRoutes(context),
    ...fileRoutes(context),
    ...streamRoutes({ ...context, clock: ground.clock, stopping, maxStreams: limits.sockets }),
    ...messageRoutes(context),
    ...webhookRoutes(context),
    ...callbackRoutes(context),
  ]
}
