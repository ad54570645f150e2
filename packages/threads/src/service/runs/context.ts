import type { StoredEvent } from '@parley/kernel/log'
import type { ThreadEvent } from '../../protocol/index.js'
import type { RunRow, ThreadRow } from '../../store/port.js'
import { createWaiting } from '../decisions/waiting.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf, toWireEvent } from '../events.js'
import { toMember, toRun, toThread } from '../objects.js'
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

const pageSize = 1_000

/** Newest pages first, until there are enough; a handler that wants all gets all. */
async function history(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  { limit = Number.POSITIVE_INFINITY, types }: { limit?: number; types?: readonly string[] },
): Promise<ThreadEvent[]> {
  const found: StoredEvent[] = []
  for (let before: number | undefined; found.length < limit; ) {
    const page = await log.last(streamOf(threadId), {
      limit: pageSize,
      ...(before !== undefined && { before }),
    })
    found.unshift(...page.filter(({ type }) => !types || types.includes(type)))
    if (page.length < pageSize) break
    before = page[0]!.seq
  }
  const latest = Number.isFinite(limit) ? found.slice(-Math.max(1, limit)) : found
  return latest.map(toWireEvent)
}
