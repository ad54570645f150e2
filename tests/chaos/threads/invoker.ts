import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Asker, ask, succeeded } from './ask.js'
import type { Invoked, ListedRun } from './evidence.js'

export type InvokerOptions = Asker & { name: string; threadId: string }

/** Starts assistants until told to stop, each time under a new key; some keys are used again. */
export async function invoke(
  options: InvokerOptions & { onInvoked(invoked: Invoked): void },
  signal: AbortSignal,
): Promise<void> {
  const { random, name } = options
  for (let n = 1; !signal.aborted; n++) {
    const key = `${name}-${n}`
    const assistantIds = random.pick([['echo'], ['slow'], ['slow', 'echo']])
    const sendings = random.chance(0.3) ? 2 : 1
    for (let sending = 0; sending < sendings; sending++) {
      const { runs } = succeeded<{ runs: ListedRun[] }>(await start(options, key, assistantIds))
      options.onInvoked({ key, runIds: runs.map(({ id }) => id) })
    }
    await sleep(100 + random.below(500))
  }
}

/** Too many who start an assistant at once are told to try again. */
async function start(options: InvokerOptions, key: string, assistantIds: readonly string[]): Promise<Answer> {
  const body = { assistant_ids: assistantIds, idempotency_key: key, if_active: 'queue' }
  const path = `/threads/${options.threadId}/invocations`
  for (;;) {
    const answer = await ask(options, { who: options.name, method: 'POST', path, body })
    if (answer.status !== 409 || !JSON.stringify(answer.body).includes('try again')) return answer
  }
}

/** Cancels some run that is active, now and then, until told to stop. */
export async function cancel(options: InvokerOptions, signal: AbortSignal): Promise<void> {
  const { random, name: who, threadId } = options
  while (!signal.aborted) {
    const active = await activeRuns(options, who, threadId)
    if (active.length > 0) {
      const { id } = random.pick(active)
      succeeded(await ask(options, { who, method: 'DELETE', path: `/runs/${id}` }))
    }
    await sleep(1_000 + random.below(2_000))
  }
}

/** Runs of a thread that have not ended. */
export async function activeRuns(asker: Asker, who: string, threadId: string): Promise<ListedRun[]> {
  const path = `/threads/${threadId}/runs?active=true&limit=500`
  return succeeded<{ items: ListedRun[] }>(await ask(asker, { who, path })).items
}
