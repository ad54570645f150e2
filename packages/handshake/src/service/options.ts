import type { Ground, GroundOptions } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import {
  defaultLifetime,
  defaultLimits,
  defaultRates,
  type Limits,
  type Rates,
  type Validator,
} from '../protocol/index.js'
import type { BrowserAuth } from './caller.js'
import type { HookFunctions } from './hooks.js'
import type { ModeHandlers } from './modes/handler.js'

/** Everything `createHandshake` can be told; all of it is optional. */
export type HandshakeOptions = {
  /** What the plane stands on. Default: SQLite in memory, of its own. Closed by `stop` only when the plane opened it. */
  ground?: Ground
  /** Opens a ground of its own: `:memory:`, a directory, or a `postgres://` URL. Ignored when `ground` is given. */
  database?: GroundOptions['database']
  /** Of the ground opened for `database`. */
  bus?: GroundOptions['bus']

  /** Path of the routes. Default `/handshake`; a trailing slash is dropped. */
  prefix?: string
  /** Path of the sockets. Default `/ws/handshake`. */
  wsPrefix?: string
  /** Answers under `/handshake` as well when `prefix` is another, for agents that know no other. Default true. */
  compatPrefix?: boolean
  /** Origin under which pages reach this server, for the origin check behind proxies. Default: the request's own. */
  publicUrl?: string

  /** Seconds a handshake lives without a call. Default 1800. */
  ttlSeconds?: number
  /** Seconds a handshake lives at the most, extensions included. Default 604800. */
  maxLifetimeSeconds?: number
  /** Counted calls (`context`, `action`, `diff`) a minute and handshake. Default 60. Short for `rates.agent`. */
  rateLimitPerMinute?: number
  /** The other rates, a minute each. */
  rates?: Partial<Rates>
  /** Sizes and counts. */
  limits?: Partial<Limits>
  /** Seconds without a frame from a socket until it gets a `heartbeat`. Default 60. */
  heartbeatSeconds?: number
  /** Milliseconds a socket without a token may take to send one as its first frame. Default 1500; 5000 with the subprotocol `hpp.auth`. */
  authFrameMs?: number
  /** Seconds between sweeps for handshakes that have ended. Default 300. */
  sweepSeconds?: number
  /** Seconds an ended handshake stays readable to its owner. Default 86400. */
  keepEndedSeconds?: number

  /** Replaces the table of types; gets the field definition, too. A string is the refusal's message. */
  validator?: Validator
  /** Checks elements of `array<T>`. Default false. */
  strictArrays?: boolean
  /** What happens to keys that no field defines. Default `accept`. */
  unknownKeys?: 'accept' | 'reject'
  /** A user who clears a field gives it back to the agent. Default false. */
  releaseOnClear?: boolean

  /** Handlers by mode, laid over the built-in ones. */
  modeHandlers?: ModeHandlers
  /** `0.1` treats every mode without a handler of its own as form-fill. Default `0.2`. */
  modes?: '0.1' | '0.2'
  /** A schema without a handler for the mode means form-fill. Default true. */
  schemaImpliesForm?: boolean
  /** Refuses modes without a handler. Default false. */
  strictModes?: boolean

  /** Approves browser calls that come without the browser key. */
  requireBrowserAuth?: BrowserAuth
  /** Leaves `notify` on the plain path open to whoever knows the id, as the original does. Default false. */
  legacyNotify?: boolean
  /** What a socket on the plain path may do. Default `read-only`; `legacy` lets it send user edits. */
  plainSocket?: 'read-only' | 'deny' | 'legacy'
  /** Agent routes answer only to a claimed credential. Default false. */
  requireClaim?: boolean
  /** `deny` ignores `?token=` on HTTP routes. Default `allow`. */
  queryToken?: 'allow' | 'deny'
  /** Other origins whose pages may use the browser routes and sockets. */
  allowedOrigins?: readonly string[]
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. Default none. */
  trustedProxies?: readonly string[]
  /** Tells who is signed in to the service. With it, creating a handshake needs a principal. */
  authenticate?: (
    request: Request,
    remoteAddress: string,
  ) => Promise<Principal | undefined> | Principal | undefined

  /** Hooks, beside those registered with `onCreateSession` and its like. */
  hooks?: {
    onCreateSession?: HookFunctions['createSession']
    onAction?: HookFunctions['action']
    onDone?: HookFunctions['done']
    onExtend?: HookFunctions['extend']
    onAudit?: HookFunctions['audit']
  }
  /** Told of faults: errors that are nobody's request. Default: they are written to standard error. */
  onFault?: (error: unknown, where: string) => void
}

const defaults = {
  prefix: '/handshake',
  wsPrefix: '/ws/handshake',
  compatPrefix: true,
  ttlSeconds: defaultLifetime.ttlSeconds,
  maxLifetimeSeconds: defaultLifetime.maxLifetimeSeconds,
  heartbeatSeconds: 60,
  authFrameMs: 1500,
  sweepSeconds: 300,
  keepEndedSeconds: 86_400,
  strictArrays: false,
  unknownKeys: 'accept',
  releaseOnClear: false,
  modes: '0.2',
  schemaImpliesForm: true,
  strictModes: false,
  legacyNotify: false,
  plainSocket: 'read-only',
  requireClaim: false,
  queryToken: 'allow',
  allowedOrigins: [],
  trustedProxies: [],
} satisfies Partial<HandshakeOptions>

/** Options with their defaults filled in. */
export type ResolvedOptions = Omit<HandshakeOptions, keyof typeof defaults | 'limits' | 'rates'> &
  Required<Pick<HandshakeOptions, keyof typeof defaults>> & { limits: Limits; rates: Rates }

export function resolveOptions(options: HandshakeOptions): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  // Limits and rates are filled in below; the rest is complete now.
  const merged = { ...defaults, ...given } as unknown as ResolvedOptions
  const agent = options.rateLimitPerMinute ?? options.rates?.agent ?? defaultRates.agent
  return {
    ...merged,
    prefix: merged.prefix.replace(/\/+$/, ''),
    wsPrefix: merged.wsPrefix.replace(/\/+$/, ''),
    limits: { ...defaultLimits, ...options.limits },
    rates: { ...defaultRates, ...options.rates, agent },
  }
}
