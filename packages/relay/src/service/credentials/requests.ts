import type { BotIdentity } from '../../protocol/index.js'
import type { NewGateway } from '../port.js'
import type { Wanted } from './admission.js'
import {
  type Members,
  readDisplayName,
  readFlag,
  readId,
  readIds,
  readMembers,
  readOptionalId,
  readWakeUrl,
} from './read-members.js'

export type EnrolmentRequest = Omit<Wanted, 'tenant'> & { enrollmentToken: string }
export type ProvisionRequest = Omit<Wanted, 'tenant'> & {
  bot: BotIdentity
  routeKeys: string[]
  isRotation: boolean
}

/** The body of 8.1. Throws `relay.invalid_request`, as the others here do. */
export function readEnrolment(body: unknown): EnrolmentRequest {
  const members = readMembers(body)
  return { enrollmentToken: readId(members, 'enrollmentToken'), ...readGateway(members) }
}

/** The body of 8.2. Its `gatewayEndpoint` is of no use any more and is not looked at. */
export function readProvision(body: unknown): ProvisionRequest {
  const members = readMembers(body)
  return {
    ...readGateway(members),
    bot: { platform: readId(members, 'platform'), botId: readId(members, 'botId') },
    routeKeys: readIds(members, 'routeKeys'),
    isRotation: readFlag(members, 'rotate', false),
  }
}

/** What an operator asks for. */
export function readNewGateway(gateway: NewGateway): Wanted {
  return { ...readGateway(gateway), tenant: readId(gateway, 'tenant') }
}

const readGateway = (members: Members): Omit<Wanted, 'tenant'> => ({
  gatewayId: readId(members, 'gatewayId'),
  instanceId: readOptionalId(members, 'instanceId'),
  displayName: readDisplayName(members),
  wakeUrl: readWakeUrl(members),
})
