// Who writes right now (contract 9, typing). Nothing of it is stored.
import { toIsoTime } from '../protocol/index.js'
import type { Caller } from './caller.js'
import { tellChanged } from './changes.js'
import type { ThreadsDeps } from './deps.js'
import { enter } from './gate.js'

/** How long a word counts. Clients repeat theirs every 3 s while somebody types. */
const countsForMs = 5_000

/** Tells the thread that the caller types. Words that come too fast are taken and not passed on. */
export async function tellTyping(deps: ThreadsDeps, caller: Caller, threadId: string): Promise<void> {
  await enter(deps, caller, threadId, 'message.send')
  if (!deps.rates.mayTellTyping(caller, threadId)) return
  const until = toIsoTime(deps.ground.clock.micros() + countsForMs * 1_000)
  tellChanged(deps, threadId, { changed: 'typing', identity_id: caller.identity.id, until })
}
