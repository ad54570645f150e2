import type { StoredEvent } from '@parley/kernel/log'
import type { ThreadEvent } from '../../protocol/index.js'
import type { RunRow, ThreadRow } from '../../store/port.js'
import { createWaiting } from '../decisions/waiting.js'
import type { ThreadsDeps } from '../deps.js'
import { toWireEvent } from '../events.js'
import { toMember, toRun, toThread } from '../objects.js'
import { backwards } from '../walk.js'
import type { AssistantAnalytics, HandlerContext } from './handler.js'
import { withoutFaults } from './own-faults.js'
import type { RunClock } from './run-clock.js'

type ContextParts = {
  thread: ThreadRow
  run: RunRow
  signal: AbortSignal
  limit: RunClock
  analytics: AssistantAnalytics
  invoke: HandlerContext['invoke']
}

/** What the handler of a run is given. */
export function createContext(deps: ThreadsDeps, parts: ContextParts): HandlerContext {
  const { thread, run, signal, limit, analytics, invoke } = parts
  return {
    thread: toThread(thread),
    run: { ...toRun(run), status: 'running' },
    assistant: run.assistant,
    events: (options = {}) => withoutFaults(deps, () => history(deps, thread.id, options)),
    members: () => withoutFaults(deps, async () => (await deps.store.listMembers(thread.id)).map(toMember)),
    invoke: (assistantId) => withoutFaults(deps, () => invoke(assistantId)),
    ...createWaiting(deps, { run, signal, limit }),
    analytics,
    signal,
  }
}

/** Newest first, until there are enough; a handler that wants all gets all. */
async function history(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  { limit = Number.POSITIVE_INFINITY, types }: { limit?: number; types?: readonly string[] },
): Promise<ThreadEvent[]> {
  if (!(limit > 0)) return []
  const most = Math.max(1, Math.trunc(limit))
  const newest: StoredEvent[] = []
  for await (const event of backwards({ log, threadId, wanted: types ? Number.POSITIVE_INFINITY : most })) {
    if (!types || types.includes(event.type)) newest.push(event)
    if (newest.length === most) break
  }
  return newest.toReversed().map(toWireEvent)
}
