import type { Edge } from './bots/edge.js'
import type { Authentication, Enrolment } from './credentials/index.js'
import { readId, readMembers } from './credentials/read-members.js'
import type { Media, VerifyToken } from './deps.js'
import type { Links } from './links/index.js'
import type { Management } from './management/index.js'
import type { RelayOperator, RelayService } from './port.js'

/** What the plane's operations are made of; each is made by its own room. */
export type ServiceParts = {
  verify: VerifyToken
  authentication: Authentication
  enrolment: Pick<Enrolment, 'enroll' | 'provision'>
  management: Management
  links: Pick<Links, 'createCode'>
  media: Media
  edge: Edge
  operator: RelayOperator
}

/** The plane behind its port. */
export function createRelayService(parts: ServiceParts): RelayService {
  const { verify, authentication, enrolment, management, links, media, operator } = parts
  return {
    verify,
    ...authentication,
    enroll: enrolment.enroll,
    provision: enrolment.provision,
    ...management,
    createLinkCode: async (gateway, body) => {
      const platform = readId(readMembers(body), 'platform')
      const { tenant, instanceId } = gateway
      const { code, expiresAt } = await links.createCode({ tenant, instanceId }, platform)
      return { code, expiresAt }
    },
    media,
    edge: parts.edge,
    operator,
  }
}
