import { RelayCallError } from '../call-error.js'
import { type CallEdge, call } from './call.js'

/** Where the token comes from that proves whose a gateway is (contract 8.2). Asked anew for every call. */
export type IdentityToken = string | (() => Promise<string>)

export type ClientCredentials = { tokenUrl: string; clientId: string; clientSecret: string; scope?: string }

/** Tokens of an OAuth2 provider, by client credentials. */
export function clientCredentials(
  credentials: ClientCredentials,
  edge: CallEdge = {},
): () => Promise<string> {
  return async () => {
    const { tokenUrl, clientId, clientSecret, scope } = credentials
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope && { scope }),
    })
    const { access_token: token } = await call(edge, { url: tokenUrl, body })
    if (typeof token === 'string' && token) return token
    throw new RelayCallError(502, 'the identity provider answered without a token')
  }
}

export const readIdentityToken = async (token: IdentityToken): Promise<string> =>
  typeof token === 'string' ? token : token()
