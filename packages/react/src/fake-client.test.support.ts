import type {
  ConnectionState,
  ListedThread,
  ListThreadsQuery,
  LiveThread,
  ThreadSnapshot,
  ThreadsClient,
} from '@parley/threads/client'
import { ThreadsClientError } from '@parley/threads/client'
import type { MessageEvent, Run } from '@parley/threads/protocol'
import { aMessage, aThread } from './things.test.support.js'

/** One call: the name of the method, then what it was given. */
export type Call = readonly [name: string, ...given: unknown[]]

/** The server's side of one thread. */
export type FakeThread = {
  /** Changes what followers see, and tells them. */
  set(change: Partial<ThreadSnapshot>): void
  /** How many have it open. */
  readonly followers: number
}

export type FakeClient = ReturnType<typeof fakeClient>

const live: ThreadSnapshot = {
  status: 'live',
  members: [],
  runs: [],
  events: [],
  timeline: [],
  hasOlder: false,
  online: [],
  typing: [],
  reads: {},
}

/** A client whose server is the test. Everything asked of it is in `calls`. */
export function fakeClient() {
  const calls: Call[] = []
  const failures = new Map<string, unknown>()
  const rooms = new Map<string, ReturnType<typeof fakeRoom>>()
  const listeners = new Set<() => void>()
  const threads: ListedThread[] = []
  const runs = new Map<string, Run>()
  let connection: ConnectionState = 'connected'

  const asked = async <T>(answer: T, ...call: Call): Promise<T> => {
    calls.push(call)
    const [name] = call
    if (!failures.has(name)) return answer
    const failure = failures.get(name)
    failures.delete(name)
    throw failure
  }

  const roomOf = (id: string) => {
    const room = rooms.get(id) ?? fakeRoom(id, asked, calls)
    rooms.set(id, room)
    return room
  }

  function list(query: ListThreadsQuery = {}) {
    const start = query.cursor ? threads.findIndex(({ id }) => id === query.cursor?.id) + 1 : 0
    const items = threads.slice(start, start + (query.limit ?? 50))
    const last = items.at(-1)
    const hasMore = last !== undefined && threads.at(-1) !== last
    return { items, next_cursor: hasMore ? { created_at: last.created_at, id: last.id } : null }
  }

  const client: Partial<ThreadsClient> = {
    listThreads: (query) => asked(list(query), 'listThreads', query),
    createThread: (draft) => {
      const thread = aThread(`th_${threads.length + 1}`, draft)
      threads.unshift(thread)
      return asked(thread, 'createThread', draft)
    },
    getRun: async (runId) => {
      const run = runs.get(runId)
      if (run) return asked(run, 'getRun', runId)
      throw new ThreadsClientError('not_found', 'run not found', { status: 404 })
    },
    cancelRun: (runId) => asked(undefined, 'cancelRun', runId),
    openThread: (id) => roomOf(id).open(),
    connection: () => connection,
    onConnection(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  return {
    // The cast: what the package never calls is not there.
    client: client as ThreadsClient,
    calls,
    threads,
    runs,
    /** The next call of `name` rejects. */
    fail: (name: string, error: unknown) => void failures.set(name, error),
    callsOf: (name: string) => calls.filter(([called]) => called === name).map(([, ...given]) => given),
    thread: (id: string): FakeThread => roomOf(id),
    setConnection(state: ConnectionState): void {
      connection = state
      for (const listener of listeners) listener()
    },
  }
}

type Asked = <T>(answer: T, ...call: Call) => Promise<T>

function fakeRoom(id: string, asked: Asked, calls: Call[]) {
  const listeners = new Set<() => void>()
  const open = new Set<LiveThread>()
  let snapshot = live
  const message: MessageEvent = aMessage('sent').event

  const actions: Omit<LiveThread, 'id' | 'snapshot' | 'subscribe' | 'close'> = {
    send: (...given) => asked(message, 'send', ...given),
    retry: (...given) => asked(message, 'retry', ...given),
    answerForm: (...given) => asked(message, 'answerForm', ...given),
    edit: (...given) => asked(undefined, 'edit', ...given),
    remove: (...given) => asked(undefined, 'remove', ...given),
    approve: (...given) => asked(undefined, 'approve', ...given),
    reject: (...given) => asked(undefined, 'reject', ...given),
    invoke: (...given) => asked({ runs: [], reused: [] }, 'invoke', ...given),
    cancelRun: (...given) => asked(undefined, 'cancelRun', ...given),
    loadOlder: () => asked(undefined, 'loadOlder'),
    markRead: (...given) => asked(undefined, 'markRead', ...given),
    discard: (clientId) => void calls.push(['discard', clientId]),
    typing: () => void calls.push(['typing']),
  }

  return {
    set(change: Partial<ThreadSnapshot>): void {
      snapshot = { ...snapshot, ...change }
      for (const listener of listeners) listener()
    },
    get followers() {
      return open.size
    },
    open(): LiveThread {
      const thread: LiveThread = {
        id,
        ...actions,
        snapshot: () => snapshot,
        subscribe(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
        close: () => void open.delete(thread),
      }
      open.add(thread)
      return thread
    },
  }
}
