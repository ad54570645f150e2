import type { Log, StoredEvent } from '@parley/kernel/log'
import type { Connection } from '@parley/kernel/socket'

type Options = {
  log: Pick<Log, 'read'>
  stream: string
  connection: Connection
  /** Everything later than this is looked at. */
  after: number
  /** What the connection gets of an event. */
  frameOf(event: StoredEvent): string | undefined
  /** Stops before the next event. */
  signal: AbortSignal
}

/** Up to where it went; `first`: the oldest event that was there. */
export type Replayed = { cursor: number; first: number }

const pageSize = 100

/** Sends a connection a part of a stream's history, no faster than it reads, up to the newest event. */
export async function replay({
  log,
  stream,
  connection,
  after,
  frameOf,
  signal,
}: Options): Promise<Replayed> {
  const isWanted = () => connection.isOpen && !signal.aborted
  const replayed: Replayed = { cursor: after, first: 0 }
  for (;;) {
    const page = await log.read(stream, { after: replayed.cursor, limit: pageSize })
    replayed.first ||= page.first
    for (const event of page.events) {
      await hasRoom(connection)
      if (!isWanted()) return replayed
      const frame = frameOf(event)
      if (frame !== undefined) connection.send(frame)
      replayed.cursor = event.seq
    }
    if (!isWanted() || page.events.length === 0 || replayed.cursor >= page.head) return replayed
  }
}

/** Resolves when the connection takes more, or is closed. */
export async function hasRoom(connection: Connection): Promise<void> {
  while (connection.isOpen && connection.isCongested) await connection.drained()
}
