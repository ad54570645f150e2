import type { Ground, GroundOptions } from '@parley/kernel/ground'
import type { JSONWebKeySet } from 'jose'
import type { PlatformDriver } from '../platforms/port.js'

/** Tells which tenant the bearer of an identity token belongs to; undefined: not verified. Throws when it can't be asked. */
export type VerifyCaller = (token: string) => Promise<{ tenant: string } | undefined>

export type RelayLimits = {
  /** Entries and bytes of one instance's buffer. Default 1,000 and 16 MiB. */
  bufferEntries: number
  bufferBytes: number
  /** Unacknowledged entries while a backlog is drained. Default 1. */
  drainWindow: number
  /** Gateways of one tenant. Default 10,000. */
  gatewaysPerTenant: number
  /** Sockets of one gateway. Default 8. */
  socketsPerGateway: number
  /** Frames a second of one socket; what comes faster waits. Long ones count as one more for each 16 Ki characters. Default 200. */
  framesPerSecond: number
  /** Bytes of media kept for one tenant. Default 1 GiB. */
  mediaBytesPerTenant: number
  /** Calls of one gateway on the routes, a minute. Default 600. */
  callsPerMinute: number
  /** Actions of one gateway that wait at the same time. Default 256. */
  openActions: number
}

/** How the connector is opened. */
export type RelayOptions = {
  /** Default: one of its own on `database`. */
  ground?: Ground
  database?: GroundOptions['database']
  bus?: GroundOptions['bus']
  /**
   * 32 bytes as hex or base64: what credentials, secrets and capabilities are sealed with. Without one a key of this process
   * is used, and what it sealed can't be opened by the next one.
   */
  key?: string
  /** Who may enrol and provision. Default: nobody. */
  verifyCaller?: VerifyCaller
  /**
   * Whose tokens (RS256, audience `agent:<instanceId>`) act for an instance on the management routes: the address of a key
   * set, or the set itself. Default: nobody's.
   */
  operatorKeys?: string | JSONWebKeySet
  /** Where gateways and platforms reach the connector, for references to media. Default: what a request came to. */
  publicUrl?: string | (() => string | undefined)
  /** Default: the simulator, Telegram and Discord. */
  platforms?: readonly PlatformDriver[]
  /** Addresses that may be poked although they are private; `true` for all. Default: `allowPrivateAddresses`. */
  wakeAddresses?: boolean | readonly string[]
  /** Addresses that media may come from, and that may be poked, although they are private; `true` for all. Default none. */
  allowPrivateAddresses?: boolean | readonly string[]
  trustedProxies?: readonly string[]
  limits?: Partial<RelayLimits>
  onFault?(error: unknown, where: string): void
}

export type ResolvedOptions = Omit<RelayOptions, 'limits' | 'platforms' | 'publicUrl'> & {
  publicUrl: () => string | undefined
  limits: RelayLimits
  platforms: readonly PlatformDriver[]
  verifyCaller: VerifyCaller
  trustedProxies: readonly string[]
}

const defaultLimits: RelayLimits = {
  bufferEntries: 1_000,
  bufferBytes: 16_777_216,
  drainWindow: 1,
  gatewaysPerTenant: 10_000,
  socketsPerGateway: 8,
  framesPerSecond: 200,
  mediaBytesPerTenant: 1_073_741_824,
  callsPerMinute: 600,
  openActions: 256,
}

export function resolveOptions(
  options: RelayOptions,
  platforms: () => readonly PlatformDriver[],
): ResolvedOptions {
  const { publicUrl } = options
  return {
    ...options,
    publicUrl: typeof publicUrl === 'function' ? publicUrl : () => publicUrl,
    platforms: options.platforms ?? platforms(),
    verifyCaller: options.verifyCaller ?? (async () => undefined),
    trustedProxies: options.trustedProxies ?? [],
    limits: { ...defaultLimits, ...options.limits },
  }
}
