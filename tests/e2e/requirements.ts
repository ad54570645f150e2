import { handshakeRequirements } from './requirements/handshake.js'
import { relayRequirements } from './requirements/relay.js'
import type { Requirements } from './requirements/requirement.js'
import { sessionsRequirements } from './requirements/sessions.js'
import { threadsRequirements } from './requirements/threads.js'

/** Every promise of the product by id. Tests cite the ids; `requirements.test.ts` compares both sides. */
export const requirements: Requirements = {
  ...handshakeRequirements,
  ...threadsRequirements,
  ...sessionsRequirements,
  ...relayRequirements,
}
