import type { Evidence } from './evidence.js'
import { assertInbound } from './verify-inbound.js'
import { assertOutbound } from './verify-outbound.js'
import { assertWire } from './verify-wire.js'

/** Throws what does not hold. */
export function assertAll(evidence: Evidence): void {
  for (const gateway of evidence.gateways) assertWire(gateway)
  assertInbound(evidence)
  assertOutbound(evidence)
}
