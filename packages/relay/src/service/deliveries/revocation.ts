import { closeCodes } from '../../close-codes.js'
import type { GatewayLink, RelayDeps } from '../deps.js'
import type { Gone } from './nodes.js'
import { endOf } from './takeover.js'

/** Closes the sockets of a gateway, or of all gateways of an instance. */
export function closeRevoked(links: Iterable<GatewayLink>, gone: Gone): void {
  for (const link of links) if (isOf(link, gone)) link.close(closeCodes.unauthorized, 'unauthorized')
}

const isOf = ({ gateway }: GatewayLink, gone: Gone): boolean =>
  'gatewayId' in gone
    ? gateway.gatewayId === gone.gatewayId
    : gateway.tenant === gone.tenant && gateway.instanceId === gone.instanceId

const atOnce = 16
const idsAtOnce = 500

/** Finds gateways of which a revocation was not heard here, and notes those that are there. */
export async function revalidate(deps: RelayDeps, links: readonly GatewayLink[]): Promise<void> {
  // A gateway may have sockets of when it belonged to another instance.
  const perGateway = [...new Map(links.map((link) => [nameOf(link), link])).values()]
  for (let from = 0; from < perGateway.length; from += atOnce) {
    const some = perGateway.slice(from, from + atOnce)
    await Promise.all(some.map((link) => closeUnlessKnown(deps, links, link)))
  }
  const ids = perGateway.filter(({ isOpen }) => isOpen).map(({ gateway }) => gateway.gatewayId)
  const { ground, store } = deps
  const at = ground.clock.micros()
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const seen = store.gateways.seen(ids.slice(from, from + idsAtOnce), at)
    await ground.log.commit({ ops: [seen], appends: [] })
  }
}

async function closeUnlessKnown(
  deps: RelayDeps,
  links: readonly GatewayLink[],
  link: GatewayLink,
): Promise<void> {
  const end = await endOf(deps, link)
  if (!end) return
  for (const one of links) if (nameOf(one) === nameOf(link)) one.close(end.code, end.reason)
}

const nameOf = ({ gateway: { gatewayId, tenant, instanceId } }: GatewayLink): string =>
  JSON.stringify([gatewayId, tenant, instanceId])
