// One Socket.IO client that joins and leaves a thread, over and over.
import { io } from 'socket.io-client'
import { closedLoop } from '../lib/closed-loop.js'

export const role = {
  /** Joins with everything missed, for `ms`. `replayed`: events of the last answer; `p50`: milliseconds of one join. */
  async resume({ port, thread, ms }: { port: number; thread: string; ms: number }) {
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token: 'm0' },
    })
    let replayed = 0
    const { p50 } = await closedLoop({
      writers: 1,
      ms,
      call: async () => {
        const answer = await socket.emitWithAck('thread:join', { thread_id: thread, since: { seq: 0 } })
        replayed = answer.replayed.length
      },
    })
    socket.disconnect()
    return { replayed, p50 }
  },
}
