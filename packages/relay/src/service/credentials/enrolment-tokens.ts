import { createHash } from 'node:crypto'
import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'
import type { EnrolmentRow } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import type { Step } from './commit-steps.js'

/** Single use, for 15 minutes, bound to a tenant; only its hash is stored (8.1). */
export interface EnrolmentTokens {
  create(tenant: string): Promise<{ token: string; tenant: string; expiresAt: string }>
  /** The statement that consumes it. Throws `relay.enrolment_refused`, whatever is wrong with it. */
  use(token: string, tenant: string, gatewayId: string): Promise<Step>
}

export function createEnrolmentTokens({ store: { gateways }, ground }: RelayDeps): EnrolmentTokens {
  const { clock, ids, log } = ground
  return {
    create: async (tenant) => {
      const token = `et_${ids.token(32)}`
      const now = clock.micros()
      const expiresAt = now + limits.enrolmentMs * 1_000
      const row = { hash: hashOf(token), tenant, createdAt: now, expiresAt, usedAt: null, gatewayId: null }
      await log.commit({ ops: [gateways.insertEnrolment(row)], appends: [] })
      return { token, tenant, expiresAt: new Date(expiresAt / 1_000).toISOString() }
    },
    use: async (token, tenant, gatewayId) => {
      const at = clock.micros()
      const hash = hashOf(token)
      const row = await gateways.findEnrolment(hash)
      if (!row || row.tenant !== tenant || !isOpen(row, at)) throw relayErrors.enrolmentRefused()
      const ops = [gateways.useEnrolment(hash, { at, gatewayId })]
      return { ops, refused: () => relayErrors.enrolmentRefused() }
    },
  }
}

const isOpen = ({ usedAt, expiresAt }: EnrolmentRow, at: number): boolean => usedAt === null && at < expiresAt

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
