// The baseline: a bare Socket.IO server that emits to its rooms.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Server } from 'socket.io'
import { serve } from '../http/serve.js'
import { createSending } from '../lib/sending.js'
import { words } from './words.js'

const sending = createSending()
const maxWaiting = 256
let io: Server | undefined
let rooms: string[] = []
let kept: object[] = []
const counts = new Map<string, number>()

export const role = {
  /** Serves rooms by these names; sockets join by `thread:join`. */
  async start({ threads }: { threads: number }) {
    rooms = Array.from({ length: threads }, (_, n) => `th_${String(n).padStart(32, '0')}`)
    const { server, port } = await serve()
    io = new Server(server)
    io.on('connection', (socket) => {
      socket.on(
        'thread:join',
        ({ thread_id }: { thread_id: string }, acknowledge: (answer: object) => void) => {
          void socket.join(`thread:${thread_id}`)
          acknowledge({ thread_id, replayed: kept, replay_truncated: false })
        },
      )
    })
    return { port, threads: rooms }
  },
  /** One event after the other, room after room, as fast as the sockets take them, until `stopSending`. */
  async saturate() {
    await sending.run(async () => {
      for (let next = 0; sending.isOn; next++) {
        emit(rooms[next % rooms.length]!)
        await nextTurn()
        while (isFull()) await sleep(1)
      }
    })
  },
  /** Every join answers so many events from now on. */
  async fill({ count }: { count: number }) {
    kept = Array.from({ length: count }, (_, n) => eventOf(rooms[0]!, n + 1))
  },
  async stopSending() {
    sending.stop()
  },
  async close() {
    await io?.close()
  },
}

function emit(room: string): void {
  const seq = (counts.get(room) ?? 1_000_000) + 1
  counts.set(room, seq)
  io!.to(`thread:${room}`).emit('event', eventOf(room, seq))
}

/** As large as one of the plane's, with the same members. */
const eventOf = (room: string, seq: number) => ({
  id: 'evt_0123456789abcdef0123456789abcdef',
  thread_id: room,
  type: 'message',
  seq,
  created_at: '2026-01-01T00:00:00.000000Z',
  run_id: null,
  author: { role: 'user', id: 'm0', name: 'm0', metadata: {} },
  metadata: {},
  client_id: null,
  recipients: null,
  content: [{ type: 'text', text: words() }],
})

/** True when a socket has not taken what was sent to it before. */
function isFull(): boolean {
  // The cast: what waits in the engine has no public name.
  for (const socket of io!.sockets.sockets.values())
    if ((socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length > maxWaiting) return true
  return false
}
