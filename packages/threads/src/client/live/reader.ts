// What a thread asks the server for, to be loaded and to stay complete.
import { clientEvents, type Run, type Thread, type ThreadMember } from '../../protocol/index.js'
import { placeOf, readJoinAnswer } from '../received.js'
import type { Rest } from '../rest/rest.js'
import type { Connection } from '../socket/connection.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { AnyThreadEvent } from '../types.js'

/** Events of one look back. */
const pageSize = 50
/** Events of one look for what is missing; the server's own bound. */
const fillSize = 500

/** Some of the newest events before a place, oldest first. */
export type Look = { events: readonly AnyThreadEvent[]; hasOlder: boolean }

/** Who and what is in the thread beside its events. `runs`: those that go on. */
export type Surroundings = { thread: Thread; members: readonly ThreadMember[]; runs: readonly Run[] }

export class Reader {
  readonly #rest: Rest
  readonly #connection: Connection
  readonly #id: string

  constructor(rest: Rest, connection: Connection, threadId: string) {
    this.#rest = rest
    this.#connection = connection
    this.#id = threadId
  }

  /** The newest events, or the newest before `oldest`. */
  async look(oldest?: AnyThreadEvent): Promise<Look> {
    const cursor = oldest && { created_at: oldest.created_at, id: oldest.id }
    const page = await this.#rest.listEvents(this.#id, { order: 'desc', limit: pageSize, cursor })
    const events = page.items.toSorted((a, b) => a.seq - b.seq)
    // A server that knows no order answers the oldest: nothing is before, and what follows comes with joining.
    const isAscending = events.length > 1 && events[0] === page.items[0]
    return { events, hasOlder: page.next_cursor !== null && !isAscending }
  }

  /** A page of what follows an event. */
  async lookAfter(newest: AnyThreadEvent | undefined): Promise<readonly AnyThreadEvent[]> {
    const afterSeq = newest?.seq ?? 0
    return (await this.#rest.listEvents(this.#id, { order: 'asc', limit: fillSize, afterSeq })).items
  }

  /** Enters the room. Answers what follows `newest`, and whether there is more. */
  async join(newest: AnyThreadEvent | undefined) {
    const since = newest && placeOf(newest)
    const payload = { thread_id: this.#id, ...(since && { since }) }
    const answer = readJoinAnswer(await this.#connection.ask(clientEvents.join, payload))
    return { events: answer.replayed, isTruncated: answer.replay_truncated && answer.replayed.length > 0 }
  }

  async surroundings(): Promise<Surroundings> {
    const [thread, members, runs] = await Promise.all([
      this.#rest.getThread(this.#id),
      this.#rest.listMembers(this.#id),
      this.#activeRuns(),
    ])
    return { thread, members, runs }
  }

  async #activeRuns(): Promise<readonly Run[]> {
    try {
      return await this.#rest.listRuns(this.#id, { active: true })
    } catch (error) {
      // Older servers have no such route.
      if (error instanceof ThreadsClientError && (error.status === 404 || error.status === 405)) return []
      throw error
    }
  }

  /** A run as it stands, or nothing when it is not there any more. */
  async run(id: string): Promise<Run | undefined> {
    try {
      return await this.#rest.getRun(id)
    } catch (error) {
      if (error instanceof ThreadsClientError && error.code === 'not_found') return undefined
      throw error
    }
  }
}
