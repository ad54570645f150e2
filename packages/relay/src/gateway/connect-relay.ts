import { enroll, provision } from './control/enrol.js'
import { clientCredentials, type IdentityToken } from './control/identity-token.js'
import type { GatewaySettings } from './environment.js'
import type { GatewayCredential } from './mint.js'
import {
  type WebSocketTransport,
  type WebSocketTransportOptions,
  webSocketTransport,
} from './web-socket-transport.js'

export type ConnectRelayOptions = Omit<
  WebSocketTransportOptions,
  'url' | 'gatewayId' | 'secret' | 'identities'
> & {
  /** Proves whose this gateway is. Default: the client credentials of the settings. */
  identityToken?: IdentityToken
}

/**
 * A transport for what `gatewayFromEnv` read: with the secret it names, or one that is enrolled or provisioned for now. The
 * secret stays in memory. Throws a `RelayCallError`, or an error that says what is missing. Not yet connected.
 */
export async function connectRelay(
  settings: GatewaySettings,
  options: ConnectRelayOptions = {},
): Promise<WebSocketTransport> {
  const credential = await credentialOf(settings, options)
  return webSocketTransport({
    ...options,
    ...credential,
    url: settings.url,
    identities: settings.identities,
  })
}

async function credentialOf(
  settings: GatewaySettings,
  options: ConnectRelayOptions,
): Promise<GatewayCredential> {
  const { gatewayId, secret, enrollmentToken } = settings
  // What is configured is not asked for.
  if (secret) return { gatewayId, secret }
  const identityToken =
    options.identityToken ??
    (settings.clientCredentials && clientCredentials(settings.clientCredentials, options))
  if (identityToken === undefined) throw new Error('a relay secret or a source of identity tokens is needed')
  const asked = { ...settings, identityToken, fetch: options.fetch, clock: options.clock }
  if (enrollmentToken) return pick(await enroll({ ...asked, enrollmentToken }))
  const { credential, failures } = await provision(asked)
  for (const { platform, error } of failures)
    options.report?.(`${platform} was not provisioned: ${error.message}`)
  if (credential) return pick(credential)
  throw failures[0]?.error ?? new Error('no platform is configured to be provisioned')
}

const pick = ({ gatewayId, secret }: GatewayCredential): GatewayCredential => ({ gatewayId, secret })
