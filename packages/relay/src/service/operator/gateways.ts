import type { Micros } from '@parley/kernel/ids'
import { toIsoTime } from '@parley/kernel/wire'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { GatewayRow, InstanceRow } from '../../store/port.js'
import { readId, readMembers } from '../credentials/read-members.js'
import type { GatewayView, RelayOperator, Within } from '../port.js'
import { isUsable } from './bots.js'
import { isLive, nameOf } from './instances.js'
import type { Work } from './parts.js'
import { actorOf, assertMayMake, isSeen, seenBy, timeOrNull } from './within.js'

type Operations =
  | 'listGateways'
  | 'enrollGateway'
  | 'createEnrolmentToken'
  | 'rotateGateway'
  | 'revokeGateway'

export function gatewayOperations(work: Work): Pick<RelayOperator, Operations> {
  const { enrolment, lifecycle } = work
  return {
    listGateways: (within) => listGateways(work, within),

    enrollGateway: async (within, gateway) => {
      const tenant = readId(readMembers(gateway), 'tenant')
      assertMayMake(within, tenant)
      if (gateway.bots) await assertUsable(work, tenant, gateway.bots)
      return await enrolment.enrollGateway(actorOf(within), gateway)
    },

    createEnrolmentToken: async (within, asked) => {
      const tenant = readId(readMembers(asked), 'tenant')
      assertMayMake(within, tenant)
      return await enrolment.createEnrolmentToken(tenant)
    },

    rotateGateway: async (within, gatewayId) => {
      await assertSeen(work, within, gatewayId)
      return await enrolment.rotateGateway(actorOf(within), gatewayId)
    },

    revokeGateway: async (within, gatewayId) => {
      await assertSeen(work, within, gatewayId)
      await lifecycle.revoke(actorOf(within), gatewayId)
    },
  }
}

async function assertSeen({ store }: Work, within: Within, gatewayId: string): Promise<void> {
  const row = await store.gateways.find(gatewayId)
  if (!row || !isSeen(within, row.tenant)) throw relayErrors.gatewayNotFound()
}

const mostBots = 100

/** Throws `relay.bot_not_found` for a bot that is not there, or that the tenant may not use. */
async function assertUsable({ store }: Work, tenant: string, bots: readonly BotIdentity[]): Promise<void> {
  if (!Array.isArray(bots) || bots.length > mostBots)
    throw relayErrors.invalidRequest({ message: `bots must be a list of at most ${mostBots}` })
  for (const bot of bots) {
    const members = readMembers(bot)
    const named = { platform: readId(members, 'platform'), botId: readId(members, 'botId') }
    const row = await store.bots.find(named)
    if (!row || !isUsable({ tenant }, row)) throw relayErrors.botNotFound()
  }
}

async function listGateways({ store, ground }: Work, within: Within): Promise<GatewayView[]> {
  const [rows, instances] = await Promise.all([
    store.gateways.list(seenBy(within)),
    store.instances.list(seenBy(within)),
  ])
  const now = ground.clock.micros()
  const byKey = new Map(instances.map((row) => [nameOf(row), row]))
  return rows.map((row) => toView(row, byKey.get(nameOf(row)), now))
}

function toView(row: GatewayRow, instance: InstanceRow | undefined, now: Micros): GatewayView {
  const { gatewayId, tenant, instanceId, createdAt, lastSeenAt, revokedAt } = row
  const [primary, former] = row.secrets
  return {
    gatewayId,
    tenant,
    instanceId,
    state: revokedAt !== null ? 'revoked' : instance && isLive(instance, now) ? 'live' : 'idle',
    lastSeenAt: timeOrNull(lastSeenAt),
    createdAt: toIsoTime(createdAt),
    revokedAt: timeOrNull(revokedAt),
    secretAgeSeconds: primary ? Math.max(0, Math.floor((now - primary.createdAt) / 1_000_000)) : 0,
    isRotating: former !== undefined && (former.validUntil === null || former.validUntil > now),
  }
}
