import { type Edge, edgeOf } from './edge.js'
import { closedError } from './failures.js'
import { createLiveThread } from './live/live-thread.js'
import { Room } from './live/room.js'
import { createHttp } from './rest/http.js'
import { createRest } from './rest/rest.js'
import { Connection } from './socket/connection.js'
import { deliver } from './socket/frames.js'
import { tokenReader } from './token.js'
import type { ThreadsClient, ThreadsClientOptions } from './types.js'

/** A client whose world is given, for tests. */
export function openThreadsClient(options: ThreadsClientOptions, edge: Edge): ThreadsClient {
  const origin = (options.url ?? '').replace(/\/+$/, '')
  const readToken = tokenReader(options.token)
  // WHY: a cookie goes to another origin only when it is all there is; such answers need a CORS header more.
  const hasToken = options.token !== undefined
  const rooms = new Map<string, { room: Room; followers: number }>()
  let isClosed = false

  const rest = createRest(
    createHttp({
      edge,
      base: origin + (options.prefix ?? '/acp'),
      readToken,
      credentials: hasToken ? 'same-origin' : 'include',
      isClosed: () => isClosed,
    }),
  )
  const connection = new Connection({
    edge,
    url: origin + (options.namespace ?? '/'),
    path: options.socketPath ?? '/socket.io',
    transports: options.transports ?? ['websocket', 'polling'],
    readToken,
    withCredentials: !hasToken,
    onFrame: (name, payload) => deliver(name, payload, (id) => rooms.get(id)?.room.frames),
  })

  const enter = (id: string) => {
    const known = rooms.get(id)
    // One that is over stays so: whoever asks anew may have been let in again.
    if (known && !known.room.sync.isOver) return known
    const entered = { room: new Room(id, { edge, rest, connection }), followers: 0 }
    rooms.set(id, entered)
    connection.open()
    entered.room.start()
    return entered
  }
  const leave = (id: string, entry: { room: Room; followers: number }) => {
    entry.followers -= 1
    // WHY not at once: a view that is taken down and put up again in one turn keeps its thread.
    queueMicrotask(() => {
      if (entry.followers > 0) return
      const isCurrent = rooms.get(id) === entry
      if (isCurrent) rooms.delete(id)
      entry.room.dispose({ leaves: isCurrent })
    })
  }

  return {
    ...rest,
    openThread: (id) => {
      if (isClosed) throw closedError('the client')
      const entry = enter(id)
      entry.followers += 1
      return createLiveThread(entry.room, rest, () => leave(id, entry))
    },
    connection: () => connection.state,
    onConnection: (listener) => connection.onChange(listener),
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const { room } of rooms.values()) {
        room.sync.end('refused', closedError('the client'))
        room.dispose({ leaves: false })
      }
      rooms.clear()
      connection.close()
    },
  }
}

/**
 * Makes a client of a threads server, for browsers and for Node. It connects when the first thread is opened; close it
 * when it is not needed any more.
 *
 * ```ts
 * const client = createThreadsClient({ url: 'https://rooms.example', token: () => session.token })
 * const thread = client.openThread('th_42')
 * thread.subscribe(() => render(thread.snapshot().timeline))
 * await thread.send('Hello')
 * ```
 */
export function createThreadsClient(options: ThreadsClientOptions = {}): ThreadsClient {
  return openThreadsClient(options, edgeOf({ fetch: options.fetch }))
}
