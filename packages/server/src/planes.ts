import { createHandshake, type Handshake } from '@parley/handshake'
import type { Ground } from '@parley/kernel/ground'
import { createThreads, type Threads } from '@parley/threads'
import type { ActAsTokens } from './auth/act-as-tokens.js'
import type { Authenticator } from './auth/authenticate.js'
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
  onFault: OnFault
}

/** The planes of a server. */
export type Planes = { handshake: Handshake; threads: Threads }

/** Opens the planes on one ground. */
export function openPlanes({ ground, config, authenticate, tokens, publicUrl, onFault }: Options): Planes {
  const { webhookAddresses } = config
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
  return { handshake, threads }
}

/** Ends all of them, also when one fails to. */
export async function stopPlanes({ handshake, threads }: Planes): Promise<void> {
  const ended = await Promise.allSettled([handshake.stop(), threads.stop()])
  for (const one of ended) if (one.status === 'rejected') throw one.reason
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
