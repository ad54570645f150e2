import { numberAt, type Turn, untilCancelled, type Word } from '../turn.js'

/** How many lines are written at once. */
const floodBatch = 200

/** Much output, none, and output that is not the protocol's. */
export const streams: Record<string, Word> = {
  chunks: {
    takes: 'N [BYTES MS]',
    does: 'answers in N pieces, each filled up to BYTES, with a pause after each',
    run: async (turn) => {
      const pauseMs = numberAt(turn, 2, 0)
      for (let n = 1; n <= numberAt(turn, 0, 10) && !turn.signal.aborted; n++) {
        await turn.say(chunk(turn, n))
        if (pauseMs > 0) await untilCancelled(turn.signal, pauseMs)
      }
      return undefined
    },
  },
  flood: {
    takes: 'N',
    does: 'answers in N pieces of 1 KiB, as fast as the pipe takes them',
    run: async (turn) => {
      const total = numberAt(turn, 0, 1000)
      for (let n = 0; n < total && !turn.signal.aborted; n += floodBatch)
        await turn.raw(lines(turn, n, Math.min(total, n + floodBatch)))
      return undefined
    },
  },
  garbage: {
    takes: '',
    does: 'writes lines that are not JSON, then answers',
    run: async (turn) => {
      await turn.raw('warning: this line is not JSON\n\n{"half":\n[1,2]\n"text"\n\u0000\u0001\n')
      await turn.say('Among the noise, an answer.')
      return undefined
    },
  },
  sleep: {
    takes: 'MS',
    does: 'answers after so many milliseconds, unless it is cancelled',
    run: async (turn) => {
      await untilCancelled(turn.signal, numberAt(turn, 0, 1000))
      if (!turn.signal.aborted) await turn.say('I slept well.')
      return undefined
    },
  },
  wait: {
    takes: '',
    does: 'does nothing until it is cancelled',
    run: async (turn) => void (await untilCancelled(turn.signal)),
  },
}

function chunk(turn: Turn, n: number): string {
  return `chunk ${n} `.padEnd(numberAt(turn, 1, 0), '.')
}

function lines(turn: Turn, from: number, to: number): string {
  let text = ''
  for (let n = from; n < to; n++) {
    const content = { type: 'text', text: `flood ${n + 1} `.padEnd(1024, '~') }
    const params = { sessionId: turn.sessionId, update: { sessionUpdate: 'agent_message_chunk', content } }
    text += `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`
  }
  return text
}
