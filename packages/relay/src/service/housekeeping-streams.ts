import type { StreamId } from '@parley/kernel/ids'
import { changesStream } from './changes.js'
import type { RelayDeps } from './deps.js'
import { botStream } from './inbound/received.js'

/** Events that are kept: what a page of operators can look back on. */
const keptOfBot = 10_000
const keptChanges = 100_000

/** Streams that are looked at together, and rounds of that in one run. */
const [atOnce, mostRounds] = [200, 50]

/** What every instance has taken: frames hold what people wrote, so they are forgotten. */
export async function trimInstances({ ground, store }: RelayDeps, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < mostRounds && !signal.aborted; round++) {
    const streams = await store.instances.listTrimmable(atOnce)
    for (const { stream, before } of streams) {
      if (signal.aborted) return
      await ground.log.trim(stream, before)
    }
    const ops = streams.map(({ before, ...key }) => store.instances.trimmed(key, before))
    if (ops.length > 0) await ground.log.commit({ ops, appends: [] })
    if (streams.length < atOnce) return
  }
}

/** What bots got and what was changed, but the newest. */
export async function trimHistories(deps: RelayDeps, signal: AbortSignal): Promise<void> {
  const bots = await deps.store.bots.list()
  for (const bot of bots) {
    if (signal.aborted) return
    await trimTo(deps, botStream(bot), keptOfBot)
  }
  await trimTo(deps, changesStream, keptChanges)
}

async function trimTo({ ground }: RelayDeps, stream: StreamId, kept: number): Promise<void> {
  const { head, first } = await ground.log.read(stream, { after: 0, limit: 1 })
  if (head - first + 1 > kept) await ground.log.trim(stream, head - kept + 1)
}
