import { isParleyError } from '@parley/kernel/errors'
import { relayErrors } from '../../errors.js'
import type { BotHealth, OpenBotOptions, PlatformBot, PlatformDriver } from '../../platforms/port.js'
import type { BotRow } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import { credentialContext } from './keys.js'

/** A driver by its name. Throws `relay.platform_unknown`. */
export function driverOf({ options }: RelayDeps, name: string): PlatformDriver {
  const driver = options.platforms.find((one) => one.name === name)
  if (!driver) throw relayErrors.platformUnknown()
  return driver
}

/** What a driver is lent besides the bot's own. */
export const lent = ({
  ground,
  onFault,
}: RelayDeps): Pick<OpenBotOptions, 'clock' | 'ids' | 'log' | 'onFault'> => ({
  clock: ground.clock,
  ids: ground.ids,
  log: ground.log,
  onFault,
})

/** Opens a bot as its row says. Throws what the driver refuses. */
export function openRow(deps: RelayDeps, row: BotRow): PlatformBot {
  const { platform, botId, label, settings } = row
  const credentials = unsealed(deps, row)
  return driverOf(deps, row.driver).open({ platform, botId, label, settings, credentials, ...lent(deps) })
}

/** Throws `relay.wrong_key` when they were sealed with another key. */
function unsealed({ sealer }: RelayDeps, row: BotRow): Record<string, string> {
  if (row.sealed === null) return {}
  try {
    return JSON.parse(sealer.open(row.sealed, credentialContext(row))) as Record<string, string>
  } catch (cause) {
    throw relayErrors.wrongKey({ cause })
  }
}

/** What people are told of a failure: refusals as they are, nothing of what a fault says. */
export function healthAfter(error: unknown, otherwise: BotHealth): BotHealth {
  if (isParleyError(error, 'relay.credential_refused')) return { state: 'refused', detail: error.message }
  return isParleyError(error) ? { ...otherwise, detail: error.message } : otherwise
}
