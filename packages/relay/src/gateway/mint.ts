import { createHmac } from 'node:crypto'
import type { Clock } from '@parley/kernel/ids'
import { encodeToken, limits } from '../protocol/index.js'

/** What a gateway is known by: one record of the connector, and its secret as text (never decoded from hex). */
export type GatewayCredential = { gatewayId: string; secret: string }

/** A fresh token (contract 2.2), valid for 300 s. One for every dial and every call. */
export function mintToken({ gatewayId, secret }: GatewayCredential, clock: Pick<Clock, 'now'>): string {
  const exp = Math.floor(clock.now() / 1000) + limits.tokenSeconds
  return encodeToken({ payload: gatewayId, exp }, (signed) =>
    createHmac('sha256', secret).update(signed).digest('hex'),
  )
}
