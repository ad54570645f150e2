import type { Room } from './credentials.test.support.js'
import { firstSecret } from './secrets.js'

/** A gateway with a secret of the test's choice. */
export async function fakeGateway(room: Room, { gatewayId, secret }: { gatewayId: string; secret: string }) {
  const { store, clock, secrets, deps } = room
  const now = clock.micros()
  const row = {
    tenant: 'org-17',
    instanceId: gatewayId,
    gatewayId,
    secrets: firstSecret(secrets.seal(gatewayId, secret), now),
    createdAt: now,
    revokedAt: null,
    lastSeenAt: null,
  }
  await deps.ground.log.commit({ ops: [store.gateways.insert(row)], appends: [] })
}
