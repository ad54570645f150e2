// Newest number and time of each stream, kept by the only writer. Nothing else asks the table for them.
import type { Connection } from '../../db/sqlite/connection.js'

// LIMIT: past it the map begins anew between two batches.
const maxStreams = 100_000

/** Where a stream stands. `id` is its row in `streams`. */
export type Head = { readonly id: number; head: number; at: number }

/** Heads of streams within the writer's transactions. */
export type Heads = {
  /** The stream's head, when it exists. */
  find(stream: string): Head | undefined
  /** Gives out `count` numbers of a stream, which is made when it is new. */
  take(stream: string, count: number, now: number): { id: number; firstSeq: number; firstAt: number }
  /** Remembers from here on what `undo` restores, until `release`. */
  mark(): void
  undo(): void
  release(): void
  /** Writes one row for each stream that moved. */
  flush(): void
  /** Drops what is known: after a rollback, and when rows changed behind the map. */
  forget(): void
  forgetStream(stream: string): void
}

/** Heads over the `streams` table. */
export function createHeads(connection: Connection): Heads {
  const select = connection.prepare('select id, head, at from streams where name = ?').raw(true)
  const insert = connection.prepare('insert into streams (name, head, at) values (?, 0, 0)')
  const update = connection.prepare('update streams set head = ?, at = ? where id = ?')
  const known = new Map<string, Head>()
  const moved = new Set<Head>()
  // Steps back to the mark; none is kept outside of a savepoint.
  let undo: (() => void)[] | undefined

  const find = (stream: string): Head | undefined => {
    const head = known.get(stream)
    if (head) return head
    // Columns of the statement above.
    const row = select.all([stream])[0] as [number, number, number] | undefined
    return row && keep(stream, { id: row[0], head: row[1], at: row[2] })
  }
  const keep = (stream: string, head: Head): Head => {
    known.set(stream, head)
    return head
  }
  const make = (stream: string): Head => {
    const id = Number(insert.run([stream]).lastInsertRowid)
    undo?.push(() => known.delete(stream))
    return keep(stream, { id, head: 0, at: 0 })
  }
  const remember = (entry: Head) => {
    if (!undo) return
    const { head, at } = entry
    const hadMoved = moved.has(entry)
    undo.push(() => {
      Object.assign(entry, { head, at })
      if (!hadMoved) moved.delete(entry)
    })
  }
  return {
    find,
    take: (stream, count, now) => {
      const entry = find(stream) ?? make(stream)
      remember(entry)
      const firstSeq = entry.head + 1
      const firstAt = Math.max(now, entry.at + 1)
      entry.head += count
      entry.at = firstAt + count - 1
      moved.add(entry)
      return { id: entry.id, firstSeq, firstAt }
    },
    mark: () => {
      undo = []
    },
    undo: () => {
      for (const step of undo?.reverse() ?? []) step()
      undo = undefined
    },
    release: () => {
      undo = undefined
    },
    flush: () => {
      for (const { id, head, at } of moved) update.run([head, at, id])
      moved.clear()
      if (known.size > maxStreams) known.clear()
    },
    forget: () => {
      known.clear()
      moved.clear()
      undo = undefined
    },
    forgetStream: (stream) => void known.delete(stream),
  }
}
