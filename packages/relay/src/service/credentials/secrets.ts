import { createHmac } from 'node:crypto'
import type { Micros } from '@parley/kernel/ids'
import { limits } from '../../protocol/index.js'
import type { GatewayRow, GatewaySecret } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'

/** The secrets of gateways. A secret is 64 hex digits, and is used as that text, never decoded (2.2). */
export interface Secrets {
  create(): string
  seal(gatewayId: string, secret: string): string
  /** Throws a fault when it was sealed with another key, or for another gateway. */
  open(gatewayId: string, sealed: string): string
}

/** Most opened secrets that are kept: opening one costs as much as verifying a token. */
const mostOpen = 4_096

export function createSecrets({ sealer, ground }: Pick<RelayDeps, 'sealer' | 'ground'>): Secrets {
  const opened = new Map<string, string>()
  const contextOf = (gatewayId: string) => JSON.stringify(['gateway', gatewayId])

  const keep = (name: string, secret: string): string => {
    // The map's order is the order of first use: the oldest goes.
    if (opened.size >= mostOpen) opened.delete(opened.keys().next().value ?? '')
    opened.set(name, secret)
    return secret
  }

  return {
    create: () => ground.ids.hex(32),
    seal: (gatewayId, secret) => sealer.seal(secret, contextOf(gatewayId)),
    open: (gatewayId, sealed) => {
      const name = `${sealed} ${gatewayId}`
      return opened.get(name) ?? keep(name, sealer.open(sealed, contextOf(gatewayId)))
    },
  }
}

/** What `deliveryKey` of the answers is: of no use any more, and the same as long as the secret is (1.4). */
export const deliveryKeyOf = (secret: string): string =>
  createHmac('sha256', secret).update('relay delivery key').digest('hex')

/** A verify list of one. */
export const firstSecret = (sealed: string, now: Micros): GatewaySecret[] => [
  { sealed, createdAt: now, validUntil: null },
]

/** The list after a rotation: what was the primary is accepted for a day more, what was the secondary no longer (2.3). */
export function rotatedSecrets(
  [primary]: readonly GatewaySecret[],
  sealed: string,
  now: Micros,
): GatewaySecret[] {
  const former = primary ? [{ ...primary, validUntil: now + limits.rotationMs * 1_000 }] : []
  return [...firstSecret(sealed, now), ...former]
}

/** Those that a token may be signed with now. */
export const acceptedSecrets = (secrets: readonly GatewaySecret[], now: Micros): GatewaySecret[] =>
  secrets.slice(0, 2).filter(({ validUntil }) => validUntil === null || now < validUntil)

/** Is it time for a new one, by what the caller asks for and how old it is (8.2)? */
export function isRotationDue({ secrets }: GatewayRow, isWanted: boolean, now: Micros): boolean {
  const [primary, ...formers] = secrets
  if (!primary) return true
  const ageMs = (now - primary.createdAt) / 1_000
  // WHY: with a former one the primary's age is the time since the last rotation. Two close together would push out what a
  //      process of the same boot was given.
  if (formers.length > 0 && ageMs < limits.rotationPauseMs) return false
  return isWanted || ageMs >= limits.secretAgeMs
}
