import { systemClock } from '@parley/kernel/ids'
import { httpUrl } from '../../protocol/index.js'
import { RelayCallError } from '../call-error.js'
import { type GatewayCredential, mintToken } from '../mint.js'
import { type CallEdge, call } from './call.js'

/** Which messages of a platform are for this gateway (contract 8.4). What is set replaces all that was. */
export type Policy = {
  platform: string
  /** Only what mentions or answers the bot. */
  requireAddress: boolean
  /** Chats where everything counts. */
  freeResponseScopes?: readonly string[]
  allowOtherBots?: boolean
}

/** Sets policies, one call for each platform; nothing is sent for none. Answers those that failed. */
export async function setPolicies(
  options: GatewayCredential & CallEdge & { url: string; policies: readonly Policy[] },
): Promise<{ platform: string; error: RelayCallError }[]> {
  const failures: { platform: string; error: RelayCallError }[] = []
  for (const {
    platform,
    requireAddress,
    freeResponseScopes = [],
    allowOtherBots = false,
  } of options.policies) {
    try {
      await call(options, {
        url: httpUrl(options.url, '/relay/policy'),
        token: mintToken(options, options.clock ?? systemClock),
        body: { platform, requireAddress, freeResponseScopes, allowOtherBots },
      })
    } catch (error) {
      if (!(error instanceof RelayCallError)) throw error
      failures.push({ platform, error })
    }
  }
  return failures
}
