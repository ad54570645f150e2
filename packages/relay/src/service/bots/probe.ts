import { isParleyError } from '@parley/kernel/errors'
import { relayErrors } from '../../errors.js'
import type { PlatformBot } from '../../platforms/port.js'
import type { RelayDeps } from '../deps.js'

const withinMs = 15_000

/**
 * Asks the platform who a bot is, and stops the bot again. Throws `relay.credential_refused` when the platform does not know the
 * credential, and `relay.unavailable` when it does not answer.
 */
export async function probe(
  { ground, onFault }: RelayDeps,
  bot: PlatformBot,
): Promise<{ botId: string; username: string | null }> {
  const late = new AbortController()
  const silent = relayErrors.unavailable({ message: 'the platform did not answer' })
  const stopTimer = ground.clock.after(withinMs, () => late.abort(silent))
  const tooLate = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () => reject(silent), { once: true })
  })
  try {
    return await Promise.race([bot.check(late.signal), tooLate])
  } catch (error) {
    // What a fault says may hold an address with a credential.
    throw isParleyError(error) ? error : relayErrors.unavailable({ message: silent.message, cause: error })
  } finally {
    stopTimer()
    await bot.stop().catch((error) => onFault(error, 'relay.bots'))
  }
}
