import type { Ground } from '@parley/kernel/ground'
import { type Asker, ask, succeeded } from './ask.js'
import type { ListedRun, LoggedEvent } from './evidence.js'

const pageItems = 500

/** The whole log of a thread, as REST answers it. */
export async function readLog(asker: Asker, who: string, threadId: string): Promise<LoggedEvent[]> {
  const log: LoggedEvent[] = []
  for (;;) {
    const path = `/threads/${threadId}/events?limit=${pageItems}&after_seq=${log.at(-1)?.seq ?? 0}`
    const { items } = succeeded<{ items: LoggedEvent[] }>(await ask(asker, { who, path }))
    log.push(...items)
    if (items.length < pageItems) return log
  }
}

type RunPage = { items: ListedRun[]; next_cursor: { created_at: string; id: string } | null }

/** Every run of a thread, as REST answers it. */
export async function readRuns(asker: Asker, who: string, threadId: string): Promise<ListedRun[]> {
  const runs: ListedRun[] = []
  for (let cursor = ''; ; ) {
    const path = `/threads/${threadId}/runs?limit=${pageItems}${cursor}`
    const page = succeeded<RunPage>(await ask(asker, { who, path }))
    runs.push(...page.items)
    if (!page.next_cursor) return runs
    const { created_at, id } = page.next_cursor
    cursor = `&cursor_created_at=${encodeURIComponent(created_at)}&cursor_id=${id}`
  }
}

type Tables = { outbox: { state: string; payload: string; lane: string } }

/** Deliveries of webhooks as they stand in the database. */
export function deliveries({ db }: Ground) {
  const inState = (states: readonly string[]) =>
    db.tables<Tables>().selectFrom('outbox').select('payload').where('state', 'in', states)
  return {
    /** How many are still to be sent. */
    open: async () => (await inState(['waiting', 'sending']).execute()).length,
    /** Ids of the events that were given up. */
    dead: async () => (await inState(['dead']).execute()).map(({ payload }) => payload),
  }
}
