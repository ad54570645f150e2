import type { BotAdmin } from '../bots/index.js'
import type { Enrolment, Lifecycle } from '../credentials/index.js'
import type { Bots, RelayDeps } from '../deps.js'
import type { Links } from '../links/index.js'
import type { OutboundService } from '../outbound/index.js'

/** What operators' operations are made of; each is made by its own room. */
export type OperatorParts = {
  bots: Bots
  /** Default: made here. */
  admin?: BotAdmin
  enrolment: Pick<Enrolment, 'enrollGateway' | 'rotateGateway' | 'createEnrolmentToken'>
  lifecycle: Pick<Lifecycle, 'revoke'>
  links: Pick<Links, 'createCode' | 'link' | 'unlink'>
  outbound: Pick<OutboundService, 'retry'>
}

/** Dependencies and parts in one, as every function here takes them. */
export type Work = RelayDeps & OperatorParts & { admin: BotAdmin }
