import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { createHandshake, type Handshake } from '@parley/handshake'
import type { Ground } from '@parley/kernel/ground'
import { createRelay, type Relay, type RelayOptions } from '@parley/relay'
import { createSessions, type Sessions } from '@parley/sessions'
import { localRuntime } from '@parley/sessions/runtimes'
import { createThreads, type Threads } from '@parley/threads'
import { agentTemplates } from './agents/templates.js'
import type { ActAsTokens } from './auth/act-as-tokens.js'
import type { Authenticator } from './auth/authenticate.js'
import { relayCallers } from './auth/relay-callers.js'
import { createSessionsAuthenticate } from './auth/sessions-caller.js'
import { createThreadsAuthenticate } from './auth/threads-caller.js'
import type { Config } from './config/schema.js'
import { registerDemoAssistants } from './demo-assistants/register.js'
import type { OnFault } from './ground.js'

/** A socket whose key or token has ended since is closed after this long at the latest. */
const revalidateSeconds = 60

type Options = {
  ground: Ground
  config: Config
  authenticate: Authenticator
  tokens: ActAsTokens
  publicUrl(): string
  /** What the relay seals with; undefined where nothing is kept. */
  relayKey: string | undefined
  onFault: OnFault
}

/** The planes of a server. */
export type Planes = { handshake: Handshake; threads: Threads; sessions: Sessions; relay: Relay }

/** Opens the planes on one ground. */
export function openPlanes(options: Options): Planes {
  const { ground, config, authenticate, tokens, publicUrl, onFault } = options
  const { webhookAddresses } = config
  // Before anything is open: a file that does not fit ends the start.
  const agents = agentTemplates(config)
  const handshake = createHandshake({ ground, onFault, ...handshakeOptions(config, authenticate) })
  const threads = createThreads({
    ground,
    onFault,
    authenticate: createThreadsAuthenticate({ authenticate, tokens }),
    revalidateSeconds,
    allowedOrigins: config.allowedOrigins,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    autoJoinAssistants: true,
    presence: true,
    webhooks: { allowPrivateAddresses: webhookAddresses.includes('*') || webhookAddresses },
  })
  if (config.demoAssistants) registerDemoAssistants(threads, { clock: ground.clock, publicUrl })
  const sessions = createSessions({
    ground,
    onFault,
    authenticate: createSessionsAuthenticate(authenticate),
    runtimes: { local: localRuntime(localOptions(config)) },
    agentTemplates: agents,
    allowedOrigins: config.allowedOrigins,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    trustedProxies: config.trustedProxies,
    allowPrivateAddresses: webhookAddresses.includes('*') || webhookAddresses,
  })
  return { handshake, threads, sessions, relay: createRelay(relayOptions(options)) }
}

/** Ends all of them, also when one fails to. */
export async function stopPlanes({ handshake, threads, sessions, relay }: Planes): Promise<void> {
  const ended = await Promise.allSettled([handshake.stop(), threads.stop(), sessions.stop(), relay.stop()])
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

function relayOptions(options: Options): RelayOptions {
  const { ground, config, authenticate, publicUrl, relayKey, onFault } = options
  const { relayAddresses, trustedProxies } = config
  return {
    ground,
    onFault,
    verifyCaller: relayCallers(config, authenticate),
    trustedProxies,
    allowPrivateAddresses: relayAddresses.includes('*') || relayAddresses,
    ...(relayKey !== undefined && { key: relayKey }),
    publicUrl: () => publicUrl() || undefined,
  }
}

/** Where agents run. A server that keeps nothing has no use for agents that outlive it. */
function localOptions({ dataDir, databaseUrl, workspaces, allowSetup }: Config) {
  const dirs = workspaces.length > 0 ? workspaces.map((one) => resolve(one)) : [process.cwd(), homedir()]
  return {
    ...(databaseUrl !== ':memory:' && { dataDir: resolve(join(dataDir, 'host')) }),
    cwd: dirs[0]!,
    roots: dirs,
    allowSetup,
  }
}

function handshakeOptions(config: Config, authenticate: Authenticator) {
  const common = {
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    trustedProxies: config.trustedProxies,
    ttlSeconds: config.handshakeTtlSeconds,
  }
  if (config.openCreation) return common
  return {
    ...common,
    authenticate: async (request: Request, remoteAddress: string) => {
      const principal = await authenticate({ request, remoteAddress })
      return principal && hasCreateScope(principal.scopes) ? principal : undefined
    },
  }
}

const hasCreateScope = (scopes: readonly string[]) =>
  scopes.some((scope) => ['*', 'handshake:*', 'handshake:create'].includes(scope))
