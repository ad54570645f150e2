import type { JsonObject } from '@parley/kernel/wire'
import { type BotIdentity, cutText, httpUrl, limits } from '../../protocol/index.js'
import { RelayCallError } from '../call-error.js'
import type { GatewayCredential } from '../mint.js'
import { type CallEdge, call } from './call.js'
import { type IdentityToken, readIdentityToken } from './identity-token.js'

/** What a gateway may say of itself; what it does not know is left out. */
export type AboutGateway = { instanceId?: string; wakeUrl?: string; displayName?: string }

export type Enrolled = GatewayCredential & { deliveryKey: string; tenant: string }

export type EnrolOptions = AboutGateway &
  CallEdge & { url: string; identityToken: IdentityToken; enrollmentToken: string; gatewayId: string }

/** Exchanges an enrolment token for a secret (contract 8.1). Throws a `RelayCallError` whose text is for the user. */
export async function enroll(options: EnrolOptions): Promise<Enrolled> {
  const { enrollmentToken, gatewayId } = options
  const answer = await call(options, {
    url: httpUrl(options.url, '/relay/enroll'),
    token: await readIdentityToken(options.identityToken),
    body: { enrollmentToken, gatewayId, ...aboutOf(options) },
  })
  return readEnrolled(answer, gatewayId)
}

export type ProvisionOptions = AboutGateway &
  CallEdge & {
    url: string
    identityToken: IdentityToken
    gatewayId: string
    identities: readonly BotIdentity[]
    /** Scopes or chats that this tenant claims. */
    routeKeys?: readonly string[]
    /** Retired, and still part of the body. */
    gatewayEndpoint?: string
  }

/** `credential`: of the first call that succeeded; undefined when none did. */
export type Provisioned = {
  credential?: Enrolled
  provisioned: BotIdentity[]
  failures: (BotIdentity & { error: RelayCallError })[]
}

/**
 * Says which bots a gateway fronts, one call for each (contract 8.2). A failure for one does not stop the others; the secret
 * is that of the first success.
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const result: Provisioned = { provisioned: [], failures: [] }
  for (const identity of options.identities) {
    try {
      const enrolled = await provisionOne(options, identity)
      result.credential ??= enrolled
      result.provisioned.push(identity)
    } catch (error) {
      if (!(error instanceof RelayCallError)) throw error
      result.failures.push({ ...identity, error })
    }
  }
  return result
}

async function provisionOne(options: ProvisionOptions, { platform, botId }: BotIdentity): Promise<Enrolled> {
  const { gatewayId, gatewayEndpoint = '', routeKeys = [] } = options
  const answer = await call(options, {
    url: httpUrl(options.url, '/relay/provision'),
    token: await readIdentityToken(options.identityToken),
    body: { gatewayId, platform, botId, gatewayEndpoint, routeKeys, ...aboutOf(options) },
  })
  return readEnrolled(answer, gatewayId)
}

function aboutOf({ instanceId, wakeUrl, displayName }: AboutGateway): AboutGateway {
  const name = cutText(displayName?.trim() ?? '', limits.displayName, 'chars')
  return {
    ...(instanceId && { instanceId }),
    ...(wakeUrl && { wakeUrl }),
    ...(name && { displayName: name }),
  }
}

function readEnrolled(answer: JsonObject, gatewayId: string): Enrolled {
  const { secret, deliveryKey, tenant } = answer
  if (typeof secret !== 'string' || !secret)
    throw new RelayCallError(502, 'the connector answered without a secret')
  return {
    gatewayId: typeof answer.gatewayId === 'string' && answer.gatewayId ? answer.gatewayId : gatewayId,
    secret,
    deliveryKey: typeof deliveryKey === 'string' ? deliveryKey : '',
    tenant: typeof tenant === 'string' ? tenant : '',
  }
}
