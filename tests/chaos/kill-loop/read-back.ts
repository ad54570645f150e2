import type { Ground } from '@parley/kernel/ground'
import type { StoredEvent } from '@parley/kernel/log'
import { type Body, streams } from './plan.js'

/** An event as it was found after the crash. */
export type Found = { event: StoredEvent; body: Body }

/** Every event of every stream, in the order of reading. */
export async function readBack({ log }: Ground): Promise<Map<string, Found[]>> {
  const entries = await Promise.all(
    streams.map(async (stream) => [stream, await readStream(log, stream)] as const),
  )
  return new Map(entries)
}

async function readStream(log: Ground['log'], stream: string): Promise<Found[]> {
  const found: Found[] = []
  for (;;) {
    const { events } = await log.read(stream, { after: found.length, limit: 5_000 })
    if (events.length === 0) return found
    found.push(...events.map((event) => ({ event, body: JSON.parse(event.body) as Body })))
  }
}
