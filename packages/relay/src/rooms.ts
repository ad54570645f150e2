// Puts the rooms of the service together.

import type { Stops } from './compose.js'
import { openBots } from './service/bots/bots.js'
import { edgeOf } from './service/bots/edge.js'
import { createBuffers } from './service/buffers/index.js'
import { createCommands } from './service/commands/commands.js'
import {
  createAuthentication,
  createEnrolment,
  createLifecycle,
  createVerifyToken,
} from './service/credentials/index.js'
import { createDeliveries } from './service/deliveries/index.js'
import type { RelayDeps } from './service/deps.js'
import { startHousekeeping } from './service/housekeeping.js'
import { createInbound, type Inbound } from './service/inbound/index.js'
import { createLinks } from './service/links/index.js'
import { createManagement } from './service/management/index.js'
import { createMedia } from './service/media/media.js'
import { createOperator } from './service/operator/index.js'
import { createOutbound } from './service/outbound/index.js'
import type { RelayService } from './service/port.js'
import { createRelayService } from './service/service.js'
import { createVault } from './service/vault/vault.js'
import { createWaker } from './service/wake/waker.js'
import { createRelaySockets, type RelaySockets } from './socket/index.js'

/** Opens every room; messages are taken in when it resolves. `stops` says how each is closed, the last first. */
export async function openRooms(
  deps: RelayDeps,
  stops: Stops,
): Promise<{ service: RelayService; sockets: RelaySockets }> {
  const vault = createVault(deps)
  const media = createMedia(deps)
  stops.push(() => media.stop())
  const links = createLinks(deps)
  stops.push(() => links.stop())
  const waker = createWaker(deps)
  stops.push(() => waker.stop())
  const buffers = createBuffers(deps, { waker })
  const deliveries = createDeliveries(deps, { waker })
  stops.push(() => deliveries.stop())
  // Bots are opened before what they deliver to; nothing comes before they are started.
  let inbound: Inbound | undefined
  const bots = await openBots(deps, { sinkOf: (bot) => inbound!.sinkOf(bot) })
  stops.push(() => bots.stop())
  const outbound = createOutbound(deps, { bots, vault, media })
  stops.push(() => outbound.stop())
  inbound = createInbound(deps, { bots, buffers, vault, media, outbound, links })
  const commands = createCommands(deps, { bots })
  stops.push(() => commands.stop())

  const verify = createVerifyToken(deps)
  const lifecycle = createLifecycle(deps, { deliveries })
  const enrolment = createEnrolment(deps, { lifecycle })
  const sockets = createRelaySockets({ deps, verify, deliveries, outbound, bots, commands })
  stops.push(() => sockets.stop())
  const service = createRelayService({
    verify,
    authentication: createAuthentication(deps, { verify }),
    enrolment,
    management: createManagement(deps, { lifecycle, bots, links }),
    links,
    media,
    edge: edgeOf(bots, (bot) => inbound.sinkOf(bot), deps.tally),
    operator: createOperator(deps, { bots, enrolment, lifecycle, links, outbound }),
  })
  stops.push(startHousekeeping(deps))

  await deliveries.start()
  outbound.start()
  bots.start()
  return { service, sockets }
}
